// Live migration: the first instance moves to another host while it runs. The second one goes first, because the two
// must not share a host. The same kernel must be running afterwards, with the volume it had.
import { awaitState, need } from '../bench.ts';
import type { Bench } from '../bench.ts';
import { isStatus } from '../../../openstack/api-error.ts';
import { notHere } from '../step.ts';
import type { VerifyStep } from '../step.ts';
import { COMPUTE_VERSION, computeHosts, settled } from './instances.ts';
import { instance, onInstance } from './reach.ts';
import { readVolume } from './volume.ts';

const BOOT_ID = 'cat /proc/sys/kernel/random/boot_id';

export const migrationStep: VerifyStep = {
  name: 'live-migration',
  services: ['nova', 'neutron'],
  after: ['from-outside'],
  deadlineSeconds: 420,
  act: async (bench, signal) => {
    const hosts = await computeHosts(bench, signal);
    if (hosts.length < 2) return notHere(`${hosts.join(', ') || 'no host'} alone runs instances`);
    await deleteInstance(bench, instance(bench, 1).id, signal);
    const { id, host: from } = instance(bench, 0);
    const before = await onInstance(bench, { index: 0, text: BOOT_ID }, signal);
    const started = bench.tools.clock.monotonic();
    await need(bench, 'admin').request('compute', {
      method: 'POST',
      path: `/servers/${id}/action`,
      version: COMPUTE_VERSION,
      body: { 'os-migrateLive': { host: null, block_migration: 'auto' } },
      signal,
    });
    const to = await moved(bench, { id, from }, signal);
    const seconds = (bench.tools.clock.monotonic() - started) / 1000;
    const after = await onInstance(bench, { index: 0, text: BOOT_ID }, signal);
    if (after !== before) throw new Error('the instance was started anew on the way');
    const { volume } = bench.made;
    if (
      volume !== undefined &&
      volume.disk !== '' &&
      (await readVolume(bench, volume.disk, signal)) !== volume.checksum
    ) {
      throw new Error(`the volume ${volume.disk} reads otherwise than before`);
    }
    return `${from} to ${to} in ${seconds.toFixed(1)} s${volume?.disk ? ', with its volume' : ''}`;
  },
};

interface Moving {
  readonly id: string;
  readonly from: string;
}

async function moved(bench: Bench, { id, from }: Moving, signal: AbortSignal): Promise<string> {
  const server = await settled(
    bench,
    {
      id,
      what: 'the live migration',
      seconds: 300,
      also: (seen) => seen['OS-EXT-SRV-ATTR:host'] !== from || 'it is still where it was',
    },
    signal,
  ).catch(async (error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : String(error)}${await migrationStatus(bench, id)}`, {
      cause: error,
    });
  });
  return server['OS-EXT-SRV-ATTR:host'] ?? 'an unknown host';
}

/** Nova says it in a list of its own; the instance itself only goes back to ACTIVE. */
async function migrationStatus(bench: Bench, id: string): Promise<string> {
  try {
    const { migrations } = await need(bench, 'admin').request<{
      readonly migrations: readonly { readonly status: string; readonly dest_compute: string | null }[];
    }>('compute', { path: `/os-migrations?instance_uuid=${id}`, version: COMPUTE_VERSION, deadlineMs: 10_000 });
    const [last] = migrations;
    return last === undefined ? '; nova has no migration of it' : `; nova says: ${last.status} to ${last.dest_compute}`;
  } catch {
    return '';
  }
}

async function deleteInstance(bench: Bench, id: string, signal: AbortSignal): Promise<void> {
  const user = need(bench, 'user');
  await user.request('compute', { method: 'DELETE', path: `/servers/${id}`, signal });
  await awaitState(bench, {
    what: 'the second instance to be deleted',
    seconds: 90,
    signal,
    look: async () =>
      user.request('compute', { path: `/servers/${id}`, signal }).then(
        () => false,
        (error: unknown) => {
          if (isStatus(error, 404)) return true;
          throw error;
        },
      ),
    until: (gone) => gone || 'it is still there',
  });
}
