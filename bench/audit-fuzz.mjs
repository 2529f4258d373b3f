// A fuzz campaign: files of the corpus and of the rules' samples, damaged, go through the readers, the rules and the
// outputs of the audit. Nothing may throw, hang, take more than a second, or point outside its file. Batches are lines
// of bench/results/audit-fuzz.jsonl; a campaign goes on where those end. Needs a build (npm run build).
//   node bench/audit-fuzz.mjs [--total 100000] [--batch 5000]     goes on until the total is reached
//   node bench/audit-fuzz.mjs --one 4711                          shows one case again
// Exit 1: a case failed.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { versions } from './lib/machine.mjs';

const load = async (path) => import(new URL(`../dist/${path}`, import.meta.url).href);
const RESULTS = fileURLToPath(new URL('results/audit-fuzz.jsonl', import.meta.url));
const SITES = 20;
/** No progress for so long is a hang. */
const HANG_SECONDS = 60;
/** On a busy machine a case may wait for the processor; its own time is what counts. */
const SLOW_MILLISECONDS = 1000;

async function bases() {
  const [{ filesOf, siteOf }, { SAMPLES }] = await Promise.all([
    load('audit/testing/corpus/site.js'),
    load('audit/testing/samples.js'),
  ]);
  const corpus = Array.from({ length: SITES }, (_, seed) => filesOf(siteOf(seed + 1))).flat();
  const samples = Object.values(SAMPLES).flatMap(({ bad }) =>
    Object.entries(bad)
      .filter(([path]) => !path.includes(' -> '))
      .map(([path, text]) => ({ path, location: `/site/${path}`, text: text.replaceAll('«', ''), mode: 0o644 })),
  );
  return [...corpus, ...samples];
}

async function toolbox() {
  const [{ mutate }, { Estate }, { audit }, { RULE_FAMILIES }, { auditText }, { sarifText, junitText, htmlText }] =
    await Promise.all([
      load('audit/testing/corpus/mutate.js'),
      load('audit/estate.js'),
      load('audit/run.js'),
      load('audit/rules/registry.gen.js'),
      load('audit/output/terminal.js'),
      load('audit/output/documents.js'),
    ]);
  const rules = RULE_FAMILIES.flat();
  const files = await bases();
  return (number) => {
    const base = files[number % files.length];
    const file = { ...base, text: mutate(base.text, { seed: `fuzz ${number}`, hostile: true }) };
    const started = process.cpuUsage();
    let trouble;
    try {
      const estate = new Estate({ files: [file] });
      const report = audit(estate, rules);
      auditText(report, { color: false, files: 1, verbose: true });
      sarifText(report, rules, '0');
      junitText(report);
      htmlText(report);
      trouble = outside(file.text, [
        ...report.findings.map(({ at }) => at),
        ...estate.files.flatMap((each) => each.problems),
      ]);
    } catch (error) {
      trouble = String(error?.stack ?? error).slice(0, 600);
    }
    const { user, system } = process.cpuUsage(started);
    const milliseconds = (user + system) / 1000;
    if (milliseconds > SLOW_MILLISECONDS) trouble ??= `${milliseconds.toFixed(0)} ms of processor time`;
    return { number, path: file.path, milliseconds, trouble, file };
  };
}

function outside(text, places) {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const wrong = places.find(({ line = 1, column = 1 }) => {
    return line < 1 || line > lines.length || column < 1 || column > (lines[line - 1] ?? '').length + 1;
  });
  return wrong === undefined ? undefined : `a place outside the text: ${JSON.stringify(wrong)}`;
}

async function batch({ first, count, counter }) {
  const one = await toolbox();
  const done = new Int32Array(counter);
  const failed = [];
  let slowest = { milliseconds: 0 };
  for (let number = first; number < first + count; number += 1) {
    const { trouble, milliseconds, path } = one(number);
    if (trouble !== undefined) failed.push({ number, path, trouble });
    if (milliseconds > slowest.milliseconds) slowest = { number, path, milliseconds: Math.round(milliseconds) };
    Atomics.store(done, 0, number + 1);
  }
  return { first, count, failed, slowest };
}

/** In a thread of its own, watched: a hang shows as a counter that stands still. */
function watched(first, count) {
  const counter = new SharedArrayBuffer(4);
  const done = new Int32Array(counter);
  Atomics.store(done, 0, first);
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { first, count, counter } });
    let last = { at: first, cpu: process.cpuUsage().user };
    const timer = setInterval(() => {
      const at = Atomics.load(done, 0);
      const cpu = process.cpuUsage().user;
      if (at !== last.at) last = { at, cpu };
      else if (cpu - last.cpu > HANG_SECONDS * 1e6) {
        void worker.terminate();
        resolve({ first, count: at - first, failed: [{ number: at, trouble: 'it hangs' }], slowest: {} });
      }
    }, 1000);
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => clearInterval(timer));
  });
}

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      total: { type: 'string', default: '100000' },
      batch: { type: 'string', default: '5000' },
      one: { type: 'string' },
    },
  });
  if (values.one === undefined) {
    mkdirSync(fileURLToPath(new URL('results', import.meta.url)), { recursive: true });
    const lines = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8').trim().split('\n').filter(Boolean) : [];
    const before = lines.map((line) => JSON.parse(line));
    let next = before.reduce((most, { first, count }) => Math.max(most, first + count), 0);
    let failures = before.flatMap(({ failed }) => failed).length;
    while (next < Number(values.total)) {
      const result = await watched(next, Math.min(Number(values.batch), Number(values.total) - next));
      appendFileSync(RESULTS, `${JSON.stringify({ at: new Date().toISOString(), versions: versions(), ...result })}\n`);
      for (const failure of result.failed) console.log(JSON.stringify(failure));
      failures += result.failed.length;
      next += Math.max(1, result.count);
      console.log(`${next} files, ${failures} failed; slowest ${JSON.stringify(result.slowest)}`);
    }
    console.log(`${next} mutated files, ${failures} failed`);
    process.exitCode = failures === 0 ? 0 : 1;
  } else {
    const result = (await toolbox())(Number(values.one));
    console.log(JSON.stringify(result, null, 2));
    process.exitCode = result.trouble === undefined ? 0 : 1;
  }
} else {
  // A worker's port has no origin: that is of browsers.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort.postMessage(await batch(workerData));
}
