// npm test: set-up, check, unit tests, the lab and ssh for real, one real rehearsal with four drills; under an hour.
// npm run test:full: everything once, also what takes hours. Every part runs, also after one failed, and the last line
// sums them up: `N passed, N failed`. A part that cannot run counts as failed.
//   node scripts/test.mjs                   what `npm test` runs
//   node scripts/test.mjs --full            everything
//   node scripts/test.mjs unit rehearsal    only these
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const MINUTE = 60_000;
const directory = mkdtempSync(join(tmpdir(), 'hastack-test-'));
const bin = (name) => join('node_modules', '.bin', name);

/** report: counts single tests instead of the part as one. */
const PARTS = [
  { name: 'setup', command: ['sh', 'scripts/setup.sh'], minutes: 15 },
  { name: 'gen:check', command: ['node', 'scripts/gen.mjs', '--check'], minutes: 1 },
  { name: 'typecheck', command: ['npm', 'run', '--silent', 'typecheck'], minutes: 5 },
  { name: 'lint', command: ['npm', 'run', '--silent', 'lint'], minutes: 5 },
  { name: 'format', command: ['npm', 'run', '--silent', 'format:check'], minutes: 5 },
  { name: 'unused', command: ['npm', 'run', '--silent', 'unused'], minutes: 5 },
  { name: 'unit', command: vitest('unit'), minutes: 10, report: true },
  { name: 'build', command: ['npm', 'run', '--silent', 'build'], minutes: 5 },
  { name: 'launcher', command: ['./hastack', '--version'], minutes: 5 },
  {
    name: 'real',
    command: vitest('real', ['test/real/lab.test.ts', 'test/real/openssh.test.ts']),
    minutes: 15,
    report: true,
  },
  { name: 'real-all', command: vitest('real'), minutes: 180, report: true, full: true },
  { name: 'rehearsal', command: ['./hastack', 'rehearse', 'examples/three-controllers.yaml'], minutes: 25 },
];

function vitest(project, files = []) {
  const alone = project === 'real' ? ['--no-file-parallelism'] : [];
  const reports = ['--reporter=default', '--reporter=json', `--outputFile.json=${join(directory, `${project}.json`)}`];
  return [bin('vitest'), 'run', '--project', project, ...alone, ...reports, ...files];
}

/** Exit status of a command; undefined when it could not be started or its time was up. Output goes through. */
function run(command, minutes) {
  return new Promise((resolve) => {
    // A group of its own: when the time is up, everything the part started ends with it.
    const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    current = child;
    const end = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // It has ended by itself.
      }
    };
    const timer = setTimeout(() => {
      console.error(`${command.join(' ')}: not finished after ${minutes} minutes, stopped`);
      end('SIGTERM');
      setTimeout(() => end('SIGKILL'), MINUTE).unref();
    }, minutes * MINUTE);
    child.on('error', (error) => {
      console.error(`${command.join(' ')}: ${error.message}`);
      clearTimeout(timer);
      resolve(undefined);
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code ?? undefined);
    });
  });
}

/** What a part adds to the sum. Tests that ran are counted; a part that broke counts as one failure more. */
function countOf(part, status) {
  const asOne = { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
  if (!part.report) return asOne;
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(join(directory, `${part.name}.json`), 'utf8'));
    if (numPassedTests + numFailedTests === 0) return { passed: 0, failed: 1 };
    return { passed: numPassedTests, failed: status === 0 ? numFailedTests : Math.max(1, numFailedTests) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

let current;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (current?.pid !== undefined) process.kill(-current.pid, signal);
    process.exit(128 + constants.signals[signal]);
  });
}

const full = process.argv.includes('--full');
const wanted = process.argv.slice(2).filter((word) => word !== '--full');
const unknown = wanted.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${PARTS.map((part) => part.name).join(', ')}`);
  process.exit(2);
}
const total = { passed: 0, failed: 0 };
const lines = [];
// All real tests contain the few that `npm test` runs.
const chosen = PARTS.filter(({ name, full: only }) => (full ? name !== 'real' : only !== true));
for (const part of wanted.length === 0 ? chosen : PARTS.filter(({ name }) => wanted.includes(name))) {
  console.log(`\n== ${part.name}`);
  const started = performance.now();
  const count = countOf(part, await run(part.command, part.minutes));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  total.passed += count.passed;
  total.failed += count.failed;
  lines.push(`${part.name.padEnd(10)} ${count.passed} passed, ${count.failed} failed, ${seconds} s`);
}
rmSync(directory, { recursive: true, force: true });
console.log(`\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
