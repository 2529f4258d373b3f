// Rules about networks, addresses, VIPs and hosts: a spec that breaks each in one way.
import { describe, it } from 'vitest';
import { expectFound, lineOf } from '../../support/spec-rules.ts';
import type { RuleCase } from '../../support/spec-rules.ts';

const CTL3 = lineOf('ctl3');

const TOPOLOGY: readonly RuleCase[] = [
  {
    rule: 'address-outside-network',
    why: 'another network',
    edits: [['management: 10.1.0.12', 'management: 10.3.0.12']],
    line: 'ctl2:',
    says: /10\.3\.0\.12 of the host ctl2 on management is not in 10\.1\.0\.0\/24/,
  },
  {
    rule: 'address-outside-network',
    why: 'the broadcast address',
    edits: [['data: 10.2.0.12', 'data: 10.2.0.255']],
    line: 'ctl2:',
    says: /broadcast/,
  },
  {
    rule: 'duplicate-address',
    why: 'two hosts',
    edits: [['data: 10.2.0.12', 'data: 10.2.0.11']],
    line: 'ctl2:',
    says: /10\.2\.0\.11 is the address of the host ctl2 and of the host ctl1/,
  },
  {
    rule: 'duplicate-address',
    why: 'a host and a gateway',
    edits: [['gateway: 10.1.0.1 ', 'gateway: 10.1.0.11 ']],
    line: 'management: { cidr',
    says: /the gateway of management and of the host ctl1/,
  },
  {
    rule: 'duplicate-address',
    why: 'two VIPs',
    edits: [
      ['address: 10.2.0.10', 'address: 10.1.0.10'],
      ['network: data', 'network: management'],
    ],
    line: 'internal:',
    says: /VIP internal and of the VIP public/,
  },
  {
    rule: 'duplicate-bmc',
    why: 'two hosts',
    edits: [['10.9.0.12', '10.9.0.11']],
    line: 'ctl2:',
    says: /ctl2 and ctl1 have the same BMC/,
  },
  {
    rule: 'duplicate-bmc',
    why: 'a host address',
    edits: [['10.9.0.12', '10.1.0.12']],
    line: 'ctl2:',
    says: /of the host ctl2/,
  },
  {
    rule: 'duplicate-name',
    why: 'a VIP named like a host',
    edits: [['name: cloud.example.org', 'name: CTL2']],
    line: 'public:',
    says: /same name as the host ctl2/,
  },
  {
    rule: 'floating-range',
    why: 'outside',
    edits: [['203.0.113.199', '203.0.114.10']],
    line: 'external:',
    says: /not all in 203/,
  },
  {
    rule: 'floating-range',
    why: 'over a host',
    edits: [['interface: eno2 }', 'interface: eno2, zone: edge, floating: 10.2.0.12-10.2.0.20 }']],
    line: 'data:',
    says: /10\.2\.0\.12, the address of the host ctl2/,
  },
  {
    rule: 'floating-range',
    why: 'over a VIP',
    edits: [['interface: eno2 }', 'interface: eno2, zone: edge, floating: 10.2.0.9-10.2.0.10 }']],
    line: 'data:',
    says: /the address of the VIP internal/,
  },
  {
    rule: 'floating-range',
    why: 'not on the edge',
    edits: [['zone: edge, ', '']],
    line: 'external:',
    says: /not an edge network/,
  },
  {
    rule: 'gateway-outside-network',
    why: 'another network',
    edits: [['gateway: 10.1.0.1 ', 'gateway: 10.2.0.1 ']],
    line: 'management: {',
    says: /gateway 10\.2\.0\.1/,
  },
  {
    rule: 'host-without-roles',
    why: 'none',
    edits: [[CTL3, `${CTL3}\n  idle: { addresses: { management: 10.1.0.99, data: 10.2.0.99 } }`]],
    line: 'idle:',
    says: /idle has no roles/,
  },
  {
    rule: 'host-without-roles',
    why: 'an empty list',
    edits: [[CTL3, `${CTL3}\n  idle: { roles: [], addresses: { management: 10.1.0.99, data: 10.2.0.99 } }`]],
    line: 'idle:',
    says: /idle has no roles/,
  },
  {
    rule: 'invalid-name',
    why: 'an underscore in a host name',
    edits: [['  ctl2:', '  ctl_2:']],
    line: 'ctl_2',
    says: /"ctl_2" is not a name for a host/,
  },
  {
    rule: 'invalid-name',
    why: 'spaces in the cluster name',
    edits: [['cluster: campus', 'cluster: My Cloud']],
    line: 'cluster:',
    says: /"My Cloud" is not a name for a cluster/,
  },
  {
    rule: 'missing-address',
    why: 'no data address',
    edits: [[', data: 10.2.0.12', '']],
    line: 'ctl2:',
    says: /ctl2 has no address on data, which carries internal traffic/,
  },
  {
    rule: 'missing-address',
    why: 'no management address',
    edits: [['management: 10.1.0.12, ', '']],
    line: 'ctl2:',
    says: /every host is managed there/,
  },
  {
    rule: 'missing-interface',
    why: 'named nowhere',
    edits: [[', interface: eno2', '']],
    line: 'ctl1:',
    says: /No interface is named for ctl1 on data/,
  },
  {
    rule: 'missing-vip',
    why: 'no internal VIP',
    edits: [['  internal:', '  private:']],
    line: 'vips:',
    says: /no VIP named internal/,
  },
  {
    rule: 'overlapping-networks',
    why: 'one inside the other',
    edits: [['10.2.0.0/24', '10.0.0.0/8']],
    line: 'data: {',
    says: /data \(10\.0\.0\.0\/8\) and management \(10\.1\.0\.0\/24\) overlap/,
  },
  {
    rule: 'router-id-collision',
    why: 'the same id twice',
    edits: [
      ['10.1.0.10,', '10.1.0.10, routerId: 7,'],
      ['10.2.0.10 ', '10.2.0.10, routerId: 7 '],
    ],
    line: 'internal:',
    says: /public and internal have the same VRRP router id 7/,
  },
  {
    rule: 'unused-network',
    why: 'nobody there',
    edits: [['vips:', '  spare: { cidr: 10.7.0.0/24 }\nvips:']],
    line: 'spare:',
    says: /network spare/,
  },
  {
    rule: 'vip-is-host-address',
    why: 'of ctl2',
    edits: [['address: 10.2.0.10', 'address: 10.2.0.12']],
    line: 'internal:',
    says: /VIP internal has the address 10\.2\.0\.12 of the host ctl2/,
  },
  {
    rule: 'vip-not-on-balancers',
    why: 'a network of its own',
    edits: [
      ['vips:', '  dmz: { cidr: 10.7.0.0/24 }\nvips:'],
      ['{ network: management, address: 10.1.0.10', '{ network: dmz, address: 10.7.0.10'],
    ],
    line: 'ctl1:',
    says: /ctl1 runs HAProxy but has no address on dmz/,
  },
  {
    rule: 'vip-outside-network',
    why: 'another network',
    edits: [['address: 10.2.0.10', 'address: 10.3.0.10']],
    line: 'internal:',
    says: /10\.3\.0\.10 of the VIP internal is not in 10\.2\.0\.0\/24/,
  },
];

describe('rules about topology', () => {
  it.each(TOPOLOGY)('$rule: $why', expectFound);
});
