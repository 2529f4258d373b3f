// Entry of the detached supervisor process: `node supervisor-main.js STATE_DIR`, started inside the lab's network
// namespace by supervisor.ts. Ends with the lab; errors go to supervisor.log in the lab's state.
import { systemClock } from '../lib/system-clock.ts';
import { systemRandom } from '../lib/system-random.ts';
import { openLabAt } from './context.ts';
import { supervise } from './supervisor.ts';

const [, , stateDir = ''] = process.argv;
await supervise(await openLabAt(stateDir, { clock: systemClock, random: systemRandom }));
process.exit(0);
