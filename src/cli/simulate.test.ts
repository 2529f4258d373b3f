// The command: exit status, files, JSON keys of the contract, contradictions explained. Specs are real files.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initText } from '../spec/init.ts';
import { fakeWorld } from './fake-world.ts';
import { runCli } from './run.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hastack-simulate-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function simulate(text: string, ...flags: readonly string[]) {
  const file = join(folder, 'cluster.yaml');
  await writeFile(file, text);
  const world = fakeWorld();
  const exit = await runCli(['simulate', file, ...flags], world);
  return { exit, world };
}

const SPEC = initText('three-controllers', {});

describe('hastack simulate', () => {
  it('prints the JSON of the contract and nothing else', async () => {
    const { exit, world } = await simulate(SPEC, '--json');
    const report = JSON.parse(world.printed.out);
    expect(exit).toBe(0);
    const scenario = report.scenarios.find((each: { failed: string[] }) => each.failed.includes('host/ctl1'));
    expect(scenario.capabilities.identity).toMatchObject({ state: 'interrupted', seconds: { expected: 2.8 } });
    expect(scenario.capabilities.identity.because[0]).toMatchObject({
      name: expect.any(String),
      source: expect.any(String),
    });
    expect(report.singlePointsOfFailure).toContainEqual(expect.objectContaining({ element: 'network/data' }));
    expect(report.availability.identity.minutesPerYear.expected).toBeGreaterThan(0);
  });

  it('leaves failures without effect out unless all are asked for', async () => {
    const names = async (...flags: string[]) =>
      JSON.parse((await simulate(SPEC, '--json', ...flags)).world.printed.out).scenarios.flatMap(
        (each: { members: string[][] }) => each.members.flat(),
      );
    expect(await names()).not.toContain('external/operator');
    expect(await names('--all')).toContain('external/operator');
  });

  it('exits 1 when a promise is broken, and says what to add', async () => {
    const { exit, world } = await simulate(SPEC.replace('rack: r2', 'rack: r1'));
    expect(exit).toBe(1);
    expect(world.printed.out).toMatch(
      /broken: The tier critical promises identity to survive the loss of a rack.*rack\/r1/,
    );
  });

  it('writes the page and the drawing', async () => {
    const { world } = await simulate(SPEC, '--html', 'page.html', '--svg', 'map.svg');
    expect(world.disk.get('page.html')).toContain('<!doctype html>');
    expect(world.disk.get('map.svg')).toContain('<svg');
  });

  it('explains a contradiction instead of simulating it', async () => {
    const { exit, world } = await simulate(SPEC.replace('data: 10.10.10.12', 'data: 10.10.10.11'));
    expect(exit).toBe(2);
    expect(world.printed.err).toContain('10.10.10.11');
    expect(world.printed.err).not.toContain('    at ');
  });

  it('refuses other numbers of failures', async () => {
    const { exit, world } = await simulate(SPEC, '--failures', '3');
    expect(exit).toBe(2);
    expect(world.printed.err).toContain('must be 1 or 2');
  });
});
