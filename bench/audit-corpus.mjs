// Recall and precision of the audit over a corpus that knows options, not rules: sites made from seeds, with faults
// injected (src/audit/testing/corpus). Prints them, what was missed, and what is said where nothing is wrong: of sound
// sites, of what hastack renders for every preset, of Debian's unmodified files. Needs a build (npm run build).
//   node bench/audit-corpus.mjs [--sites 20] [--first 1] [--debian] [--record]
//     --debian   makes the directory with Debian's files when it is not there yet (root, minutes, a gigabyte)
// Writes bench/results/audit-corpus.jsonl with --record. Exit 1: something was found where nothing is wrong.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { programsRoot } from './lib/programs-root.mjs';
import { series } from './lib/results.mjs';

const load = async (path) => import(new URL(`../dist/${path}`, import.meta.url).href);
const [{ measureSite }, { RULE_FAMILIES }, { Estate }, { audit }, { readPaths }, { renderedFiles, DEBIAN_VERSIONS }] =
  await Promise.all([
    load('audit/testing/corpus/measure.js'),
    load('audit/rules/registry.gen.js'),
    load('audit/estate.js'),
    load('audit/run.js'),
    load('sources/read-paths.js'),
    load('phases/rendered-files.js'),
  ]);
const [{ PRESETS }, { initText }, { checkSpec }] = await Promise.all([
  load('spec/presets/all.js'),
  load('spec/init.js'),
  load('spec/check.js'),
]);

const { values } = parseArgs({
  options: {
    sites: { type: 'string', default: '20' },
    first: { type: 'string', default: '1' },
    debian: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
  },
});
const rules = RULE_FAMILIES.flat();
const results = Array.from({ length: Number(values.sites) }, (_, at) => measureSite(Number(values.first) + at, rules));

const place = ({ rule, at, message }) => `${rule} ${at.file}:${at.line ?? 0} ${message}`;
for (const { site, faults, findings, unexplained, falseOnSound, falseOnHarmless } of results) {
  const found = faults.filter((fault) => fault.found.length > 0).length;
  console.log(
    `${site.seed}: ${site.shape}, ${site.layout}: ${found} of ${faults.length} faults found, ${findings} findings`,
  );
  for (const finding of [...falseOnSound, ...falseOnHarmless]) console.log(`  false: ${place(finding)}`);
  for (const finding of unexplained) console.log(`  unexplained: ${place(finding)}`);
}

/** Files that nobody spoilt: how many criticals and warnings the audit has for them. */
function unspoilt(name, input, inherent = {}) {
  const estate = new Estate(input);
  const { findings } = audit(estate, rules, { inherent });
  const of = (severity) => findings.filter((finding) => finding.severity === severity);
  console.log(
    `${name}: ${estate.files.length} files, ${of('critical').length} critical, ${of('warning').length} warnings`,
  );
  for (const finding of of('critical')) console.log(`  critical: ${place(finding)}`);
  return of('critical').length;
}
let falseCriticals = 0;
for (const { name, inherent, deployable } of PRESETS) {
  const { cluster } = checkSpec(initText(name, {}), `${name}.yaml`);
  const input = { files: renderedFiles(cluster), assumed: DEBIAN_VERSIONS };
  // What cannot be applied yet is shown and not counted: what would mend it is not written.
  const count = unspoilt(`rendered for ${name}${deployable ? '' : ' (not applied by this version)'}`, input, inherent);
  if (deployable) falseCriticals += count;
}
const debian = programsRoot({ make: values.debian });
if (debian === undefined) console.log("Debian's files: not there; --debian fetches them");
else {
  const tree = await readPaths([`${debian}/etc`, `${debian}/var/lib/dpkg/status`], '/');
  falseCriticals += unspoilt("Debian's files", { files: tree.files, links: tree.links });
}

const faults = results.flatMap((result) => result.faults);
const count = (test) => faults.filter(test).length;
const sum = (key) => results.reduce((total, result) => total + result[key].length, 0);
const findings = results.reduce((total, result) => total + result.findings, 0);
const falseFindings = sum('unexplained') + sum('falseOnSound') + sum('falseOnHarmless');
const found = count((fault) => fault.found.length > 0);
const summary = {
  sites: results.length,
  faults: faults.length,
  found,
  mentioned: count((fault) => fault.found.length === 0 && fault.mentioned.length > 0),
  inPlace: count((fault) => fault.inPlace),
  recall: found / faults.length,
  precision: findings / (findings + falseFindings),
  falseOnSound: sum('falseOnSound'),
  falseOnHarmless: sum('falseOnHarmless'),
  falseCriticals,
};
const missed = new Map();
for (const { option, text, why, mentioned } of faults.filter((fault) => fault.found.length === 0)) {
  const key = `${option}: ${JSON.stringify(text)} (${why})${mentioned.length > 0 ? `, mentioned by ${mentioned}` : ''}`;
  missed.set(key, (missed.get(key) ?? 0) + 1);
}
console.log('\nmissed:');
for (const [key, times] of [...missed].toSorted(([a], [b]) => a.localeCompare(b))) console.log(`  ${times} x ${key}`);
console.log(
  `\n${summary.faults} faults in ${summary.sites} sites: recall ${summary.recall.toFixed(3)}, precision ${summary.precision.toFixed(3)}; ${summary.inPlace} of ${found} findings point into the changed file; ${summary.mentioned} more faults are mentioned as info; false on sound sites: ${summary.falseOnSound}, after harmless changes: ${summary.falseOnHarmless}; criticals on Debian's files and our own: ${falseCriticals}`,
);
if (values.record) series('audit-corpus')({ kind: 'summary', ...summary, missed: [...missed.keys()] });
process.exitCode = summary.falseOnSound + summary.falseOnHarmless + falseCriticals === 0 ? 0 : 1;
