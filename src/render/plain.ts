// Output without a terminal: one line per thing worth knowing, in the order it happened, no colours, nothing redrawn.
// With --verbose every change has its line.
import { formatDuration } from '../lib/text.ts';
import type { Emit, RunEvent } from '../model/event.ts';
import { eventLine } from './lines.ts';
import { printable } from './style.ts';
import type { Style } from './style.ts';

export interface PlainOptions {
  readonly write: (text: string) => void;
  readonly style: Style;
  readonly verbose?: boolean;
}

export function plainRenderer(options: PlainOptions): Emit {
  return (event) => {
    const line = eventLine(event, options.style) ?? detailLine(event, options.verbose === true);
    if (line !== undefined) options.write(`${line}\n`);
  };
}

function detailLine(event: RunEvent, verbose: boolean): string | undefined {
  if (event.event === 'component-started') return event.changes === 0 ? undefined : `  ${event.component} …`;
  if (event.event === 'member-step') return `  ${event.host}: ${printable(event.does)}`;
  if (event.event === 'waiting') return `  waiting for ${printable(event.what)} (${formatDuration(event.seconds)})`;
  if (!verbose) return undefined;
  if (event.event === 'host-connected') return `  ${event.host} connected in ${formatDuration(event.seconds)}`;
  if (event.event === 'change-finished') {
    const { action, resource } = event.change;
    return `  ${event.host}: ${action} ${printable(resource)}${event.ok ? '' : ` failed: ${printable(event.detail ?? '')}`}`;
  }
  return undefined;
}
