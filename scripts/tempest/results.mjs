// What a run of Tempest says, line by line, and whether that is enough. Pure.
// A class that is skipped as a whole prints one line for many tests, so tests that were not run are counted from the
// list of the smoke set and not from what was printed.

/** Share of the smoke set that must have been run. */
export const LEAST_SHARE = 0.95;

const RESULT = /^\{\d+\} (\S+?)(?:\[[^\]]*\])? \[[\d.]+s\] \.\.\. (ok|FAILED|SKIPPED)(?:: (.*))?$/;
const SKIPPED_CLASS = /^\{\d+\} (?:setUpClass \((\S+)\)) \[[\d.]+s\] \.\.\. SKIPPED(?:: (.*))?$/;
const FAILED_CLASS = /^\{\d+\} ((?:setUp|tearDown)Class \(\S+\)) \[[\d.]+s\] \.\.\. FAILED$/;

/** `{ test, result, reason }`, or undefined for a line that tells no result. */
export function resultOf(line) {
  const failed = FAILED_CLASS.exec(line);
  if (failed !== null) return { test: failed[1], result: 'failed' };
  const skipped = SKIPPED_CLASS.exec(line);
  if (skipped !== null) return { test: skipped[1], result: 'skipped', reason: skipped[2] ?? '' };
  const match = RESULT.exec(line);
  if (match === null) return undefined;
  const [, test, said, reason] = match;
  if (said === 'SKIPPED') return { test, result: 'skipped', reason: reason ?? '' };
  return { test, result: said === 'ok' ? 'passed' : 'failed' };
}

/** Test ids of `tempest run --list-tests`: what looks like one, without attributes. */
export function listed(output) {
  const ids = output
    .split('\n')
    .map((line) => line.trim().replace(/\[[^\]]*\]$/, ''))
    .filter((line) => /^tempest\.(api|scenario)\.[\w.]+\.test_\w+$/.test(line));
  return [...new Set(ids)];
}

/** `listedTests`: the whole smoke set, before the exclude list. */
export function verdict(listedTests, results) {
  const of = (wanted) => results.filter(({ result }) => result === wanted);
  const smoke = new Set(listedTests);
  const ran = new Set(
    results.filter(({ test, result }) => result !== 'skipped' && smoke.has(test)).map(({ test }) => test),
  );
  const failed = of('failed').map(({ test }) => test);
  const share = smoke.size === 0 ? 0 : ran.size / smoke.size;
  return {
    listed: smoke.size,
    run: ran.size,
    passed: of('passed').length,
    failed,
    skipped: of('skipped').map(({ test, reason }) => ({ test, reason })),
    notRun: [...smoke].filter((test) => !ran.has(test)),
    share,
    ok: failed.length === 0 && share >= LEAST_SHARE,
  };
}
