// How fast `hastack doctor` reads, as a ratio to `grep -c` with the same patterns over the same file in the same run,
// and how much memory it takes. The log is made of lines that services write, a few of them errors that the doctor
// knows. Needs a build (npm run build); a quiet machine for figures to keep.
//   node bench/doctor.mjs [--mebibytes 1024] [--runs 3] [--events 1000]     events: one known error in so many lines
// Writes bench/results/doctor.jsonl. Exit 1: more memory than 200 MiB.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { refuseIdlePriority } from './lib/machine.mjs';
import { median, series } from './lib/results.mjs';

const { SIGNATURE_FAMILIES } = await import(new URL('../dist/doctor/signatures/registry.gen.js', import.meta.url).href);
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const MOST_MIB = 200;
const SAMPLE_MS = 20;

const { values } = parseArgs({
  options: {
    mebibytes: { type: 'string', default: '1024' },
    runs: { type: 'string', default: '3' },
    events: { type: 'string', default: '1000' },
  },
});

/** What a quiet day looks like. */
const QUIET = [
  (at) => `${stamp(at)} 1234 INFO nova.compute.resource_tracker [req-${at.toString(16)} - - - - -] Final resource view: name=cmp1 phys_ram=257669MB used_ram=${at % 9000}MB`,
  (at) => `${stamp(at)} 77 INFO nova.osapi_compute.wsgi.server [req-${at.toString(16)} u p - default default] 10.0.0.11 "GET /v2.1/servers/detail HTTP/1.1" status: 200 len: ${at % 70_000} time: 0.${at % 999}`,
  (at) => `${stamp(at)} 91 INFO neutron.wsgi [None req-${at.toString(16)} admin admin] 10.0.0.12,10.0.0.10 "GET /v2.0/ports?device_id=${at} HTTP/1.1" status: 200  len: 1090 time: 0.1234`,
  (at) => `${stamp(at)} 12 DEBUG oslo_service.periodic_task [-] Running periodic task ComputeManager._poll_rebooting_instances run_periodic_tasks ${at}`,
  (at) => `${stamp(at)} 55 WARNING keystone.server.flask.application [None req-${at.toString(16)}] Could not find project: ${at}`,
]; // prettier-ignore
/** And what breaks it, as the services write it. */
const EVENTS = [
  (at) => `${stamp(at)} 1234 ERROR oslo.messaging._drivers.impl_rabbit [-] Connection failed: [Errno 111] ECONNREFUSED (retrying in 2.0 seconds): ConnectionRefusedError: [Errno 111] ECONNREFUSED`,
  (at) => `${stamp(at)} 77 ERROR oslo_db.sqlalchemy.engines [-] Database connection was found disconnected; reconnecting: oslo_db.exception.DBConnectionError: (pymysql.err.OperationalError) (2013, 'Lost connection to MySQL server during query')`,
  (at) => `${stamp(at)} 91 ERROR nova.scheduler.manager [None req-${at.toString(16)}] Failed to schedule: nova.exception.NoValidHost: No valid host was found. There are not enough hosts available.`,
]; // prettier-ignore

function stamp(at) {
  return new Date(Date.UTC(2026, 10, 21) + at * 20).toISOString().replace('T', ' ').replace('Z', '');
}

/** Bytes written. */
function writeLog(file, bytes, every) {
  const out = openSync(file, 'w');
  let written = 0;
  for (let at = 0; written < bytes;) {
    const lines = [];
    for (let count = 0; count < 5000; count += 1, at += 1)
      lines.push(at % every === every - 1 ? EVENTS[at % EVENTS.length](at) : QUIET[at % QUIET.length](at));
    written += writeSync(out, `${lines.join('\n')}\n`);
  }
  closeSync(out);
  return written;
}

/** All patterns as one for grep -P, whose groups may not have the same name twice. */
function patternFile(folder) {
  const sources = SIGNATURE_FAMILIES.flat().map(({ pattern }) => {
    const text = pattern.source.replaceAll(/\(\?<[A-Za-z]\w*>/g, '(?:');
    return pattern.flags.includes('i') ? `(?i:${text})` : `(?:${text})`;
  });
  const file = join(folder, 'patterns');
  writeFileSync(file, `${sources.join('|')}\n`);
  return { file, count: sources.length };
}

/** {seconds, peakMiB, stdout}: wall clock, the largest resident size. */
function run(argv) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(argv[0], argv.slice(1), {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    let stdout = '';
    let peakKiB = 0;
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    const timer = setInterval(() => {
      try {
        const text = readFileSync(`/proc/${child.pid}/status`, 'utf8');
        peakKiB = Math.max(peakKiB, Number(/^VmHWM:\s+(\d+)/m.exec(text)?.[1] ?? 0));
      } catch {
        // It has just ended.
      }
    }, SAMPLE_MS);
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(timer);
      if (code !== 0 && code !== 1) reject(new Error(`${argv[0]} ended with status ${code}`));
      else resolve({ seconds: (performance.now() - started) / 1000, peakMiB: peakKiB / 1024, stdout });
    });
  });
}

refuseIdlePriority();
const folder = mkdtempSync(join(tmpdir(), 'hastack-doctor-'));
try {
  const log = join(folder, 'nova-compute.log');
  writeLog(log, Number(values.mebibytes) * 2 ** 20, Number(values.events));
  const bytes = statSync(log).size;
  const patterns = patternFile(folder);
  const record = series('doctor', { bytes, patterns: patterns.count, oneEventIn: Number(values.events) });
  const sides = {
    grep: ['grep', '-cPf', patterns.file, log],
    doctor: [process.execPath, MAIN, 'doctor', log, '--json'],
  };
  const runs = { grep: [], doctor: [] };
  for (let round = 1; round <= Number(values.runs); round += 1) {
    for (const [side, argv] of Object.entries(sides)) {
      const { stdout, ...cost } = await run(argv);
      runs[side].push(cost);
      record({ kind: 'run', side, round, ...cost });
      const said = side === 'grep' ? `${stdout.trim()} lines` : `${JSON.parse(stdout).findings.length} findings`;
      console.log(`${round} ${side}: ${cost.seconds.toFixed(2)} s, ${cost.peakMiB.toFixed(0)} MiB, ${said}`);
    }
  }
  const middle = (side) => median(runs[side].map(({ seconds }) => seconds));
  const ratio = middle('doctor') / middle('grep');
  const peakMiB = Math.max(...runs.doctor.map((each) => each.peakMiB));
  record({ kind: 'summary', ratio, peakMiB, passed: peakMiB <= MOST_MIB });
  console.log(
    `${(bytes / 2 ** 20).toFixed(0)} MiB, ${patterns.count} patterns: doctor takes ${ratio.toFixed(2)} times the time of grep -c, ${(bytes / 2 ** 20 / middle('doctor')).toFixed(0)} MiB/s, ${peakMiB.toFixed(0)} MiB of memory (at most ${MOST_MIB})`,
  );
  process.exitCode = peakMiB <= MOST_MIB ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
