// npm run bench: the benches one after another, then the tables in the documents. Every bench runs, also after one
// failed; the exit status is 1 when any did. `npm run bench -- noop growth` runs only these.
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const BENCHES = ['noop', 'growth', 'table'];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !BENCHES.includes(name));
if (unknown.length > 0) {
  console.error(`no such bench: ${unknown.join(', ')}; there are ${BENCHES.join(', ')}`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : BENCHES) {
  console.log(`\n== ${name}`);
  const started = performance.now();
  const { status } = spawnSync(process.execPath, [`bench/${name}.mjs`], { stdio: 'inherit' });
  console.log(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s, exit status ${status ?? 'none'}`);
  if (status !== 0) process.exitCode = 1;
}
