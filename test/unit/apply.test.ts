// Whole runs of the engine on a cluster in memory: deploying, changing, being killed at every event, refusing.
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { fakeClock } from '../../src/lib/fake-clock.ts';
import type { RunEvent } from '../../src/model/event.ts';
import type { HastackError } from '../../src/model/error.ts';
import { FakeTransport } from '../../src/remote/fake.ts';
import { applyCluster } from '../../src/engine/apply.ts';
import type { ApplyOutcome } from '../../src/engine/apply.ts';
import { checkReachable } from '../../src/engine/connect.ts';
import type { DesiredState } from '../../src/engine/desired.ts';
import { planCluster } from '../../src/engine/plan.ts';
import type { PlannedCluster } from '../../src/engine/plan.ts';
import { fakeCluster, fakeKinds } from '../support/fake-kinds.ts';
import { FakeWorld } from '../support/fake-world.ts';

const HOSTS = ['ctl1', 'ctl2', 'ctl3'];

interface Run {
  readonly planned?: PlannedCluster;
  readonly outcome?: ApplyOutcome;
  readonly error?: HastackError;
  readonly events: readonly RunEvent[];
}

interface RunOptions {
  readonly desired?: DesiredState;
  readonly apply?: boolean;
  readonly away?: readonly string[];
  /** Cuts every connection when the n-th event is emitted, as kill -9 does. */
  readonly killAt?: number;
}

async function run(world: FakeWorld, options: RunOptions = {}): Promise<Run> {
  const clock = fakeClock();
  const transport = new FakeTransport(world.handlers());
  for (const host of options.away ?? []) transport.cut(host);
  const events: RunEvent[] = [];
  let seed = 0;
  const context = {
    transport,
    clock,
    kinds: fakeKinds,
    random: (length: number) => new Uint8Array(length).fill((seed += 1)),
    emit: (event: RunEvent) => {
      events.push(event);
      if (events.length === options.killAt) transport.cutAll();
    },
  };
  const work = async (): Promise<Run> => {
    const desired = options.desired ?? fakeCluster(HOSTS);
    try {
      const connections = await checkReachable(context, desired.hosts);
      const planned = await planCluster(context, desired, connections);
      if (options.apply === false) return { planned, events };
      return { planned, outcome: await applyCluster(context, planned, connections), events };
    } catch (error) {
      if ((error as HastackError).code === undefined) throw error;
      return { error: error as HastackError, events };
    }
  };
  const progress = { ended: false };
  const working = work().finally(() => (progress.ended = true));
  while (!progress.ended) {
    await turn();
    if (clock.sleepers > 0) await clock.advance(50);
  }
  return working;
}

async function deployed(): Promise<FakeWorld> {
  const world = new FakeWorld(HOSTS);
  const { outcome } = await run(world);
  expect(outcome).toMatchObject({ ok: true, failures: [], waiting: [] });
  return world;
}

/** `ctl1/file:hosts update` for each planned change. */
async function plan(world: FakeWorld, options: RunOptions = {}): Promise<readonly string[]> {
  const { planned } = await run(world, { ...options, apply: false });
  return (planned?.plan.changes ?? []).map(({ host, resource, action }) => `${host}/${resource} ${action}`);
}

describe('a deployment', () => {
  test('brings everything up in order; the second plan is empty and the second apply touches nothing', async () => {
    const world = await deployed();
    expect(world.violations).toEqual([]);
    expect(world.rows).toEqual(new Set(['keystone']));
    const before = { starts: world.starts(), writes: HOSTS.map((host) => world.host(host).writes) };
    expect(Object.values(before.starts)).toEqual(Array.from({ length: 9 }, () => 1));
    expect(await plan(world)).toEqual([]);
    const again = await run(world);
    expect(again.outcome).toMatchObject({ ok: true, changed: 0 });
    expect({ starts: world.starts(), writes: HOSTS.map((host) => world.host(host).writes) }).toEqual(before);
  });

  test('starts no component before those it comes after, also when only a certificate says so', async () => {
    const world = new FakeWorld(HOSTS);
    const { events } = await run(world);
    const at = (event: RunEvent['event'], component: string): number =>
      events.findIndex((one) => one.event === event && 'component' in one && one.component === component);
    expect(at('component-finished', 'pki')).toBeLessThan(at('component-started', 'galera'));
    expect(at('component-finished', 'galera')).toBeLessThan(at('component-started', 'keystone'));
  });

  test('killed at every event, the next run finishes it and the plan is empty', async () => {
    const total = (await run(new FakeWorld(HOSTS))).events.length;
    expect(total).toBeGreaterThan(60);
    for (let killAt = 1; killAt <= total; killAt += 1) {
      const world = new FakeWorld(HOSTS);
      await run(world, { killAt });
      const { outcome } = await run(world);
      expect({ killAt, ok: outcome?.ok, failures: outcome?.failures }).toEqual({ killAt, ok: true, failures: [] });
      expect({ killAt, plan: await plan(world), violations: world.violations }).toEqual({
        killAt,
        plan: [],
        violations: [],
      });
    }
  });
});

describe('a change', () => {
  const changed = fakeCluster(HOSTS, { galeraConfig: 'g2', keystoneConfig: 'k2' });

  test('shows the files and the restarts that follow, and nothing else', async () => {
    const world = await deployed();
    expect(await plan(world, { desired: fakeCluster(HOSTS, { keystoneConfig: 'k2' }) })).toEqual(
      HOSTS.flatMap((host) => [`${host}/file:keystone.conf update`, `${host}/unit:keystone restart`]),
    );
  });

  test('restarts one member at a time, drained, once each', async () => {
    const world = await deployed();
    const { outcome, events } = await run(world, { desired: changed });
    expect(outcome?.ok).toBe(true);
    expect(world.violations).toEqual([]);
    const starts = world.starts();
    for (const host of HOSTS) {
      expect(starts[`${host}/galera`]).toBe(2);
      expect(starts[`${host}/keystone`]).toBe(2);
      expect(starts[`${host}/haproxy`]).toBe(1);
      expect(world.host(host).drainedMembers.size).toBe(0);
    }
    const steps = events.flatMap((one) => (one.event === 'member-step' && one.group === 'keystone' ? [one.does] : []));
    expect(steps.filter((does) => does.startsWith('drain'))).toHaveLength(9);
  });

  test('killed at every event, no member stays drained and no restart is forgotten', async () => {
    const total = (await run(await deployed(), { desired: changed })).events.length;
    for (let killAt = 1; killAt <= total; killAt += 1) {
      const world = await deployed();
      await run(world, { desired: changed, killAt });
      const { outcome } = await run(world, { desired: changed });
      const facts = {
        killAt,
        ok: outcome?.ok,
        plan: await plan(world, { desired: changed }),
        violations: world.violations,
      };
      expect(facts).toEqual({ killAt, ok: true, plan: [], violations: [] });
      for (const host of world.hosts.values()) {
        expect([killAt, host.drainedMembers.size]).toEqual([killAt, 0]);
        expect([killAt, host.units.get('galera')?.config]).toEqual([killAt, expect.stringContaining('g2')]);
        expect([killAt, host.units.get('keystone')?.config]).toEqual([killAt, expect.stringContaining('k2')]);
      }
    }
  });

  test('a gate that fails stops the rolling restart', async () => {
    const world = await deployed();
    world.sickAfterRestart.add('ctl2');
    // It serves until it is restarted.
    const { outcome } = await run(world, { desired: changed });
    expect(outcome?.ok).toBe(false);
    expect(outcome?.failures[0]).toMatchObject({ code: 'apply-failed', host: 'ctl2' });
    expect(world.starts()['ctl3/galera']).toBe(1);
    expect(world.violations).toEqual([]);
  });

  test('drift is named exactly and mended exactly', async () => {
    const world = await deployed();
    world.host('ctl2').files.set('haproxy.cfg', 'edited by hand');
    const galera = world.host('ctl3').units.get('galera');
    if (galera !== undefined) galera.enabled = false;
    expect(await plan(world)).toEqual([
      'ctl2/unit:haproxy update',
      'ctl2/file:haproxy.cfg update',
      'ctl3/unit:galera update',
    ]);
    const { outcome } = await run(world);
    expect(outcome).toMatchObject({ ok: true, changed: 3 });
    expect(world.starts()['ctl3/galera']).toBe(1);
  });
});

describe('what is away or broken', () => {
  test('one host of three off: no quorum member restarts, the verdict says what waits', async () => {
    const world = await deployed();
    const desired = fakeCluster(HOSTS, { galeraConfig: 'g2' });
    const { outcome } = await run(world, { desired, away: ['ctl3'] });
    expect(outcome).toMatchObject({ ok: false, failures: [], unread: [{ host: 'ctl3' }] });
    expect(outcome?.waiting.map(({ host }) => host)).toEqual(expect.arrayContaining(['ctl1', 'ctl2', 'ctl3']));
    expect(world.starts()).toMatchObject({ 'ctl1/galera': 1, 'ctl2/galera': 1, 'ctl3/galera': 1 });
    expect((await run(world, { desired })).outcome?.ok).toBe(true);
    expect(world.starts()).toMatchObject({ 'ctl1/galera': 2, 'ctl2/galera': 2, 'ctl3/galera': 2 });
  });

  test('a service restarts on the others while a balancer is away, and nobody stays drained', async () => {
    const world = await deployed();
    const desired = fakeCluster(HOSTS, { keystoneConfig: 'k2' });
    const { outcome } = await run(world, { desired, away: ['ctl3'] });
    expect(outcome).toMatchObject({ ok: false, failures: [], unread: [{ host: 'ctl3' }] });
    expect(world.starts()).toMatchObject({ 'ctl1/keystone': 2, 'ctl2/keystone': 2, 'ctl3/keystone': 1 });
    expect(HOSTS.map((host) => world.host(host).drainedMembers.size)).toEqual([0, 0, 0]);
    expect((await run(world, { desired })).outcome?.ok).toBe(true);
    expect(world.starts()).toMatchObject({ 'ctl3/keystone': 2 });
  });

  test('first formation with a host away is refused before anything is changed', async () => {
    const world = new FakeWorld(HOSTS);
    const { outcome } = await run(world, { away: ['ctl2'] });
    expect(outcome?.failures[0]).toMatchObject({ code: 'recover-needed' });
    expect(HOSTS.map((host) => world.host(host).writes)).toEqual([0, 0, 0]);
  });

  test('data without a running cluster is refused and names recover; nothing is touched', async () => {
    const world = await deployed();
    world.powerCut();
    const before = HOSTS.map((host) => world.host(host).writes);
    const { outcome } = await run(world);
    expect(outcome).toMatchObject({ ok: false, changed: 0 });
    expect(outcome?.failures[0]).toMatchObject({ code: 'recover-needed' });
    expect(outcome?.failures[0]?.hint).toContain('hastack recover');
    expect(HOSTS.map((host) => world.host(host).writes)).toEqual(before);
    expect(world.rows).toEqual(new Set(['keystone']));
  });

  test('a failing resource stops what comes after and keeps every error', async () => {
    const world = new FakeWorld(HOSTS);
    world.failingFiles.add('galera.cnf');
    const { outcome } = await run(world);
    expect(outcome?.ok).toBe(false);
    expect(outcome?.failures.map(({ host }) => host)).toEqual(HOSTS);
    expect(outcome?.failures[0]?.message).toContain('No space left on device');
    expect(world.host('ctl1').files.has('keystone.conf')).toBe(false);
    world.failingFiles.clear();
    expect((await run(world)).outcome?.ok).toBe(true);
  });

  test('no host at all: exit 3', async () => {
    const { error } = await run(new FakeWorld(HOSTS), { away: HOSTS });
    expect(error).toMatchObject({ code: 'unreachable' });
  });
});
