// Two controllers, three network hosts and computes: the third member of Galera and RabbitMQ and the load
// balancers are on network hosts.
import { CLOUD_SERVICES, CONTROL_PLANE } from './preset.ts';
import type { Preset } from './preset.ts';
import * as text from './text.ts';

const CONTROLLER = ['control', 'database', 'messaging'];

export const splitPlane: Preset = {
  name: 'split-plane',
  title: '2 controllers and 3 network hosts that carry the third members and the VIPs',
  engine: 'keepalived',
  services: { ...CONTROL_PLANE, ...CLOUD_SERVICES },
  deployable: false,
  lacks: ['L3 and DHCP high availability on network hosts'],
  text: (answers) => {
    const site = text.siteOf(answers);
    return text.document(
      text.head(site, 'split-plane', 'A cloud on two controllers and three network hosts.'),
      text.networks(site),
      text.vips(site),
      text.hosts(
        site,
        [
          { name: 'ctl1', roles: CONTROLLER, rack: 'r1', power: 'a', index: 11 },
          { name: 'ctl2', roles: CONTROLLER, rack: 'r2', power: 'b', index: 12 },
          { name: 'net1', roles: ['network', 'balancer', 'database', 'messaging'], rack: 'r3', power: 'a', index: 21 },
          { name: 'net2', roles: ['network', 'balancer'], rack: 'r1', power: 'b', index: 22 },
          { name: 'net3', roles: ['network', 'balancer'], rack: 'r2', power: 'a', index: 23 },
          { name: 'cmp1', roles: ['compute'], rack: 'r1', power: 'a', index: 31 },
          { name: 'cmp2', roles: ['compute'], rack: 'r2', power: 'b', index: 32 },
        ],
        ['The roles database and messaging say where the three members of Galera and RabbitMQ are.'],
      ),
      // Images lie on the controllers until a store is named: no promise about them, or about what boots from them.
      text.availability('keepalived', 'host, rack', {
        critical: '10s',
        standard: '60s',
        capabilities: 'identity: critical, dashboard: standard',
      }),
      text.options(site, ['horizon: { vip: public }', 'neutron: { backend: ovs }']),
    );
  },
};
