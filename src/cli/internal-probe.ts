// hastack internal-probe: the probes of a drill, as a process of their own; started by hastack itself.
// Takes its configuration as one JSON line on standard input, reports on standard output, ends with its input.
import { command } from './command.ts';

export const internalProbeCommand = command({
  brief: 'Run the probes of a drill',
  usage: '',
  description: 'Speaks JSON lines with the drill that started it.',
  examples: [{ command: 'hastack internal-probe < configuration.json', does: 'until standard input ends' }],
  async run({ world }) {
    const { runProbeProcess } = await import('../drills/probes/process.ts');
    return runProbeProcess({
      input: world.inputLines(),
      output: (text) => world.stdout.write(text),
      clock: world.clock,
    });
  },
});
