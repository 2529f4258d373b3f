// What a run shows while it goes on, on standard output: JSON lines with --json, a live display on a terminal, one
// line per event otherwise. `close` removes what is live; call it whatever happens.
import type { Emit } from '../model/event.ts';
import type { Call } from './command.ts';

export interface EventOutput {
  readonly emit: Emit;
  close(): void;
}

export async function eventOutput({ flags, world, color }: Call<object>): Promise<EventOutput> {
  const nothingToClose = { close: () => undefined };
  const write = (text: string): void => world.stdout.write(text);
  if (flags.json) {
    const { jsonRenderer } = await import('../render/json.ts');
    return { emit: jsonRenderer(write), ...nothingToClose };
  }
  const { styleFor } = await import('../render/style.ts');
  const style = styleFor(color);
  // --verbose wants every line to stay; a live display replaces them.
  if (world.stdout.isTTY && !flags.verbose) {
    const { ttyRenderer } = await import('../render/tty.ts');
    return ttyRenderer({ write, columns: () => world.stdout.columns, clock: world.clock, style });
  }
  const { plainRenderer } = await import('../render/plain.ts');
  return { emit: plainRenderer({ write, style, verbose: flags.verbose ?? false }), ...nothingToClose };
}
