// Runs `lab up` in a process of its own, so that a test can kill it: node lab-up.mjs OPTIONS-AS-JSON.
import { labUp } from '../../../dist/lab/up.js';
import { systemClock } from '../../../dist/lib/system-clock.js';
import { systemRandom } from '../../../dist/lib/system-random.js';

const options = JSON.parse(process.argv[2] ?? '{}');
await labUp({
  ...options,
  clock: systemClock,
  random: systemRandom,
  onProgress: (progress) => console.log(JSON.stringify(progress)),
});
