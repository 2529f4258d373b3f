// Verification against a small cloud of HTTP: what is done in which order, that everything is gone afterwards wherever
// it breaks, and what it says then.
import { afterEach, describe, expect, it } from 'vitest';
import { httpClient } from '../../net/http.ts';
import { logInToDashboard } from '../../openstack/dashboard.ts';
import { fakeCloud } from '../testing/fake-cloud.ts';
import type { FakeCloud, FakeCloudOptions } from '../testing/fake-cloud.ts';
import { insert } from '../testing/fake-state.ts';
import { fastClock, settingsFor, verifyFake } from '../testing/verify-bench.ts';
import { removeLeftovers } from './leftovers.ts';
import { verifyReport } from './report.ts';
import { VERIFY_STEPS } from './steps.ts';

const clouds: FakeCloud[] = [];
afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.close()));
});

async function cloudWith(options: FakeCloudOptions = {}): Promise<FakeCloud> {
  const cloud = await fakeCloud(options);
  clouds.push(cloud);
  return cloud;
}

const failedSteps = (report: Awaited<ReturnType<typeof verifyFake>>) => report.steps.filter(({ ok }) => !ok);

describe('verify on a cloud with everything', () => {
  it('passes every step in order and leaves nothing', async () => {
    const cloud = await cloudWith();
    const report = await verifyFake(cloud);
    expect(failedSteps(report)).toEqual([]);
    expect(report.skipped).toEqual([]);
    expect(report.steps.map(({ name }) => name)).toEqual([...VERIFY_STEPS.map(({ name }) => name), 'clean-up']);
    expect(report.ok).toBe(true);
    expect(cloud.left()).toEqual([]);
    expect(verifyReport.parse(report)).toEqual(report);
    const detail = (name: string): string => report.steps.find((step) => step.name === name)?.detail ?? '';
    expect(detail('instances')).toBe('two, on cmp1 and cmp2');
    expect(detail('console')).toMatch(/^RFB 003.008 through 127.0.0.1/);
    expect(detail('live-migration')).toMatch(/^cmp1 to cmp2 in .*, with its volume$/);
    expect(detail('dashboard')).toContain('/dashboard/project/');
  });

  it('uses the external network of the cloud and leaves it alone', async () => {
    const cloud = await cloudWith();
    insert(cloud.state, 'networks', { name: 'public', 'router:external': true });
    const report = await verifyFake(cloud);
    expect(failedSteps(report)).toEqual([]);
    expect(report.steps.find(({ name }) => name === 'router')?.detail).toContain('to public');
    expect(cloud.left()).toEqual(['networks public']);
  });
});

describe('what is not there', () => {
  it('is skipped with the reason, never passed', async () => {
    const cloud = await cloudWith({ services: ['identity'] });
    const report = await verifyFake(cloud, { changed: { services: new Set(['keystone']), image: undefined } });
    expect(report.steps.map(({ name, ok }) => [name, ok])).toEqual([
      ['log-in', true],
      ['account', true],
      ['clean-up', true],
    ]);
    expect(report.ok).toBe(true);
    expect(report.skipped.find(({ name }) => name === 'instances')?.reason).toBe(
      'nova, neutron, glance are not deployed',
    );
    expect(report.skipped).toHaveLength(VERIFY_STEPS.length - 2);
    expect(cloud.left()).toEqual([]);
  });

  it('is a failure when the spec says it is deployed', async () => {
    const cloud = await cloudWith({ services: ['identity', 'compute', 'network', 'image', 'orchestration'] });
    const report = await verifyFake(cloud);
    expect(failedSteps(report)).toMatchObject([
      { name: 'volume', detail: 'the catalogue has no public endpoint of volumev3 or block-storage' },
    ]);
    expect(report.skipped).toContainEqual({ name: 'volume-attached', reason: 'volume failed' });
    expect(report.ok).toBe(false);
  });

  it('is no second host: instances share one, and none is moved', async () => {
    const cloud = await cloudWith({ computeHosts: ['cmp1'] });
    const report = await verifyFake(cloud);
    expect(failedSteps(report)).toEqual([]);
    expect(report.skipped).toEqual([{ name: 'live-migration', reason: 'cmp1 alone runs instances' }]);
    expect(report.steps.find(({ name }) => name === 'between-instances')?.detail).toContain('both on cmp1');
  });
});

describe('a request that fails', () => {
  it('leaves nothing behind, whichever it is', async () => {
    const whole = await cloudWith();
    await verifyFake(whole);
    const cleanUpBegins = whole.changes.findLastIndex((change) => /^POST .*(stacks|dashboard)/.test(change));
    const making = whole.changes
      .slice(0, cleanUpBegins + 1)
      .map((change) => change.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '[0-9a-f-]{36}').replaceAll('?', '\\?'));
    const points = [...new Set(making)].map((change) => new RegExp(`^${change}$`));
    expect(points.length).toBeGreaterThan(25);
    await Promise.all(
      points.map(async (point) => {
        const cloud = await cloudWith();
        cloud.fail(point, 1);
        const report = await verifyFake(cloud);
        expect(report.ok, String(point)).toBe(false);
        expect(failedSteps(report)[0]?.detail, String(point)).toMatch(/500|refused/);
        expect(cloud.left(), String(point)).toEqual([]);
        expect(report.leftBehind, String(point)).toEqual([]);
      }),
    );
  }, 60_000);

  it('is told with service, call, status, message and request', async () => {
    const cloud = await cloudWith();
    cloud.fail(/^POST \/network\/v2.0\/routers$/);
    const report = await verifyFake(cloud);
    expect(failedSteps(report)).toMatchObject([
      { name: 'router', detail: 'network POST /routers answered 500: broken for the test (request req-1)' },
    ]);
    expect(report.skipped.map(({ name }) => name)).toContain('floating-address');
  });

  it('that never answers ends its step, and the others are still tried', async () => {
    const cloud = await cloudWith();
    cloud.hang(/^POST \/volume\//);
    const report = await verifyFake(cloud);
    expect(failedSteps(report)).toMatchObject([{ name: 'volume' }]);
    expect(failedSteps(report)[0]?.detail).toMatch(/^volume POST \/volumes: no answer from 127.0.0.1:\d+: timeout$/);
    expect(report.steps.find(({ name }) => name === 'dashboard')?.ok).toBe(true);
    expect(cloud.left()).toEqual([]);
  });

  it('of the clean-up is said: what could not be removed', async () => {
    const cloud = await cloudWith();
    cloud.fail(/^DELETE \/volume\//);
    const report = await verifyFake(cloud, { sweepMs: 10_000 });
    expect(report.ok).toBe(false);
    expect(report.leftBehind.join('\n')).toMatch(
      /volume hastack-verify-20260102-030405-abcdef-volume .*broken for the test/,
    );
    expect(failedSteps(report)).toMatchObject([{ name: 'clean-up' }]);
  });
});

describe('the log-in of the dashboard', () => {
  it('says why it was refused', async () => {
    const cloud = await cloudWith();
    const client = httpClient({ clock: fastClock, connection: 'fresh' });
    const login = { client, url: `${cloud.url}/dashboard/`, user: 'admin', deadlineMs: 60_000 };
    expect(await logInToDashboard({ ...login, password: 'secret' })).toBe('/dashboard/project/');
    await expect(logInToDashboard({ ...login, password: 'wrong' })).rejects.toThrow(
      'the log-in was refused: Invalid credentials.',
    );
  });
});

describe('a run that does not reach its end', () => {
  it('cleans up when it is interrupted', async () => {
    const cloud = await cloudWith();
    const interrupt = new AbortController();
    const report = await verifyFake(cloud, {
      signal: interrupt.signal,
      emit: (event) => {
        if (event.event === 'step-finished' && event.name === 'floating-address') interrupt.abort(new Error('stop'));
      },
    });
    expect(report.ok).toBe(false);
    expect(report.steps.at(-1)).toMatchObject({ name: 'clean-up', ok: true });
    expect(cloud.left()).toEqual([]);
  });

  it('was killed: the next run from here removes what it left, another one only when it is old', async () => {
    const cloud = await cloudWith();
    await verifyFake(cloud, { killed: true });
    expect(cloud.left().length).toBeGreaterThan(10);
    const { runId, admin } = settingsFor(cloud);
    const clock = { ...fastClock, now: () => Date.UTC(2026, 0, 2, 3, 30) };
    const client = httpClient({ clock, connection: 'fresh' });
    const options = { client, clock, admin, deadlineMs: 240_000, all: false };
    expect(await removeLeftovers({ ...options, died: undefined })).toMatchObject({ removed: [], leftAlone: [runId] });
    expect(cloud.left().length).toBeGreaterThan(10);
    const later = { ...clock, now: () => Date.UTC(2026, 0, 2, 4, 5) };
    expect(await removeLeftovers({ ...options, clock: later, died: undefined })).toEqual({
      removed: [runId],
      leftAlone: [],
      stuck: [],
    });
    expect(cloud.left()).toEqual([]);
    await verifyFake(cloud, { killed: true });
    expect((await removeLeftovers({ ...options, died: runId })).stuck).toEqual([]);
    expect(cloud.left()).toEqual([]);
  });

  it('never began when nobody answers: that is said as unreachable', async () => {
    const cloud = await cloudWith();
    await cloud.close();
    const { admin } = settingsFor(cloud);
    const client = httpClient({ clock: fastClock, connection: 'fresh' });
    const looking = removeLeftovers({ client, clock: fastClock, admin, deadlineMs: 1000, all: false, died: undefined });
    await expect(looking).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('refused') });
  });
});
