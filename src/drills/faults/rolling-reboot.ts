// Every host rebooted in turn, each when everything was healthy again: what a new kernel takes.
// The units do what they do at any shutdown: leave the balancers, hand over the VIP, leave Galera. No guard: a host that
// does not come back is for its board, and the others are not rebooted then.
// Manual: proc_sys_kernel(5) random/boot_id
import type { Clock } from '../../model/clock.ts';
import { notYet, ready, waitUntil } from '../../lib/poll.ts';
import { mustRun, type DrillHosts } from '../hosts.ts';
import type { HealthState } from '../run-types.ts';
import type { Fault } from './fault.ts';

export interface RebootPlace {
  readonly hosts: DrillHosts;
  readonly clock: Clock;
  readonly health: (signal?: AbortSignal) => Promise<HealthState>;
}

const BOOT_DEADLINE_MS = 600_000;
const HEALTHY_DEADLINE_MS = 300_000;
const BOOT_ID = 'cat /proc/sys/kernel/random/boot_id; stat -c %Y /proc/1';

export function rebootInTurn(place: RebootPlace, hosts: readonly string[]): Fault {
  return {
    kind: 'host-reboot',
    target: hosts.map((host) => `host/${host}`).join(' '),
    guard: async () => undefined,
    inject: async (signal) => {
      for (const host of hosts) {
        // oxlint-disable-next-line no-await-in-loop
        await reboot(place, host, signal);
        // oxlint-disable-next-line no-await-in-loop
        await awaitHealthy(place, host, signal);
      }
    },
    heal: async () => undefined,
    restored: async () => true,
  };
}

async function reboot({ hosts, clock }: RebootPlace, host: string, signal?: AbortSignal): Promise<void> {
  const before = await mustRun(hosts, host, { text: BOOT_ID, signal });
  // From a unit of its own: the connection this came by is gone before the command could answer.
  const order = 'systemd-run --quiet --collect --on-active=1 systemctl reboot';
  await mustRun(hosts, host, { text: order, signal });
  await waitUntil({
    clock,
    deadlineMs: BOOT_DEADLINE_MS,
    periodMs: 1000,
    what: `${host} to come back from its reboot`,
    ...(signal && { signal }),
    probe: async () => {
      const answer = await hosts.run(host, BOOT_ID, { timeout: 5, signal }).catch(() => undefined);
      if (answer?.code !== 0) return notYet('no answer');
      return answer.stdout === before ? notYet('still running') : ready(undefined);
    },
  });
}

async function awaitHealthy({ clock, health }: RebootPlace, host: string, signal?: AbortSignal): Promise<void> {
  await waitUntil({
    clock,
    deadlineMs: HEALTHY_DEADLINE_MS,
    periodMs: 2000,
    what: `the cluster to be healthy after the reboot of ${host}`,
    ...(signal && { signal }),
    probe: async () => {
      const { healthy, problems } = await health(signal);
      return healthy ? ready(undefined) : notYet(problems.slice(0, 2).join(', '));
    },
  });
}
