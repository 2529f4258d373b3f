// What Ceph needs of a spec: disks it may take, and enough hosts that a lost one costs neither data nor service.
import { own } from '../lookup.ts';
import { plural } from '../../lib/text.ts';
import type { Hit } from './rule.ts';
import { membersOf, specRule } from './rule.ts';

const COPIES = 3;

export default specRule({
  id: 'spec.ceph-storage',
  severity: 'critical',
  impact: 'Ceph stores nothing, and services that keep their data in it do not start.',
  source: 'https://docs.ceph.com/en/reef/architecture/',
  reads: ['hosts', 'services', 'preset'],
  check: ({ spec, cluster }) => {
    const asked = own(spec.services, 'ceph');
    // A preset's own Ceph is judged when it can be deployed.
    if (asked === undefined || asked === false) return [];
    const options = typeof asked === 'object' ? asked : {};
    return [...deviceHits(own(options, 'devices')), ...hostHits(membersOf(cluster, 'ceph') ?? [])];
  },
});

const PATH = ['services', 'ceph'];

function deviceHits(devices: unknown): readonly Hit[] {
  if (devices === undefined) {
    return [
      {
        path: PATH,
        on: 'key',
        message: 'Ceph is named without devices: no OSD is made.',
        remediation: 'Name the empty disks of its hosts: ceph: { devices: [/dev/disk/by-id/...] }.',
      },
    ];
  }
  const unstable = Array.isArray(devices) ? devices.map(String).filter((path) => /^\/dev\/(sd|vd|hd)/.test(path)) : [];
  if (unstable.length === 0) return [];
  return [
    {
      path: [...PATH, 'devices'],
      severity: 'info',
      impact: 'Kernel names of disks may be others after a boot: a later apply could look at another disk.',
      message: `${unstable.join(', ')}: ${unstable.length === 1 ? 'a kernel name' : 'kernel names'} of disks.`,
      remediation: 'Paths below /dev/disk/by-id or by-path stay the same.',
    },
  ];
}

function hostHits(hosts: readonly string[]): readonly Hit[] {
  if (hosts.length === 0 || hosts.length >= COPIES) return [];
  return [
    {
      path: PATH,
      on: 'key',
      severity: 'warning',
      impact:
        hosts.length === 1 ? 'One copy of the data.' : 'Two copies: when either host is away, nothing is written.',
      message: `Ceph has ${plural(hosts.length, 'storage host')} (${hosts.join(', ')}).`,
      remediation: 'Three hosts with disks: one may fail, and the data has three copies.',
    },
  ];
}
