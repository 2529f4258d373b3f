// A verification against the fake cloud: instances answer as long as the fake has them, time runs twenty times as
// fast, everything else is the real thing.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../lib/system-clock.ts';
import type { Clock } from '../../model/clock.ts';
import type { RunEvent } from '../../model/event.ts';
import { httpClient } from '../../net/http.ts';
import { vncGreeting } from '../../net/vnc.ts';
import { logInToDashboard } from '../../openstack/dashboard.ts';
import type { GuestAccess, GuestResult } from '../../remote/guest-ssh.ts';
import { benchFor } from '../verify/bench.ts';
import type { VerifySettings } from '../verify/bench.ts';
import { verify } from '../verify/engine.ts';
import { VERIFY_STEPS } from '../verify/steps.ts';
import { sweep } from '../verify/sweep.ts';
import { table } from './fake-state.ts';
import type { FakeCloud } from './fake-cloud.ts';

const FASTER = 20;

export const fastClock: Clock = {
  now: () => systemClock.now(),
  monotonic: () => systemClock.monotonic() * FASTER,
  sleep: (ms, signal) => systemClock.sleep(ms / FASTER, signal),
};

const ALL_DEPLOYED = ['keystone', 'glance', 'nova', 'neutron', 'cinder', 'heat', 'horizon'] as const;

export function settingsFor(cloud: FakeCloud, changed: Partial<VerifySettings> = {}): VerifySettings {
  return {
    runId: '20260102-030405-abcdef',
    services: new Set(ALL_DEPLOYED),
    admin: {
      url: `${cloud.url}/identity/v3`,
      user: 'admin',
      password: 'secret',
      project: { name: 'admin' },
      region: 'RegionOne',
    },
    password: 'of-the-user',
    image: undefined,
    external: {
      physicalNetwork: 'external',
      cidr: '203.0.113.0/24',
      gateway: '203.0.113.1',
      first: '203.0.113.100',
      last: '203.0.113.199',
    },
    dashboardUrl: `${cloud.url}/dashboard/`,
    ...changed,
  };
}

export interface Options {
  readonly changed?: Partial<VerifySettings>;
  readonly signal?: AbortSignal;
  readonly emit?: (event: RunEvent) => void;
  /** As if the program had been killed before it cleaned up. */
  readonly killed?: boolean;
  readonly sweepMs?: number;
}

export async function verifyFake(cloud: FakeCloud, options: Options = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'verify-'));
  const file = join(directory, 'guest.raw');
  writeFileSync(file, Buffer.alloc(1024, 'x'));
  const settings = settingsFor(cloud, { image: { file, format: 'raw', user: 'root' }, ...options.changed });
  const clock = fastClock;
  const client = httpClient({ clock, connection: 'fresh' });
  const bench = benchFor(settings, {
    client,
    clock,
    guests: fakeGuests(cloud),
    vnc: (url, signal) => vncGreeting({ url, trust: {}, clock, deadlineMs: 60_000, signal }),
    dashboard: (login) => logInToDashboard({ ...login, client }),
  });
  try {
    return await verify({
      bench,
      steps: VERIFY_STEPS,
      sweep: async () =>
        options.killed === true || bench.made.admin === undefined
          ? []
          : sweep({
              client,
              clock,
              admin: settings.admin,
              which: (run) => run === settings.runId,
              deadlineMs: options.sweepMs ?? 240_000,
            }),
      emit: options.emit ?? (() => undefined),
      signal: options.signal,
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Answers for the instances that the fake has and that are running. */
function fakeGuests({ state }: FakeCloud): GuestAccess {
  const answer = (stdout: string): GuestResult => ({ code: 0, stdout: `${stdout}\n`, stderr: '' });
  return {
    publicKey: 'ssh-ed25519 AAAA verify',
    close: () => undefined,
    run: async ({ through, address }, { text }) => {
      const servers = [...table(state, 'servers').values()].filter((row) => row['status'] === 'ACTIVE');
      const floating = [...table(state, 'floatingips').values()].find(
        (row) => row['floating_ip_address'] === (through ?? address),
      );
      const server = servers.find((row) => row['port'] === floating?.['port_id']);
      if (server === undefined) return { code: 255, stdout: '', stderr: 'ssh: connect to host: No route to host' };
      if (text === 'ls /sys/block') {
        const attached = [...table(state, 'volumes').values()].some((row) => row['on'] === server.id);
        return answer(attached ? 'vda\nvdb' : 'vda');
      }
      if (text.includes('sha256sum')) return answer('5ca1ab1e  -');
      if (text.includes('boot_id')) return answer('7b0071d0');
      return answer('guest');
    },
  };
}
