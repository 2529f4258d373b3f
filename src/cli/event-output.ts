// What a run shows while it goes on: JSON lines on standard output with --json, otherwise one line per event that a
// person waits for, on standard error, so that standard output holds the result alone.
import type { Emit, RunEvent } from '../model/event.ts';
import type { Call } from './command.ts';

export function eventOutput({ flags, world }: Call<object>): Emit {
  if (flags.json) return (event) => world.stdout.write(`${JSON.stringify(event)}\n`);
  return (event) => {
    const line = eventLine(event, flags.verbose ?? false);
    if (line !== undefined) world.stderr.write(`${line}\n`);
  };
}

/** Undefined for events that say nothing to a person who waits, unless they asked for more. */
export function eventLine(event: RunEvent, verbose: boolean): string | undefined {
  switch (event.event) {
    case 'host-unreachable':
      return `${event.host}: not reached: ${event.reason}`;
    case 'component-started':
      return `${event.component}: ${event.changes} ${event.changes === 1 ? 'change' : 'changes'}`;
    case 'component-finished':
      return `${event.component}: ${event.ok ? 'done' : 'failed'} after ${event.seconds.toFixed(1)} s`;
    case 'member-step':
      return `${event.group}: ${event.host}: ${event.does}`;
    case 'member-healthy':
      return `${event.group}: ${event.host} is healthy after ${event.seconds.toFixed(1)} s`;
    case 'waiting':
      return `waiting for ${event.what} (${event.seconds.toFixed(0)} s)`;
    case 'step-finished':
      return `${event.name}: ${event.ok ? 'ok' : 'failed'} after ${event.seconds.toFixed(1)} s${withDetail(event.detail)}`;
    case 'lock':
      return event.state === 'taken-over' ? 'took over the lock of a run that is gone' : undefined;
    case 'note':
    case 'warning':
      return `${event.event}: ${event.host === undefined ? '' : `${event.host}: `}${event.message}`;
    case 'failed':
      return `error: ${event.host === undefined ? '' : `${event.host}: `}${event.message}\n  hint: ${event.hint}`;
    default:
      return verbose ? verboseLine(event) : undefined;
  }
}

function verboseLine(event: RunEvent): string | undefined {
  if (event.event === 'host-connected') return `${event.host}: connected after ${event.seconds.toFixed(2)} s`;
  if (event.event === 'change-finished') {
    const { change, host, ok, detail } = event;
    return `${host}: ${change.action} ${change.resource}: ${ok ? 'ok' : 'failed'}${withDetail(detail)}`;
  }
  return undefined;
}

function withDetail(detail: string | undefined): string {
  return detail === undefined ? '' : `: ${detail}`;
}
