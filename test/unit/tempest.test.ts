// What a run of Tempest counts for: fixed lines as `tempest run` prints them, through the script's own rules.
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const A = 'tempest.api.compute.servers.test_create_server.ServersTestJSON.test_list_servers';
const B = 'tempest.api.network.test_networks.NetworksTest.test_show_network';
const C = 'tempest.scenario.test_server_basic_ops.TestServerBasicOps.test_server_basic_ops';
const LIST = `some warning\n${A}[id-9a438d88,smoke]\n${B}[id-2bf13842,smoke]\n${C}[id-7fff3fb3,slow,smoke]\n`;

interface Verdict {
  readonly listed: number;
  readonly run: number;
  readonly failed: readonly string[];
  readonly skipped: readonly { readonly test: string; readonly reason: string }[];
  readonly notRun: readonly string[];
  readonly ok: boolean;
}

function judged(lines: readonly string[]): Verdict {
  const program = `import { listed, resultOf, verdict } from './scripts/tempest/results.mjs';
const [list, lines] = JSON.parse(process.argv[1]);
console.log(JSON.stringify(verdict(listed(list), lines.map(resultOf).filter((each) => each !== undefined))));`;
  const argv = ['--input-type=module', '-e', program, JSON.stringify([LIST, lines])];
  return JSON.parse(execFileSync(process.execPath, argv, { encoding: 'utf8' })) as Verdict;
}

it('passes when all of the list was run and nothing failed', () => {
  const lines = [`{0} ${A} [1.234567s] ... ok`, `{1} ${B} [0.5s] ... ok`, 'noise', `{0} ${C} [61.2s] ... ok`];
  expect(judged(lines)).toMatchObject({ listed: 3, run: 3, failed: [], notRun: [], ok: true });
});

it('fails by one failed test, also of a class', () => {
  const ok = [A, B, C].map((test) => `{0} ${test} [1.0s] ... ok`);
  expect(judged([`{0} ${A} [1.0s] ... FAILED`, ...ok.slice(1)])).toMatchObject({ failed: [A], run: 3, ok: false });
  const torn = `{0} tearDownClass (tempest.api.network.test_networks.NetworksTest) [0.0s] ... FAILED`;
  expect(judged([...ok, torn]).ok).toBe(false);
});

it('fails when a class was skipped: its tests are missing from what was run', () => {
  const skipped = '{1} setUpClass (tempest.api.network.test_networks.NetworksTest) [0.0s] ... SKIPPED: no extension';
  const said = judged([`{0} ${A} [1.0s] ... ok`, skipped, `{0} ${C} [1.0s] ... ok`]);
  expect(said).toMatchObject({ run: 2, notRun: [B], ok: false });
  expect(said.skipped).toEqual([{ test: 'tempest.api.network.test_networks.NetworksTest', reason: 'no extension' }]);
});
