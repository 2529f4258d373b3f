// Three controllers and three storage hosts with Ceph for images, volumes and backups, and Octavia.
import { CLOUD_SERVICES, CONTROL_PLANE } from './preset.ts';
import type { Preset } from './preset.ts';
import * as text from './text.ts';

export const ceph: Preset = {
  name: 'ceph',
  title: '3 controllers, 3 storage hosts with Ceph, load balancers as a service',
  engine: 'keepalived',
  services: { ...CONTROL_PLANE, ...CLOUD_SERVICES, ceph: ['storage'], etcd: ['control'], octavia: ['control'] },
  options: { glance: { store: 'ceph' }, cinder: { store: 'ceph' } },
  deployable: false,
  text: (answers) => {
    const site = text.siteOf(answers);
    return text.document(
      text.head(site, 'ceph', 'A cloud on three controllers and three storage hosts with Ceph.'),
      text.networks(site),
      text.vips(site),
      text.hosts(site, [
        { name: 'ctl1', roles: ['control', 'network'], rack: 'r1', power: 'a', index: 11 },
        { name: 'ctl2', roles: ['control', 'network'], rack: 'r2', power: 'b', index: 12 },
        { name: 'ctl3', roles: ['control', 'network'], rack: 'r3', power: 'a', index: 13 },
        { name: 'sto1', roles: ['storage'], rack: 'r1', power: 'a', index: 41 },
        { name: 'sto2', roles: ['storage'], rack: 'r2', power: 'b', index: 42 },
        { name: 'sto3', roles: ['storage'], rack: 'r3', power: 'a', index: 43 },
        { name: 'cmp1', roles: ['compute'], rack: 'r1', power: 'a', index: 31 },
        { name: 'cmp2', roles: ['compute'], rack: 'r2', power: 'b', index: 32 },
      ]),
      text.availability('keepalived', 'host, rack'),
      text.options(site, ['ceph: { devices: [/dev/disk/by-id/...] }', 'glance: { store: ceph }', 'octavia: false']),
    );
  },
};
