// Two servers that mirror their disks with DRBD: Pacemaker holds the VIPs and starts one MariaDB and one RabbitMQ
// with the mirrored file system; a third machine is the quorum device. No Galera: two members are no majority.
import type { Preset } from './preset.ts';
import * as text from './text.ts';

const BOTH = ['control'] as const;

export const twoNodeDrbd: Preset = {
  name: 'two-node-drbd',
  title: '2 servers with mirrored disks (DRBD), Pacemaker and a quorum device',
  engine: 'pacemaker',
  services: {
    pacemaker: BOTH,
    qdevice: ['arbiter'],
    drbd: BOTH,
    mariadb: BOTH,
    rabbitmq: BOTH,
    memcached: BOTH,
    haproxy: BOTH,
    keystone: BOTH,
    glance: BOTH,
    placement: BOTH,
    nova: BOTH,
    neutron: BOTH,
    horizon: BOTH,
  },
  // One of each, on the mirrored file system; the other server takes over with the data.
  options: {
    mariadb: { mode: 'active-standby' },
    rabbitmq: { mode: 'active-standby' },
    keystone: { mode: 'active-standby' },
    glance: { mode: 'active-standby' },
  },
  deployable: false,
  text: (answers) => {
    const site = text.siteOf(answers);
    return text.document(
      text.head(
        site,
        'two-node-drbd',
        'A cloud on two servers with mirrored disks, and a small third machine that breaks ties.',
      ),
      text.networks(site),
      text.vips(site),
      text.hosts(
        site,
        [
          {
            name: 'srv1',
            roles: ['control', 'network', 'compute', 'storage'],
            rack: 'r1',
            power: 'a',
            index: 11,
            bmc: true,
          },
          {
            name: 'srv2',
            roles: ['control', 'network', 'compute', 'storage'],
            rack: 'r2',
            power: 'b',
            index: 12,
            bmc: true,
          },
          { name: 'tie1', roles: ['arbiter'], rack: 'r3', power: 'a', index: 13 },
        ],
        ['The arbiter holds no data; any small machine on a third power feed will do.'],
      ),
      text.availability('pacemaker', 'host', { critical: '2min', standard: '3min' }),
      text.options(site, ['horizon: { vip: public }', 'neutron: { backend: ovn }'], 'srv1'),
    );
  },
};
