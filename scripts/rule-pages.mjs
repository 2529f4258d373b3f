// Writes docs/reference/rules from the rules of `hastack audit`: one page each, and the index.
//   node scripts/rule-pages.mjs
// The unit tests fail when a page is stale (src/audit/rule-pages.test.ts, which also renders them).
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const vitest = ['node_modules/.bin/vitest', 'run', '--project', 'unit', 'src/audit/rule-pages.test.ts', '--update'];
process.exitCode = spawnSync(process.execPath, vitest, { stdio: 'inherit' }).status ?? 1;
