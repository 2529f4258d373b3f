// hastack internal-probe: the probes of a drill, as a process of their own; started by hastack itself.
// Takes its configuration as one JSON line on standard input, reports on standard output, ends with its input.
import { setPriority } from 'node:os';

import { command } from './command.ts';

export const internalProbeCommand = command({
  brief: 'Run the probes of a drill',
  usage: '',
  description: 'Speaks JSON lines with the drill that started it.',
  examples: [{ command: 'hastack internal-probe < configuration.json', does: 'until standard input ends' }],
  async run({ world }) {
    preferred();
    const { runProbeProcess } = await import('../drills/probes/process.ts');
    return runProbeProcess({
      input: world.inputLines(),
      output: (text) => world.stdout.write(text),
      clock: world.clock,
    });
  },
});

/**
 * What measures goes first, or twins that share the machine's processors would hold up the clock that they are judged
 * by. Only root may; without it the control probe tells when a measurement is not worth anything.
 */
function preferred(): void {
  try {
    setPriority(-15);
  } catch {
    // Measured all the same.
  }
}
