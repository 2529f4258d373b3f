// Writes docs/reference/campaigns.md from campaigns/*.jsonl: what was measured again and again, when, with which
// versions and which command. --check: only says whether the page is up to date.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { counted, figures, readLines } from './campaign-results.mjs';

const DIRECTORY = 'campaigns';
const PAGE = 'docs/reference/campaigns.md';

function page() {
  const names = readdirSync(DIRECTORY)
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => file.slice(0, -'.jsonl'.length))
    .toSorted();
  return [
    '# Campaigns',
    '',
    'Written by `node scripts/campaign-pages.mjs` from the runs in `campaigns/`; do not edit. Each was made with',
    '`npm run campaign NAME` on the twins of `examples/three-controllers.yaml`, which were up and healthy, on a machine with',
    'two cores and nothing beside it. Seconds are the longest time in which no request that was sent succeeded; for',
    '`mariadb-set` the longest time without an acknowledged row. A run is discarded, and made up for, when the control probe',
    'shows that the machine itself was held up.',
    '',
    ...names.flatMap((name) => section(name, readLines(join(DIRECTORY, `${name}.jsonl`)))),
  ].join('\n');
}

function section(name, lines) {
  const good = counted(lines);
  const lost = good.reduce((sum, line) => sum + line.lostWrites, 0);
  const failed = good.filter((line) => line.verdict !== 'pass');
  const discarded = lines.flatMap((line) => [
    ...(line.repeated ?? []).map((reason) => `run ${line.run}, repeated: ${reason}`),
    ...(line.discarded === undefined ? [] : [`run ${line.run}: ${line.discarded}`]),
  ]);
  const [first] = good;
  const last = good.at(-1);
  const versions = Object.entries(first?.versions ?? {}).map(([what, version]) => `${what} ${version}`);
  return [
    `## ${name}`,
    '',
    `${good.length} runs, ${good.length - failed.length} passed, ${lost} acknowledged rows lost, ${discarded.length} attempts discarded.`,
    first === undefined ? '' : `From ${first.startedAt} to ${last.startedAt}. ${versions.join(', ')}.`,
    `Command of a run: \`${first?.command ?? ''}\``,
    '',
    '| Probe | n | Median, s | Worst, s |',
    '|---|---|---|---|',
    ...figures(lines).map(
      ({ probe, n, median, worst }) => `| ${probe} | ${n} | ${median.toFixed(3)} | ${worst.toFixed(3)} |`,
    ),
    '',
    ...failed.map((line) => `- run ${line.run}: ${line.verdict}: ${line.reason}`),
    ...discarded.map((text) => `- discarded: ${text}`),
    ...(failed.length + discarded.length > 0 ? [''] : []),
  ];
}

const text = page();
if (process.argv.includes('--check')) {
  if (readFileSync(PAGE, 'utf8') !== text) {
    console.error(`${PAGE} is out of date: node scripts/campaign-pages.mjs`);
    process.exitCode = 1;
  }
} else writeFileSync(PAGE, text);
