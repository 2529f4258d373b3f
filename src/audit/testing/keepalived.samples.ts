// Samples of the KA rules.
import type { Samples, Tree } from './sample.ts';

const FILE = 'etc/keepalived/keepalived.conf';

/** One host's file: an instance with these lines, after what stands before it. */
function vrrp(lines: string, before = ''): Tree {
  return { [FILE]: text(lines, before) };
}

function text(lines: string, before = ''): string {
  return `${before}«vrrp_instance one {\n${lines}\n}\n`.replace(
    '«vrrp',
    lines.includes('«') || before.includes('«') ? 'vrrp' : '«vrrp',
  );
}

function two(first: string, second: string): Tree {
  return { [`a/${FILE}`]: `vrrp_instance one {\n${first}\n}\n`, [`b/${FILE}`]: `vrrp_instance one {\n${second}\n}\n` };
}

const clean = (tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).map(([path, value]) => [path, value.replaceAll('«', '')]));
const V3 = 'global_defs {\n vrrp_version 3\n}\n';
const script = (lines: string): string => `vrrp_script chk {\n${lines}\n}\n`;
const vips = (count: number): string =>
  Array.from({ length: count }, (_, index) => `  ${index === 20 ? '«' : ''}10.0.0.${index + 1}/24`).join('\n');

export const KEEPALIVED: Samples = {
  KA01: {
    bad: vrrp(' authentication {\n  auth_type PASS\n  auth_pass «123456789\n }'),
    good: clean(vrrp(' authentication {\n  auth_type PASS\n  auth_pass 12345678\n }')),
  },
  KA02: {
    bad: vrrp(' «authentication {\n  auth_type PASS\n }', V3),
    good: [clean(vrrp(' authentication {\n  auth_type PASS\n }')), clean(vrrp(' priority 1', V3))],
  },
  KA03: {
    bad: vrrp(' «advert_int 0.5'),
    good: [clean(vrrp(' advert_int 0.5', V3)), clean(vrrp(' advert_int 2'))],
  },
  KA04: { bad: two(' advert_int 1', ' «advert_int 2'), good: two(' advert_int 1', ' priority 5') },
  KA05: {
    bad: {
      [FILE]:
        'vrrp_instance a {\n interface e\n virtual_router_id 5\n virtual_ipaddress {\n  10.0.0.1\n }\n}\n' +
        'vrrp_instance b {\n interface e\n «virtual_router_id 5\n virtual_ipaddress {\n  10.0.0.2\n }\n}\n',
    },
    good: {
      [FILE]:
        'vrrp_instance a {\n interface e\n virtual_router_id 5\n virtual_ipaddress {\n  10.0.0.1\n }\n}\n' +
        'vrrp_instance b {\n interface f\n virtual_router_id 5\n virtual_ipaddress {\n  10.0.0.2\n }\n}\n',
    },
  },
  KA06: { bad: two(' priority 150', ' «priority 150'), good: two(' priority 150', ' priority 149') },
  KA07: {
    bad: {
      [`a/${FILE}`]: `${script(' script "/bin/x"\n «weight -10')}vrrp_instance one {\n priority 100\n track_script {\n  chk\n }\n}\n`,
      [`b/${FILE}`]: 'vrrp_instance one {\n priority 50\n}\n',
    },
    good: {
      [`a/${FILE}`]: `${script(' script "/bin/x"\n weight -51')}vrrp_instance one {\n priority 100\n track_script {\n  chk\n }\n}\n`,
      [`b/${FILE}`]: 'vrrp_instance one {\n priority 50\n}\n',
    },
  },
  KA08: {
    bad: vrrp(' priority 1'),
    good: clean(vrrp(' track_script {\n  chk\n }')),
  },
  KA09: {
    bad: { [FILE]: `«global_defs {\n router_id a\n}\n${script(' script /bin/x')}` },
    good: { [FILE]: `global_defs {\n enable_script_security\n}\n${script(' script /bin/x')}` },
  },
  KA10: {
    bad: { [FILE]: script(' «script /etc/keepalived/check.sh'), 'etc/keepalived/other.sh': '#!/bin/sh\n' },
    good: { [FILE]: script(' script /etc/keepalived/check.sh'), 'etc/keepalived/check.sh': '#!/bin/sh\n' },
    modes: { 'etc/keepalived/check.sh': 0o755 },
  },
  KA11: {
    bad: vrrp(' «state MASTER\n nopreempt'),
    good: [clean(vrrp(' state BACKUP\n nopreempt')), clean(vrrp(' state MASTER\n preempt_delay 9'))],
  },
  KA12: { bad: vrrp(' state MASTER'), good: [clean(vrrp(' nopreempt')), clean(vrrp(' preempt_delay 30'))] },
  KA13: {
    bad: two(
      ' unicast_src_ip 10.0.0.1\n unicast_peer {\n  10.0.0.2\n  «10.0.0.1\n }',
      ' unicast_src_ip 10.0.0.2\n «unicast_peer {\n  10.0.0.3\n }',
    ),
    good: two(
      ' unicast_src_ip 10.0.0.1\n unicast_peer {\n  10.0.0.2\n }',
      ' unicast_src_ip 10.0.0.2\n unicast_peer {\n  10.0.0.1\n }',
    ),
  },
  KA14: { bad: vrrp(' priority 1'), good: clean(vrrp(' unicast_peer {\n  10.0.0.2\n }')) },
  KA15: { bad: vrrp(' priority 1'), good: { 'etc/hosts': '127.0.0.1 localhost\n' }, undecided: true },
  KA16: {
    bad: vrrp(' interface e0\n virtual_ipaddress {\n  «10.0.0.1/24 dev e1\n }'),
    good: [
      clean(vrrp(' interface e0\n virtual_ipaddress {\n  10.0.0.1/24 dev e0\n }')),
      clean(vrrp(' interface e0\n virtual_ipaddress {\n  10.0.0.1/24 dev e1\n }\n track_interface {\n  e1\n }')),
    ],
  },
  KA17: {
    bad: { [FILE]: script(' script /bin/x\n «interval 5\n fall 3') },
    good: { [FILE]: script(' script /bin/x\n interval 2\n fall 2') },
  },
  KA18: {
    bad: vrrp(` virtual_ipaddress {\n${vips(21)}\n }`),
    good: clean(vrrp(` virtual_ipaddress {\n${vips(20)}\n }`)),
  },
  KA19: {
    bad: { [FILE]: 'vrrp_instance a {\n}\n«vrrp_instance b {\n}\n' },
    good: { [FILE]: 'vrrp_sync_group g {\n group {\n  a\n  b\n }\n}\nvrrp_instance a {\n}\nvrrp_instance b {\n}\n' },
  },
  KA20: {
    bad: vrrp(' «advert_int 0.2', V3),
    good: [
      clean(vrrp(' advert_int 0.2', 'global_defs {\n vrrp_version 3\n vrrp_rt_priority 50\n}\n')),
      clean(vrrp(' advert_int 1', V3)),
    ],
  },
  KA21: {
    bad: { [FILE]: script(' «script "/usr/bin/killall -0 haproxy"') },
    good: { [FILE]: script(' script "/usr/bin/curl -fsm 1 http://127.0.0.1:8404/alive"') },
  },
};
