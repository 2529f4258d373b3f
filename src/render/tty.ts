// The live display of a terminal: what is finished scrolls up, what runs is a small block below that is redrawn.
// The block has a line per running component, with a count and the host everybody waits for, so it stays as small for
// 300 hosts as for 3. It never exceeds the width, is drawn at most ten times a second, and is removed at the end.
import { formatDuration } from '../lib/text.ts';
import type { Clock } from '../model/clock.ts';
import type { Emit } from '../model/event.ts';
import { eventLine } from './lines.ts';
import { Progress } from './progress.ts';
import type { ComponentProgress } from './progress.ts';
import { printable } from './style.ts';
import type { Style } from './style.ts';

const REDRAW_MS = 100;
const TICK_MS = 500;
const MOST_LINES = 12;

export interface TtyOptions {
  readonly write: (text: string) => void;
  /** Width of the terminal; asked at every drawing because it changes. */
  readonly columns: () => number;
  readonly clock: Clock;
  readonly style: Style;
}

export interface TtyRenderer {
  readonly emit: Emit;
  /** Removes the live block; nothing is drawn afterwards. */
  close(): void;
}

export function ttyRenderer(options: TtyOptions): TtyRenderer {
  const { clock, style, write } = options;
  const progress = new Progress();
  const closed = new AbortController();
  let drawn = 0;
  let drawnAt = -REDRAW_MS;

  const erase = (): string => (drawn === 0 ? '' : `\u001b[${drawn}A\r\u001b[J`);
  const draw = (above: string): void => {
    const lines = closed.signal.aborted ? [] : liveLines(progress, options);
    write(erase() + above + lines.map((line) => `${line}\n`).join(''));
    drawn = lines.length;
    drawnAt = clock.monotonic();
  };
  const tick = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      await clock.sleep(TICK_MS, closed.signal).catch(() => undefined);
      if (!closed.signal.aborted && progress.running.size > 0) draw('');
    }
  };
  void tick();
  return {
    emit(event) {
      progress.apply(event, clock.monotonic());
      const line = eventLine(event, style);
      if (line !== undefined) draw(`${line}\n`);
      else if (clock.monotonic() - drawnAt >= REDRAW_MS) draw('');
    },
    close() {
      closed.abort(new Error('the display is closed'));
      draw('');
    },
  };
}

function liveLines(progress: Progress, options: Pick<TtyOptions, 'columns' | 'clock' | 'style'>): readonly string[] {
  const now = options.clock.monotonic();
  const components = [...progress.running.values()];
  const shown = components.slice(0, MOST_LINES - 2).map((component) => componentLine(progress, component, now));
  const rest = components.length - shown.length;
  if (rest > 0) shown.push(`  … and ${rest} more`);
  if (components.length === 0 && progress.phase !== '') shown.push(connectLine(progress));
  if (progress.waiting !== '') shown.push(`  waiting for ${printable(progress.waiting)}`);
  const width = Math.max(20, options.columns() - 1);
  return shown.map((line) => options.style.dim(cut(line, width)));
}

function componentLine(progress: Progress, component: ComponentProgress, now: number): string {
  const { id, planned, done, failed, busy } = component;
  // More may turn out to be needed than was planned: never show 7/5.
  const count = planned === 0 && done === 0 ? '' : ` ${done}/${Math.max(planned, done + failed)}`;
  const bad = failed === 0 ? '' : `, ${failed} failed`;
  const slowest = progress.slowest(component);
  if (slowest === undefined) return `  ${id}${count}${bad}  ${formatDuration((now - component.since) / 1000)}`;
  const others = busy.size > 1 ? `${busy.size} hosts, slowest ` : '';
  return `  ${id}${count}${bad}  ${others}${slowest.host}: ${printable(slowest.what)} ${formatDuration((now - slowest.since) / 1000)}`;
}

function connectLine(progress: Progress): string {
  const { connected, unreachable, hosts } = progress;
  const away = unreachable.size === 0 ? '' : `, ${unreachable.size} away`;
  return `  ${progress.phase}${hosts === 0 ? '' : `  ${connected.size}/${hosts} hosts${away}`}`;
}

function cut(text: string, width: number): string {
  const letters = Array.from(text);
  return letters.length <= width ? text : `${letters.slice(0, width - 1).join('')}…`;
}
