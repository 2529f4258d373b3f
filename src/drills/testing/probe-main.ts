// The probe process as a program, for tests that start it as a child; the real one is a hidden command.
import { createInterface } from 'node:readline';
import { systemClock } from '../../lib/system-clock.ts';
import { runProbeProcess } from '../probes/process.ts';

// oxlint-disable-next-line house/ambient
const { stdin, stdout } = process;
process.exitCode = await runProbeProcess({
  clock: systemClock,
  input: createInterface({ input: stdin }),
  output: (text) => stdout.write(text),
});
