// OSDs on the devices that the spec names, one per device: BlueStore on a whole disk, or on a file of a given size.
// A device becomes an OSD only when it is empty: no signature, no partition, not in use, zeros at its beginning. What
// holds anything is never touched, and says what it holds. An OSD that an earlier run was cut off from making is
// finished (its identity is noted on the host first). OSDs that exist are only enabled and started.
// Source: ceph-osd(8), wipefs(8), https://docs.ceph.com/en/reef/rados/operations/add-or-rm-osds/
import type { Difference, Reading, Resource, ResourceKind } from '../model/resource.ts';
import { applyOsdScript, readOsdsScript } from './ceph-osd-scripts.ts';
import { known, recordsByIndex, unknown, whole } from './reading.ts';

export interface CephOsdDesired {
  /** Path of a disk (`/dev/disk/by-id/...`), or of a file when it is not below /dev. */
  readonly device: string;
  /** Size of a file that is made, MiB. */
  readonly fileMiB?: number;
}

export type CephOsdState =
  /** `ready`: completely made. */
  | {
      readonly kind: 'osd';
      readonly id: number;
      readonly ready: boolean;
      readonly enabled: boolean;
      readonly active: boolean;
    }
  | { readonly kind: 'begun' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'used'; readonly by: string };

export function cephOsd(options: CephOsdDesired): Resource<CephOsdDesired> {
  if (!/^\/[A-Za-z0-9][A-Za-z0-9_./:+-]*$/.test(options.device) || options.device.includes('/../')) {
    throw new Error(`not a path of a device: ${options.device}`);
  }
  return { id: `ceph-osd:${options.device}`, kind: 'ceph-osd', desired: options };
}

export function isDisk(device: string): boolean {
  return device.startsWith('/dev/');
}

export const cephOsdKind: ResourceKind<CephOsdDesired, CephOsdState> = {
  kind: 'ceph-osd',
  read: (items) => ({ text: readOsdsScript(items), timeout: 60 }),
  parse(output, items) {
    if (!whole(output)) return items.map(() => unknown('devices could not be read'));
    const records = recordsByIndex(output);
    return items.map((_item, index) => parseOsd(records.get(index)?.at(-1) ?? ''));
  },
  diff: diffOsd,
  apply: (desired) => ({ text: applyOsdScript(desired), timeout: 300 }),
};

/** `osd 3 ready enabled active`, `begun`, `empty`, `missing`, `used ext4`. */
function parseOsd(line: string): Reading<CephOsdState> {
  const [word = '', ...rest] = line.split(' ');
  switch (word) {
    case 'osd': {
      const [id = '', made, enabled, active] = rest;
      if (!/^\d+$/.test(id)) return unknown('the device could not be read');
      const state = { id: Number(id), ready: made === 'ready', enabled: enabled === 'enabled' };
      return known({ kind: 'osd', ...state, active: active === 'active' });
    }
    case 'begun':
    case 'empty':
    case 'missing':
      return known({ kind: word });
    case 'used':
      return known({ kind: 'used', by: rest.join(' ') });
    default:
      return unknown('the device could not be read');
  }
}

function diffOsd(desired: CephOsdDesired, reading: Reading<CephOsdState>): Difference | undefined {
  if (!reading.known) return { action: 'create', reason: reading.reason };
  const { state } = reading;
  const create = (reason: string): Difference => ({ action: 'create', reason });
  switch (state.kind) {
    case 'empty':
      return create(
        isDisk(desired.device)
          ? 'takes the whole disk for Ceph: it is empty now, and whatever is on it afterwards belongs to Ceph'
          : 'makes the file and an OSD on it',
      );
    case 'begun':
      return create('an earlier run was cut off while it made an OSD here');
    case 'missing':
      return create('refused, apply stops here: there is no such device');
    case 'used':
      return create(`refused, apply stops here: it is not empty (${state.by}) and is left alone`);
    case 'osd':
      break;
  }
  if (!state.ready) return create(`an earlier run was cut off while it made osd.${state.id}`);
  const reasons = [...(state.enabled ? [] : ['not enabled at boot']), ...(state.active ? [] : ['not running'])];
  return reasons.length === 0 ? undefined : { action: 'update', reason: `osd.${state.id}: ${reasons.join(', ')}` };
}
