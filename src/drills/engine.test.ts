// The engine from end to end on this machine: a real probe process, a real server that is really frozen or
// stopped, and hosts whose scripts act on that server. Only systemd and ssh are played.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../lib/system-clock.ts';
import type { Cluster } from '../model/cluster.ts';
import type { RunEvent } from '../model/event.ts';
import { atLeast, type FailureRule } from '../model/failure.ts';
import { seconds } from '../model/seconds.ts';
import type { Transport } from '../remote/transport.ts';
import keystoneFrozen from './catalogue/keystone-frozen.ts';
import keystoneStop from './catalogue/keystone-stop.ts';
import type { Drill } from './drill.ts';
import { runDrills } from './engine.ts';
import type { DrillRun } from './run-types.ts';
import { fakeKeystone, type FakeKeystone } from './testing/fake-keystone.ts';

let folder: string;
let keystone: FakeKeystone;
let scripts: string[];

beforeAll(() => {
  const root = join(import.meta.dirname, '../..');
  // Beside the dependencies, so that the compiled program finds them.
  folder = mkdtempSync(join(root, 'node_modules/.probe-test-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const options = '--ignoreConfig --module nodenext --target es2023 --types node --skipLibCheck --rootDir src';
  const main = 'src/drills/testing/probe-main.ts';
  const args = [...options.split(' '), '--rewriteRelativeImportExtensions', '--outDir', folder, main];
  execFileSync(join(root, 'node_modules/.bin/tsc'), args, { cwd: root, stdio: 'pipe' });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  keystone = await fakeKeystone();
  scripts = [];
});
afterEach(() => keystone.stop());

/** Hosts that hold what the scripts ask for; systemctl acts on the one server behind them. */
const transport: Transport = {
  connect: async (host) => ({
    host,
    close: async () => undefined,
    run: async ({ text }) => {
      scripts.push(`${host}: ${text}`);
      if (text.startsWith('ip -o addr')) return answer(host === 'ctl1' ? '2: eno1 inet 10.10.1.10/32' : '');
      if (text.includes('systemd-run')) return answer('');
      if (text.includes('--signal=SIGSTOP')) keystone.freeze();
      if (text.includes('--signal=SIGCONT')) keystone.thaw();
      else if (text.startsWith('systemctl stop keystone')) await keystone.stop();
      else if (text.includes('systemctl start keystone')) await keystone.start();
      return answer('', text.startsWith('systemctl is-active') ? 3 : 0);
    },
  }),
};
const answer = (stdout: string, code = 0) => ({ code, stdout, stderr: '' });

const rule = (high: number): FailureRule => ({
  needs: atLeast(1),
  interruption: { 'process-frozen': { terms: [{ name: 'check', seconds: seconds(0, 1, high), source: 'test' }] } },
});

const quick = (drill: Drill, changes: Partial<Drill> = {}): Drill => ({
  ...drill,
  holdSeconds: 1,
  holdAtMostSeconds: 2,
  healWithinSeconds: 5,
  ...changes,
});

function runOf(drills: readonly Drill[], changes: Partial<DrillRun> = {}): { run: DrillRun; events: RunEvent[] } {
  const events: RunEvent[] = [];
  const cluster = {
    name: 'campus',
    availability: {
      capabilities: { identity: 'critical' },
      tiers: [{ name: 'critical', survives: [], withinSeconds: 5 }],
    },
    twinProfile: [],
  } as unknown as Cluster;
  const login = { user: 'u', userDomain: 'd', password: 'p', project: 'a', projectDomain: 'd', url: keystone.url };
  const run: DrillRun = {
    cluster,
    runId: 'run-1',
    drills,
    transport,
    probes: {
      command: [process.execPath, join(folder, 'drills/testing/probe-main.js')],
      targets: {
        vantage: 'outside',
        trust: {},
        login,
        database: { host: '127.0.0.1', port: 1, user: 'drill', password: 'x' },
      },
    },
    faultActions: { powerOff: async () => undefined, powerOn: async () => undefined },
    health: async () => ({ healthy: true, problems: [] }),
    rules: new Map([['keystone', rule(4)]]),
    vipAddress: '10.10.1.10',
    controlHosts: ['ctl1', 'ctl2', 'ctl3'],
    galeraHosts: [],
    suspectTimeout: 2,
    // Order, loss and healing are judged here; this machine is shared.
    tolerance: 3,
    versions: {},
    lab: true,
    command: 'hastack drill',
    emit: (event) => events.push(event),
    clock: systemClock,
    ...changes,
  };
  return { run, events };
}

describe('runDrills', () => {
  it('measures a frozen service, heals it, and reports who restored it', { timeout: 60_000 }, async () => {
    const { run, events } = runOf([quick(keystoneFrozen)]);
    const report = await runDrills(run);
    const drill = report.drills[0];
    const get = drill?.probes.find((probe) => probe.name === 'http-get');
    const at = (kind: string): number => drill?.marks.find((mark) => mark.kind === kind)?.at ?? Number.NaN;
    // Requests held for less than their deadline when the heal came are answered in time.
    const frozen = at('healed') - at('faulted');
    expect(drill?.fault).toEqual({ kind: 'unit-frozen', target: 'process/ctl2/keystone.service' });
    expect(get?.measuredSeconds).toBeGreaterThan(frozen - 1.5);
    expect(get?.measuredSeconds).toBeLessThan(frozen + 0.3 + 2 * (drill?.control?.loopLagSeconds ?? 0));
    expect(get?.outages[0]?.from).toBeGreaterThan(at('fault') - 0.5);
    expect(drill).toMatchObject({ serviceRestoredBy: 'hastack', partRestoredBy: 'hastack', vipHolder: 'ctl1' });
    // One of three Keystones: others answer meanwhile.
    expect(get?.predicted).toEqual(seconds(0, 0, 4));
    expect(drill?.control?.requests).toBeGreaterThan(100);
    expect(['pass', 'inconclusive']).toContain(drill?.verdict);
    const order = scripts.map((each) => /systemd-run|SIGSTOP/.exec(each)?.[0]).filter((each) => each !== undefined);
    expect(order.slice(0, 2)).toEqual(['systemd-run', 'SIGSTOP']);
    expect(events.some((event) => event.event === 'step-finished' && event.name === 'drill keystone-frozen')).toBe(
      true,
    );
  });

  it('fails a drill in which a request failed that none may', { timeout: 60_000 }, async () => {
    const { run } = runOf([quick(keystoneStop)], { maxAttempts: 1 });
    const drill = (await runDrills(run)).drills[0];
    expect(drill?.probes.find((probe) => probe.name === 'http-get')?.failed).toBeGreaterThan(0);
    expect(['fail', 'inconclusive']).toContain(drill?.verdict);
    if (drill?.verdict === 'fail') expect(drill.reason).toContain('none may');
  });

  it('says why probes cannot start, though their process goes on listening', { timeout: 20_000 }, async () => {
    await keystone.stop();
    const { run } = runOf([quick(keystoneFrozen)]);
    const drill = (await runDrills(run)).drills[0];
    expect(drill).toMatchObject({ verdict: 'fail', probes: [] });
    expect(drill?.reason).toContain('ECONNREFUSED');
    expect(scripts.some((script) => script.includes('SIGSTOP'))).toBe(false);
  });

  it('refuses when the cluster is not healthy, and touches nothing', async () => {
    const health = async () => ({ healthy: false, problems: ['galera on ctl2: not Synced'] });
    const { run } = runOf([quick(keystoneFrozen)], { health });
    const report = await runDrills(run);
    expect(report.drills[0]).toMatchObject({ verdict: 'refused', probes: [] });
    expect(report.drills[0]?.reason).toContain('not Synced');
    expect(scripts).toEqual([]);
  });

  it('heals when it is aborted during the fault', { timeout: 60_000 }, async () => {
    const abort = new AbortController();
    const { run } = runOf([quick(keystoneFrozen, { holdSeconds: 20, holdAtMostSeconds: 30 })], {
      signal: abort.signal,
      emit: (event) => {
        if (event.event === 'note' && event.message.includes('took effect')) abort.abort(new Error('interrupted'));
      },
    });
    await expect(runDrills(run)).rejects.toMatchObject({ code: 'interrupted' });
    expect(scripts.some((script) => script.includes('SIGCONT') && !script.includes('systemd-run'))).toBe(true);
    expect((await fetch(keystone.url)).status).toBe(200);
  });
});
