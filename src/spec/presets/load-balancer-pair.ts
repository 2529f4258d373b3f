// Two dedicated load balancers in front of three controllers, and a VIP of its own for the database.
import { CLOUD_SERVICES, CONTROL_PLANE } from './preset.ts';
import type { Preset } from './preset.ts';
import * as text from './text.ts';

export const loadBalancerPair: Preset = {
  name: 'load-balancer-pair',
  title: '2 dedicated load balancers in front of 3 controllers',
  engine: 'keepalived',
  services: { ...CONTROL_PLANE, ...CLOUD_SERVICES },
  deployable: false,
  lacks: ['a VIP of its own for Galera'],
  text: (answers) => {
    const site = text.siteOf(answers);
    return text.document(
      text.head(site, 'load-balancer-pair', 'A cloud on three controllers behind two load balancers.'),
      text.networks(site),
      text.vips(site, [
        '# the database, apart from the APIs',
        `database: { network: data, address: ${text.at(site.data, 20)} }`,
      ]),
      text.hosts(site, [
        { name: 'lb1', roles: ['balancer'], rack: 'r1', power: 'a', index: 51 },
        { name: 'lb2', roles: ['balancer'], rack: 'r2', power: 'b', index: 52 },
        { name: 'ctl1', roles: ['control', 'network'], rack: 'r1', power: 'a', index: 11 },
        { name: 'ctl2', roles: ['control', 'network'], rack: 'r2', power: 'b', index: 12 },
        { name: 'ctl3', roles: ['control', 'network'], rack: 'r3', power: 'a', index: 13 },
      ]),
      text.availability('keepalived', 'host, rack'),
      text.options(site, ['galera: { vip: database }', 'horizon: { vip: public }']),
    );
  },
};
