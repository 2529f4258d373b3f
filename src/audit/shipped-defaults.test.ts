// Values that other deployers ship, in files written for this test: the faults that are known of them are found.
import { describe, expect, it } from 'vitest';

import { Estate } from './estate.ts';
import type { Rule } from './rule.ts';
import { RULE_FAMILIES } from './rules/registry.gen.ts';
import { audit } from './run.ts';
import type { Tree } from './testing/sample.ts';

const RULES: readonly Rule[] = RULE_FAMILIES.flat();
const vrrp = (priority: number, more: string): string =>
  `vrrp_instance v {\n interface e0\n virtual_router_id 51\n priority ${priority}\n${more}}\n`;
const TRACK = ' track_script {\n  check\n }\n';

const CASES: readonly (readonly [name: string, tree: Tree, rules: readonly string[]])[] = [
  [
    'a database that does not flush',
    { 'etc/kolla/mariadb/galera.cnf': '[mysqld]\ninnodb_flush_log_at_trx_commit = 0\n' },
    ['DB01'],
  ],
  [
    'a generated password of 40 characters',
    {
      'etc/kolla/keepalived/keepalived.conf': vrrp(
        1,
        ` nopreempt\n authentication {\n  auth_type PASS\n  auth_pass ${'x'.repeat(40)}\n }\n${TRACK}`,
      ),
    },
    ['KA01'],
  ],
  [
    'monitors that do not ask the BMC',
    { 'etc/kolla/masakari-hostmonitor/masakari-monitors.conf': '[host]\ndisable_ipmi_check = true\n' },
    ['IH04'],
  ],
  [
    'an external database behind a proxy that looks at the port only',
    {
      'etc/kolla/haproxy/services.d/mariadb.cfg':
        'listen mariadb\n mode tcp\n option redispatch\n server a 10.0.0.1:3306 check inter 2000 rise 2 fall 5\n server b 10.0.0.2:3306 check inter 2000 rise 2 fall 5 backup\n',
    },
    ['HA02', 'HA04', 'HA22'],
  ],
  [
    'no flush to the disk, no doublewrite, suspicion after the hard limit',
    {
      'etc/mysql/conf.d/00-base.cnf':
        '[mysqld]\nwsrep_on = ON\ninnodb_flush_log_at_trx_commit=2\ninnodb_doublewrite=0\nwsrep_provider_options="evs.suspect_timeout=PT30S; gmcast.peer_timeout=PT15S"\n',
    },
    ['DB01', 'DB05', 'DB12'],
  ],
  [
    'servers asked every 12 seconds, three times',
    {
      'etc/haproxy/haproxy.cfg':
        'backend nova\n mode http\n option httpchk\n option redispatch\n server a 10.0.0.1:8774 check inter 12000 rise 3 fall 3\n server b 10.0.0.2:8774 check inter 12000 rise 3 fall 3\n',
    },
    ['HA08'],
  ],
  [
    'a check that looks for a process, a first host that takes the address back',
    {
      'a/etc/keepalived/keepalived.conf': `global_defs {\n enable_script_security\n}\nvrrp_script check {\n script "/bin/kill -0 1"\n}\n${vrrp(150, ` state MASTER\n${TRACK}`)}`,
    },
    ['KA12', 'KA21'],
  ],
  [
    'one priority for all, nothing checked',
    {
      'a/etc/keepalived/keepalived.conf': vrrp(150, ' state BACKUP\n nopreempt\n'),
      'b/etc/keepalived/keepalived.conf': vrrp(150, ' state BACKUP\n nopreempt\n'),
    },
    ['KA06', 'KA08'],
  ],
  [
    'evacuation asked for before Nova agrees',
    {
      'etc/masakari/masakari.conf':
        '[DEFAULT]\nwait_period_after_service_update = 30\nhost_failure_recovery_threads = 1\n',
      'etc/nova/nova.conf': '[DEFAULT]\nservice_down_time = 120\n',
    },
    ['IH02', 'IH12'],
  ],
];

describe('values that deployers ship', () => {
  it.each(CASES)('%s', (_, tree, expected) => {
    const files = Object.entries(tree).map(([path, text]) => ({ path, location: `/site/${path}`, text, mode: 0o644 }));
    const { findings } = audit(new Estate({ files }), RULES);
    const found = new Set(
      findings.filter(({ severity, rule }) => severity !== 'info' || expected.includes(rule)).map(({ rule }) => rule),
    );
    expect([...found].toSorted()).toEqual(expected);
  });
});
