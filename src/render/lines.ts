// One line (or none) of text for each event that is worth one: shared by the plain and the live display. Pure.
import { formatDuration, plural } from '../lib/text.ts';
import type { RunEvent } from '../model/event.ts';
import { printable } from './style.ts';
import type { Style } from './style.ts';

export function eventLine(event: RunEvent, style: Style): string | undefined {
  switch (event.event) {
    case 'run-started':
      return (
        style.bold(`${event.command} ${event.cluster}`) +
        style.dim(` (${plural(event.hosts, 'host')}, run ${event.runId})`)
      );
    case 'phase-finished':
      return event.ok ? undefined : style.red(`✗ ${event.phase} failed after ${formatDuration(event.seconds)}`);
    case 'host-unreachable':
      return style.yellow(`! ${printable(event.reason)}`);
    case 'plan-ready':
      return event.changes === 0
        ? 'Nothing to change.'
        : `${plural(event.changes, 'change')} on ${plural(event.hosts, 'host')}`;
    case 'component-finished':
      return event.ok
        ? `${style.green('✓')} ${event.component} ${style.dim(formatDuration(event.seconds))}`
        : style.red(`✗ ${event.component} stopped after ${formatDuration(event.seconds)}`);
    case 'lock':
      return event.state === 'taken-over' ? style.yellow('! took over the lock of a run that is gone') : undefined;
    case 'note':
      return `· ${event.host === undefined ? '' : `${event.host}: `}${printable(event.message)}`;
    case 'warning':
      return style.yellow(`! ${event.host === undefined ? '' : `${event.host}: `}${printable(event.message)}`);
    case 'failed':
      return `${style.red(`✗ ${printable(event.message)}`)}\n  ${printable(event.hint)}`;
    case 'step-finished':
      return stepLine(event, style);
    case 'run-finished':
      return finishedLine(event, style);
    default:
      return undefined;
  }
}

function stepLine(event: Extract<RunEvent, { readonly event: 'step-finished' }>, style: Style): string {
  const detail = event.detail === undefined ? '' : `  ${printable(event.detail)}`;
  return `${event.ok ? style.green('✓') : style.red('✗')} ${event.name} ${style.dim(formatDuration(event.seconds))}${detail}`;
}

function finishedLine(event: Extract<RunEvent, { readonly event: 'run-finished' }>, style: Style): string {
  const what = `${plural(event.changed, 'change')} made in ${formatDuration(event.seconds)}`;
  const report = event.report === undefined ? '' : `\nReport: ${event.report}`;
  return (
    (event.ok
      ? style.green(`Done: ${what}.`)
      : style.red(`Not finished: ${what}. Run the same command again to continue.`)) + report
  );
}
