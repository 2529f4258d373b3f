// A plan as text: per host and component what would change and why, with diffs, restarts and what users may notice.
// The same change on many hosts is one entry. Secrets are masked by the kinds that made the diffs. Pure.
import { formatDuration, plural } from '../lib/text.ts';
import type { Change, ChangeAction, Plan } from '../model/resource.ts';
import { shortList, printable } from './style.ts';
import type { Style } from './style.ts';

export interface PlanView {
  readonly style: Style;
  /** Longer diffs are cut to this many lines; undefined: whole. */
  readonly diffLines?: number;
}

export function renderPlan(plan: Plan, view: PlanView): string {
  const { style } = view;
  const lines: string[] = [];
  let component = '';
  for (const same of mergeSame(plan.changes)) {
    const [change] = same;
    if (change === undefined) continue;
    if (change.component !== component) {
      component = change.component;
      lines.push('', style.bold(component));
    }
    lines.push(...changeLines(same, change, view));
  }
  lines.push(...notes(plan, style));
  lines.push('', summaryLine(plan, style));
  return `${lines.join('\n').replace(/^\n/, '')}\n`;
}

function summaryLine(plan: Plan, style: Style): string {
  const { create, update, delete: remove, restart, run } = plan.summary;
  const total = create + update + remove + restart + run;
  if (total === 0)
    return plan.unread.length === 0 ? 'Nothing to change.' : 'Nothing to change on the hosts that answered.';
  const parts = [
    create > 0 ? style.green(`${create} to create`) : '',
    update > 0 ? style.yellow(`${update} to update`) : '',
    remove > 0 ? style.red(`${remove} to delete`) : '',
    restart > 0 ? style.blue(plural(restart, 'restart')) : '',
    run > 0 ? style.blue(`${run} to run`) : '',
  ].filter((part) => part !== '');
  const hosts = new Set(plan.changes.map(({ host }) => host)).size;
  return `Plan: ${parts.join(', ')}, on ${plural(hosts, 'host')}.`;
}

/** Lists of changes that differ by host only, in the order of the plan. */
function mergeSame(changes: readonly Change[]): readonly (readonly Change[])[] {
  const merged = new Map<string, Change[]>();
  for (const change of changes) {
    const { host: _host, ...rest } = change;
    const key = JSON.stringify(rest);
    merged.set(key, [...(merged.get(key) ?? []), change]);
  }
  // Changes of a component stay together.
  const components = [...new Set(changes.map(({ component }) => component))];
  return [...merged.values()].toSorted(
    ([a], [b]) => components.indexOf(a?.component ?? '') - components.indexOf(b?.component ?? ''),
  );
}

function changeLines(same: readonly Change[], change: Change, view: PlanView): readonly string[] {
  const { style } = view;
  const hosts = shortList(same.map(({ host }) => host));
  const reason = change.reason === '' ? '' : style.dim(` (${printable(change.reason)})`);
  const lines = [`  ${sign(change.action, style)} ${printable(change.resource)}  ${hosts}${reason}`];
  if (change.expectedOutage !== undefined) {
    const { low, high } = change.expectedOutage;
    const notice =
      high === 0 ? 'users notice nothing' : `users may notice ${formatDuration(low)} to ${formatDuration(high)}`;
    lines.push(style.dim(`      ${notice}; one member at a time`));
  }
  return [...lines, ...diffLines(change.diff, view)];
}

function sign(action: ChangeAction, style: Style): string {
  switch (action) {
    case 'create':
      return style.green('+');
    case 'update':
      return style.yellow('~');
    case 'delete':
      return style.red('-');
    case 'restart':
      return style.blue('↻');
    case 'run':
    default:
      return style.blue('▸');
  }
}

function diffLines(diff: string | undefined, view: PlanView): readonly string[] {
  if (diff === undefined || diff === '') return [];
  const { style, diffLines: most } = view;
  const all = diff.replace(/\n$/, '').split('\n');
  const shown = most === undefined ? all : all.slice(0, most);
  const painted = shown.map((line) => {
    const text = `      ${printable(line)}`;
    if (line.startsWith('+')) return style.green(text);
    return line.startsWith('-') ? style.red(text) : style.dim(text);
  });
  const rest = all.length - shown.length;
  return rest > 0 ? [...painted, style.dim(`      … ${plural(rest, 'more line')}`)] : painted;
}

function notes(plan: Plan, style: Style): readonly string[] {
  const lines: string[] = [];
  if (plan.notApplicable.length > 0) {
    lines.push('', style.bold('Not applicable here'));
    const byText = new Map<string, string[]>();
    for (const { host, resource, reason } of plan.notApplicable) {
      const text = `${resource}: ${reason}`;
      byText.set(text, [...(byText.get(text) ?? []), host]);
    }
    for (const [text, hosts] of byText) lines.push(style.dim(`  · ${printable(text)}  ${shortList(hosts)}`));
  }
  if (plan.unread.length > 0) {
    lines.push('', style.bold('Not read'));
    for (const { host, reason } of plan.unread) lines.push(style.yellow(`  ! ${host}: ${printable(reason)}`));
  }
  for (const { group, reason, hint } of plan.refusals) {
    lines.push('', style.red(`Refused: ${group}: ${printable(reason)}`), `  ${hint}`);
  }
  return lines;
}
