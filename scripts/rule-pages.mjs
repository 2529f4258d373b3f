// Writes docs/reference/rules and docs/reference/signatures from the rules of `hastack audit` and the signatures of
// `hastack doctor`: one page each, and the index.
//   node scripts/rule-pages.mjs
// The unit tests fail when a page is stale (src/audit/rule-pages.test.ts, src/doctor/signatures.test.ts, which also render them).
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const PAGES = ['src/audit/rule-pages.test.ts', 'src/doctor/signatures.test.ts'];
const vitest = ['node_modules/.bin/vitest', 'run', '--project', 'unit', ...PAGES, '--update'];
process.exitCode = spawnSync(process.execPath, vitest, { stdio: 'inherit' }).status ?? 1;
