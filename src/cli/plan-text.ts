// A plan for people: changes by host with reasons, diffs and the interruption to expect; then what is in the way.
import type { Change, Plan } from '../model/resource.ts';

const SIGNS: Readonly<Record<Change['action'], string>> = {
  create: '+',
  update: '~',
  delete: '-',
  restart: '↻',
  run: '!',
};
const COLORS: Readonly<Record<Change['action'], string>> = {
  create: '32',
  update: '33',
  delete: '31',
  restart: '36',
  run: '35',
};

export function planText(plan: Plan, color: boolean): string {
  const hosts = [...new Set(plan.changes.map((change) => change.host))];
  const changes = hosts.flatMap((host) => [
    host,
    ...plan.changes.filter((change) => change.host === host).map((change) => changeText(change, color)),
    '',
  ]);
  return [
    ...changes,
    ...plan.notApplicable.map(({ host, resource, reason }) => `not applicable here: ${host} ${resource}: ${reason}`),
    ...plan.unread.map(({ host, reason }) => `not read: ${host}: ${reason}`),
    ...plan.refusals.map(({ group, reason, hint }) => `refused: ${group}: ${reason}\n  hint: ${hint}`),
    summaryText(plan),
    '',
  ].join('\n');
}

function changeText(change: Change, color: boolean): string {
  const sign = color ? `\u001B[${COLORS[change.action]}m${SIGNS[change.action]}\u001B[0m` : SIGNS[change.action];
  const outage = change.expectedOutage;
  const expected = outage === undefined ? '' : ` (users may notice ${outage.expected} s, at most ${outage.high} s)`;
  const diff = change.diff === undefined ? '' : `\n${change.diff.trimEnd().replaceAll(/^/gm, '      ')}`;
  return `  ${sign} ${change.resource}: ${change.reason}${expected}${diff}`;
}

function summaryText({ summary, changes }: Plan): string {
  if (changes.length === 0) return 'nothing to change';
  const counts = Object.entries(summary).filter(([, count]) => Number(count) > 0);
  return `plan: ${counts.map(([action, count]) => `${count} to ${action}`).join(', ')}`;
}
