// Three controllers where Pacemaker starts and moves everything: one VIP per service, spread evenly; compute hosts
// are Pacemaker remotes that are fenced and evacuated.
import { CLOUD_SERVICES, CONTROL_PLANE } from './preset.ts';
import type { Preset } from './preset.ts';
import * as text from './text.ts';

const { keepalived: _moved, ...WITHOUT_KEEPALIVED } = CONTROL_PLANE;

export const pacemakerAll: Preset = {
  name: 'pacemaker-all',
  title: '3 controllers, every service a Pacemaker resource, instance high availability',
  engine: 'pacemaker',
  services: { ...WITHOUT_KEEPALIVED, pacemaker: ['control'], ...CLOUD_SERVICES, 'instance-ha': ['control'] },
  deployable: false,
  text: (answers) => {
    const site = text.siteOf(answers);
    return text.document(
      text.head(site, 'pacemaker-all', 'A cloud on three controllers; Pacemaker starts, moves and fences everything.'),
      text.networks(site),
      text.vips(site, [
        '# one per service, so that they spread over the controllers',
        `identity: { network: data, address: ${text.at(site.data, 21)} }`,
        `image: { network: data, address: ${text.at(site.data, 22)} }`,
        `database: { network: data, address: ${text.at(site.data, 23)} }`,
      ]),
      text.hosts(
        site,
        [
          { name: 'ctl1', roles: ['control', 'network'], rack: 'r1', power: 'a', index: 11, bmc: true },
          { name: 'ctl2', roles: ['control', 'network'], rack: 'r2', power: 'b', index: 12, bmc: true },
          { name: 'ctl3', roles: ['control', 'network'], rack: 'r3', power: 'a', index: 13, bmc: true },
          { name: 'cmp1', roles: ['compute'], rack: 'r1', power: 'a', index: 31, bmc: true },
          { name: 'cmp2', roles: ['compute'], rack: 'r2', power: 'b', index: 32, bmc: true },
        ],
        ['Every host that is to be fenced needs its bmc.'],
      ),
      text.availability('pacemaker', 'host', { critical: '45s', standard: '2min' }),
      text.options(site, ['keystone: { vip: identity }', 'glance: { vip: image }', 'galera: { vip: database }']),
    );
  },
};
