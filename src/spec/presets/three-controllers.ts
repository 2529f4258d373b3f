// Three controllers: HAProxy and Keepalived, Galera, RabbitMQ and memcached on all three, every API active/active.
import { CLOUD_SERVICES, CONTROL_PLANE } from './preset.ts';
import type { Preset } from './preset.ts';
import * as text from './text.ts';

export const threeControllers: Preset = {
  name: 'three-controllers',
  title: '3 controllers, everything active/active, VIPs moved by Keepalived',
  engine: 'keepalived',
  services: { ...CONTROL_PLANE, ...CLOUD_SERVICES },
  deployable: true,
  text: (answers) => {
    const site = text.siteOf(answers);
    return text.document(
      text.head(site, 'three-controllers', 'A cloud on three controllers: any one of them may fail.'),
      text.networks(site),
      text.vips(site),
      text.hosts(site, [
        { name: 'ctl1', roles: ['control', 'network'], rack: 'r1', power: 'a', index: 11 },
        { name: 'ctl2', roles: ['control', 'network'], rack: 'r2', power: 'b', index: 12 },
        { name: 'ctl3', roles: ['control', 'network'], rack: 'r3', power: 'a', index: 13 },
      ]),
      text.availability('keepalived', 'host, rack'),
      text.options(site, ['keystone: { region: RegionOne }', 'memcached: { memory: 1G }', 'horizon: false']),
    );
  },
};
