// npm run campaign NAME -- [--runs 20] [--spec FILE] [--resume]: the same drill again and again on the twins that are
// up, one JSON line per run in campaigns/NAME.jsonl. With --resume it goes on after any interruption, without it an
// existing file is refused. Ends with n, median and worst of every probe, and every discarded run with its reason:
// a run whose control probe was disturbed, or that could not be measured, counts for nothing and is made up for.
// Runs `./hastack drill SPEC NAME --lab --strict --json --yes`; HASTACK names another program (tests use that).
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { counted, figures, readLines } from './campaign-results.mjs';

/** Runs that count are made up for at most so often, or a broken machine would go on for ever. */
const ATTEMPTS_PER_RUN = 3;

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '20' },
      spec: { type: 'string', default: 'examples/three-controllers.yaml' },
      directory: { type: 'string', default: 'campaigns' },
      resume: { type: 'boolean', default: false },
    },
  });
  const [name] = positionals;
  const runs = Number(values.runs);
  if (name === undefined || !Number.isInteger(runs) || runs < 1)
    fail('usage: npm run campaign NAME -- [--runs 20] [--resume]');
  mkdirSync(values.directory, { recursive: true });
  const file = join(values.directory, `${name}.jsonl`);
  if (existsSync(file) && !values.resume) fail(`${file} exists; --resume goes on with it, or move it away`);
  const lines = readLines(file);
  while (counted(lines).length < runs && lines.length < runs * ATTEMPTS_PER_RUN) {
    const line = { campaign: name, run: lines.length + 1, ...runOnce(values.spec, name) };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
    lines.push(line);
    console.log(`${name} ${counted(lines).length}/${runs}: ${line.discarded ?? line.verdict}`);
  }
  console.log(summary(name, lines));
  const passed = counted(lines).length >= runs && counted(lines).every((line) => line.verdict === 'pass');
  process.exitCode = passed ? 0 : 1;
}

function runOnce(spec, name) {
  const startedAt = new Date().toISOString();
  const program = process.env.HASTACK ?? './hastack';
  const { stdout, status, error } = spawnSync(program, ['drill', spec, name, '--lab', '--strict', '--json', '--yes'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
  try {
    if (error !== undefined) throw error;
    const document = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    if (document.error !== undefined) return { startedAt, discarded: document.error.message };
    const [drill] = document.drills;
    // What the last attempt was judged by: for writes, the longest time without an acknowledgement.
    const measured = drill.attempts.at(-1)?.measured ?? {};
    const predicted = Object.fromEntries(
      drill.probes.flatMap((probe) => (probe.predicted === undefined ? [] : [[probe.name, probe.predicted]])),
    );
    const lostWrites = drill.probes.reduce((sum, probe) => sum + (probe.lostWrites ?? 0), 0);
    const result = {
      startedAt,
      runId: document.runId,
      command: document.command,
      versions: document.versions,
      verdict: drill.verdict,
      reason: drill.reason,
      target: drill.fault.target,
      vipHolder: drill.vipHolder,
      writer: drill.writer,
      // Attempts that proved nothing and were repeated at once.
      repeated: drill.attempts.slice(0, -1).map((attempt) => attempt.reason),
      measured,
      // What was predicted before: compared by scripts/campaign-agreement.mjs.
      predicted,
      lostWrites,
      healSeconds: drill.healSeconds,
    };
    const unmeasured = drill.verdict === 'inconclusive' || drill.verdict === 'refused';
    return unmeasured ? { ...result, discarded: `${drill.verdict}: ${drill.reason}` } : result;
  } catch (cause) {
    return { startedAt, discarded: `no result (exit ${status}): ${cause.message}` };
  }
}

function summary(name, lines) {
  const good = counted(lines);
  const rows = figures(lines).map(
    ({ probe, n, median, worst }) => `  ${probe}: n ${n}, median ${median.toFixed(3)} s, worst ${worst.toFixed(3)} s`,
  );
  const failed = good
    .filter((line) => line.verdict !== 'pass')
    .map((line) => `  run ${line.run}: ${line.verdict}: ${line.reason}`);
  const discarded = lines.filter((line) => line.discarded !== undefined);
  const repeated = lines.flatMap((line) =>
    (line.repeated ?? []).map((reason) => `  repeated in run ${line.run}: ${reason}`),
  );
  return [
    `${name}: ${good.length} runs, ${discarded.length} discarded, ${good.reduce((sum, line) => sum + line.lostWrites, 0)} rows lost`,
    ...rows,
    ...failed,
    ...repeated,
    ...discarded.map((line) => `  discarded run ${line.run}: ${line.discarded}`),
  ].join('\n');
}

function fail(message) {
  console.error(message);
  process.exit(2);
}

main();
