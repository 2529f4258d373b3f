// A volume: made, attached to a running instance, written and read back past the cache of the instance; detached at
// the end, when it may have moved with its instance in between.
import { sh } from '../../../remote/shell.ts';
import { awaitState, need } from '../bench.ts';
import type { Bench } from '../bench.ts';
import type { VerifyStep } from '../step.ts';
import { COMPUTE_VERSION } from './instances.ts';
import { instance, onInstance } from './reach.ts';

const DISKS = 'ls /sys/block';
const DISK_SECONDS = 60;

export const volumeStep: VerifyStep = {
  name: 'volume',
  services: ['cinder'],
  after: ['account'],
  deadlineSeconds: 180,
  act: async (bench, signal) => {
    const { volume } = await need(bench, 'user').request<{ readonly volume: { readonly id: string } }>('volume', {
      method: 'POST',
      path: '/volumes',
      body: { volume: { name: bench.name('volume'), size: 1 } },
      signal,
    });
    await volumeIs(bench, { id: volume.id, status: 'available' }, signal);
    bench.made.volume = { id: volume.id, disk: '', checksum: '' };
    return '1 GiB';
  },
};

export const attachStep: VerifyStep = {
  name: 'volume-attached',
  services: ['cinder', 'nova'],
  after: ['volume', 'from-outside'],
  deadlineSeconds: 240,
  act: async (bench, signal) => {
    const { id } = need(bench, 'volume');
    const before = words(await onInstance(bench, { index: 0, text: DISKS }, signal));
    await need(bench, 'user').request('compute', {
      method: 'POST',
      path: `/servers/${instance(bench, 0).id}/os-volume_attachments`,
      version: COMPUTE_VERSION,
      body: { volumeAttachment: { volumeId: id } },
      signal,
    });
    await volumeIs(bench, { id, status: 'in-use' }, signal);
    const disk = await awaitState(bench, {
      what: 'the volume to appear in the instance',
      seconds: DISK_SECONDS,
      signal,
      look: async () =>
        words(await onInstance(bench, { index: 0, text: DISKS }, signal)).find((name) => !before.includes(name)),
      until: (name) => name !== undefined || 'there is no new disk',
    });
    const checksum = await onInstance(
      bench,
      { index: 0, text: writeScript(disk ?? ''), seconds: DISK_SECONDS },
      signal,
    );
    const readBack = await readVolume(bench, disk ?? '', signal);
    if (readBack !== checksum.trim()) throw new Error(`what was read from ${disk} is not what was written`);
    bench.made.volume = { id, disk: disk ?? '', checksum: readBack };
    return `1 MiB written to ${disk} and read back`;
  },
};

export const detachStep: VerifyStep = {
  name: 'volume-detached',
  services: ['cinder', 'nova'],
  after: ['volume-attached'],
  deadlineSeconds: 120,
  act: async (bench, signal) => {
    const { id } = need(bench, 'volume');
    await need(bench, 'user').request('compute', {
      method: 'DELETE',
      path: `/servers/${instance(bench, 0).id}/os-volume_attachments/${id}`,
      signal,
    });
    await volumeIs(bench, { id, status: 'available' }, signal);
    return 'free again';
  },
};

/** Checksum of what is on the disk now, not in memory. */
export async function readVolume(bench: Bench, disk: string, signal: AbortSignal): Promise<string> {
  const text = sh`echo 3 > /proc/sys/vm/drop_caches; dd if=/dev/${disk} bs=65536 count=16 2>/dev/null | sha256sum`;
  return (await onInstance(bench, { index: 0, text, seconds: DISK_SECONDS }, signal)).trim();
}

function writeScript(disk: string): string {
  return [
    'dd if=/dev/urandom of=/tmp/hastack-verify bs=65536 count=16 2>/dev/null',
    sh`dd if=/tmp/hastack-verify of=/dev/${disk} bs=65536 conv=fsync 2>/dev/null`,
    'sha256sum </tmp/hastack-verify',
  ].join(' && ');
}

interface VolumeState {
  readonly id: string;
  readonly status: string;
}

async function volumeIs(bench: Bench, wanted: VolumeState, signal: AbortSignal): Promise<void> {
  await awaitState(bench, {
    what: `the volume to be ${wanted.status}`,
    seconds: 120,
    signal,
    look: async () => {
      const { volume } = await need(bench, 'user').request<{ readonly volume: VolumeState }>('volume', {
        path: `/volumes/${wanted.id}`,
        signal,
      });
      return volume.status;
    },
    until: (status) => {
      if (status.startsWith('error')) throw new Error(`the volume is in ${status}; cinder-volume's log says why`);
      return status === wanted.status || `it is ${status}`;
    },
  });
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
