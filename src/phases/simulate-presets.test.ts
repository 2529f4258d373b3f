// What failures of each preset cost, derived by hand: from who holds which VIP, who is in which quorum, which timers
// are rendered. `ok` nobody notices, a number is the expected seconds, `part` a part of the users, `down` everybody.
import { describe } from 'vitest';
import { COMPUTES, option, table } from '../../test/support/failure-table.ts';
import type { Change } from '../../test/support/failure-table.ts';

const all = (hosts: readonly string[], process: string): string =>
  hosts.map((host) => `process/${host}/${process}`).join(' + ');
const CONTROLLERS = ['ctl1', 'ctl2', 'ctl3'];

describe('three-controllers: public VIP on ctl1, internal on ctl2, writes on ctl3', () => {
  table(
    'three-controllers',
    [
      'host/ctl1 → identity 2.8, images part, north-south 2.6, east-west ok, instance-survival ok',
      'host/ctl3 → identity 2.8',
      // The holder loses only its 10G NIC: keepalived tracks it, the VIP moves; Keystone on it is silent for HAProxy.
      'nic/ctl1/data → identity 2.8',
      // The last advert is half an interval old: 2.5 times 0.2 s, a skew of 66/256 of 0.2 s, and the ARP.
      'nic/ctl1/management → identity 0.572, disk-io ok',
      // Refused at once and sent to another server.
      'process/ctl1/keystone → identity ok',
      // Frozen, not dead: accepts and does not answer.
      'process/ctl2/keystone/frozen → identity 2.8',
      // HAProxy alive, all its backends dead: the VIP stays and leads nowhere.
      `${all(CONTROLLERS, 'keystone')} → identity down, east-west ok`,
      `${all(CONTROLLERS, 'memcached')} → identity ok`,
      'process/ctl1/memcached/frozen → identity 0.2',
      // Logging in only reads: another member than the writer is not missed, commits wait for the eviction.
      'process/ctl1/galera → identity ok, images 2.3',
      'process/ctl3/galera → identity 2.3, images 2.3',
      'process/ctl1/haproxy → identity 0.25',
      'process/ctl1/haproxy/frozen → identity 3.02',
      'process/ctl3/haproxy/frozen → identity ok',
      'process/ctl1/rabbitmq/frozen → instances 10, identity ok',
      'rack/r1 → identity 2.8',
      // Power a feeds two of the three.
      'power/a → identity down',
      'host/ctl1 + host/ctl2 → identity down, east-west ok',
      'host/cmp1 → identity ok, instances 60, instance-survival part, east-west ok',
      'nic/cmp1/data → north-south part, east-west part, instance-survival ok',
      // No gateway notices that it lost only the way out.
      'nic/ctl1/external → north-south part, identity ok',
      'network/data → identity down, disk-io down, east-west down',
      'external/uplink → north-south down, identity ok, east-west ok',
      // The machine hastack runs on.
      'external/operator → identity ok, instances ok, north-south ok',
    ],
    [COMPUTES],
  );
});

describe('three controllers, less well done', () => {
  const inOneRack: Change = [
    'rack: r2, power: b }, addresses: { management: 10.10.1.12',
    'rack: r1, power: b }, addresses: { management: 10.10.1.12',
  ];
  describe('two in one rack', () =>
    table('three-controllers', ['rack/r1 → identity down', 'rack/r3 → identity 2.8'], [inOneRack]));
  describe('NFS behind Glance', () => {
    const nfs = option('glance: { store: nfs, server: "10.10.10.50:/glance" }');
    table(
      'three-controllers',
      ['external/nfs → images down, instances down, identity ok', 'host/ctl1 → images 2.8'],
      [COMPUTES, nfs],
    );
  });
  describe('the database VIP and the writer on one host', () => {
    const third: Change = [
      '\n\n# The servers.',
      '\n  third: { network: data, address: 10.10.10.20 }\n\n# The servers.',
    ];
    // Side by side, not one after the other: VIP 0.572 s, eviction 2.3 s, and HAProxy's view of Keystone 2.8 s.
    table(
      'three-controllers',
      ['host/ctl3 → identity 2.8', 'process/ctl3/haproxy/frozen + process/ctl3/galera → identity 3.02'],
      [third, option('galera: { vip: third }')],
    );
  });
  describe('the 10G interface is no bond and one switch carries everything', () => {
    const oneSwitch: Change = ['domains: {', 'domains: { switch: s1,'];
    table(
      'three-controllers',
      ['switch/s1 → identity down', 'nic/ctl1/data → identity 2.8'],
      [oneSwitch, ['bond0', 'eno2']],
    );
  });
});

describe('load-balancer-pair: VIPs on lb1 (public) and lb2 (internal)', () => {
  table(
    'load-balancer-pair',
    [
      'host/lb1 → identity 0.572, images 0.572, east-west ok',
      'host/lb2 → identity 0.572',
      'host/lb1 + host/lb2 → identity down, east-west ok, north-south ok',
      'host/ctl1 → identity 2.8, images part',
      'host/ctl3 → identity 2.8',
      'process/lb1/haproxy → identity 0.25',
      'process/lb1/haproxy/frozen → identity 3.02',
      // Both are back before keepalived has looked twice.
      'process/lb1/haproxy + process/lb2/haproxy → identity 0.25',
      'nic/lb1/data → identity 0.572',
      `${all(CONTROLLERS, 'keystone')} → identity down`,
      'rack/r1 → identity 2.8',
      'power/a → identity down',
      'power/b → identity 2.8',
      'host/ctl1 + host/lb1 → identity 2.8',
      'host/ctl1 + host/ctl2 → identity down',
      'external/operator → identity ok',
    ],
    [COMPUTES],
  );
});

describe('split-plane: members on ctl1, ctl2 and net1, VIPs on net1 (public) and net2 (internal)', () => {
  table('split-plane', [
    // VIP holder, writer and third member at once: the slowest of the three counts.
    'host/net1 → identity 2.3, north-south 2.6',
    'host/ctl1 → identity 2.8, images part',
    'host/ctl1 + host/net1 → identity down',
    'host/ctl1 + host/ctl2 → identity down',
    'host/net2 → identity 0.572',
    'host/net3 → identity ok, north-south 2.6',
    // The VIPs find net1; the OVN databases lose their majority.
    'host/net2 + host/net3 → identity 0.572, instances down, north-south 2.6',
    'host/net1 + host/net2 + host/net3 → identity down, north-south down',
    'process/net1/galera → identity 2.3',
    'nic/net1/data → identity 2.3',
    'nic/net1/external → north-south part, identity ok',
    'rack/r1 → identity 2.8',
    'power/a → identity down',
    'power/b → identity 2.8',
    'process/ctl1/keystone + process/ctl2/keystone → identity down',
    'external/operator → identity ok, north-south ok',
  ]);
});

describe('ceph: images and volumes on sto1 to sto3', () => {
  table('ceph', [
    'host/sto1 → disk-io 6.8, volumes 6.8, images 6.8, identity ok',
    'host/sto1 + host/sto2 → disk-io down, images down, identity ok, east-west ok',
    'disk/sto1/data → disk-io 3, identity ok',
    'disk/sto1/data + disk/sto2/data → disk-io down',
    'process/sto1/ceph-osd → disk-io 3',
    'process/sto1/ceph-osd/frozen → disk-io 6.8',
    'nic/sto1/data → disk-io 6.8',
    'host/ctl1 → identity 2.8, images 2.8, volumes 10, disk-io ok',
    'host/ctl1 + host/ctl2 → identity down, disk-io ok, east-west ok',
    'rack/r1 → images 6.8, identity 2.8, instance-survival part',
    'power/a → disk-io down, identity down',
    'network/data → disk-io down',
    'process/ctl1/octavia-api/frozen → load-balancer 2.8',
    'host/cmp1 → disk-io ok, instance-survival part',
    'external/operator → disk-io ok',
  ]);
});

describe('three-plus-2n: five controllers', () => {
  table('three-plus-2n', [
    'host/ctl1 → identity 2.8',
    'host/ctl1 + host/ctl2 → identity 2.8',
    'host/ctl1 + host/ctl2 + host/ctl3 → identity down',
    'rack/r1 → identity 2.8',
    'rack/r2 → identity 2.8',
    'rack/r1 + rack/r3 → identity down',
    // Three of the five.
    'power/a → identity down',
    'power/b → identity 2.8',
    'process/ctl5/galera → identity 2.3',
    'process/ctl1/galera → identity ok',
    'process/ctl3/keystone → identity ok',
    'process/ctl3/keystone/frozen → identity 2.8',
    'nic/ctl1/data → identity 2.8',
    'network/management → identity down',
    'external/operator → identity ok',
  ]);
});

describe('pacemaker-all: fenced before anything moves', () => {
  table('pacemaker-all', [
    // Token 3.65 s, consensus 1.2 times that, fencing 5 s, the address 0.5 s.
    'host/ctl1 → identity 13.53, images part',
    // Holds no VIP that is used.
    'host/ctl3 → identity 2.8',
    'nic/ctl1/data → identity 10.5',
    'nic/ctl1/management → identity 10.5',
    'external/bmc-ctl1 → identity ok',
    // Nothing confirms that it is off.
    'host/ctl1 + external/bmc-ctl1 → identity down',
    // A board without power does not answer either.
    'rack/r1 → identity down',
    'rack/r3 → identity 2.8',
    'host/ctl1 + host/ctl2 → identity down',
    'process/ctl1/keystone/frozen → identity 2.8',
    'process/ctl1/haproxy → identity 0.25',
    'host/cmp1 → instance-survival 56, east-west ok',
    'host/cmp1 + external/bmc-cmp1 → instance-survival part',
    'host/cmp1 + host/cmp2 → instance-survival down',
    'external/operator → identity ok',
  ]);
});

describe('two-node-drbd: everything active on srv1, the internal VIP on srv2', () => {
  table('two-node-drbd', [
    // Corosync 6.6, fencing 5, mirror 7 and 3, MariaDB 5, Keystone 4.
    'host/srv1 → identity 30.6, images 30.6',
    'host/srv2 → identity 12.1',
    'host/tie1 → identity ok, images ok',
    // One vote of three.
    'host/srv1 + host/tie1 → identity down',
    'host/srv1 + host/srv2 → identity down',
    'host/srv1 + external/bmc-srv1 → identity down',
    'external/bmc-srv1 → identity ok',
    'rack/r1 → identity down',
    'nic/srv1/management → identity 10.5',
    'nic/srv1/data → identity 29',
    'process/srv1/mariadb → identity 10',
    'process/srv1/keystone/frozen → identity 9',
    'process/srv1/memcached → identity ok',
    // The other mirror serves.
    'disk/srv1/data → identity 7',
    'disk/srv1/data + disk/srv2/data → identity down',
    'network/management → identity down',
    'external/operator → identity ok',
  ]);
  const NO_BOARDS: readonly Change[] = [11, 12].map((index) => [
    `, bmc: { kind: redfish, address: 10.10.9.${index} }`,
    '',
  ]);
  describe('without fencing', () =>
    table(
      'two-node-drbd',
      ['host/srv1 → identity down', 'host/srv2 → identity down', 'host/tie1 → identity ok'],
      NO_BOARDS,
    ));
  describe('without a quorum device', () =>
    table(
      'two-node-drbd',
      ['host/srv1 → identity 30.6', 'host/srv1 + external/bmc-srv1 → identity down'],
      [option('qdevice: false')],
    ));
  describe('one switch carries both rings', () =>
    table('two-node-drbd', ['switch/s1 → identity down'], [['domains: {', 'domains: { switch: s1,']]));
});
