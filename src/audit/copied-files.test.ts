// As a new user would try it: a directory of files that were copied from some page into one folder, under the names that
// people give, with what copying does to them. The files are written for this test, in the manner of such pages.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { fakeWorld } from '../cli/fake-world.ts';
import { runCli } from '../cli/run.ts';

const FILES: Readonly<Record<string, string>> = {
  // A frontend for everything, the balancer's own example left in, sources of the database with a plain check.
  'haproxy.cfg': `global
  chroot  /var/lib/haproxy
  daemon
  group  haproxy
  maxconn  4000
  user  haproxy

defaults
  log  global
  maxconn  4000
  option  redispatch
  mode http
  retries  3
  timeout  http-request 10s
  timeout  queue 1m
  timeout  connect 10s
  timeout  client 1m
  timeout  server 1m
  timeout  check 10s

listen galera_cluster
  bind 10.20.0.5:3306
  balance  source
  option  tcpka
  server controller1 10.20.0.11:3306 check inter 2000 rise 2 fall 5
  server controller2 10.20.0.12:3306 backup check inter 2000 rise 2 fall 5
  server controller3 10.20.13:3306 backup check inter 2000 rise 2 fall 5

listen nova_compute_api
  bind 10.20.0.5:8774
  balance  source
  option  tcpka
  server controller1 10.20.0.11:8774 check inter 2000 rise 2 fall 5
  server controller2 10.20.0.12:8774 check inter 2000 rise 2 fall 5
`,
  'keepalived-controller1.conf': `vrrp_script chk_haproxy {
    script "killall -0 haproxy"
    interval 2
    weight 2
}
vrrp_instance VI_1 {
    state MASTER
    interface eth0
    virtual_router_id 51
    priority 101
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass thisisaverysecretpassword
    }
    virtual_ipaddress {
        10.20.0.5
    }
    track_script {
        chk_haproxy
    }
}
`,
  'keepalived-controller2.conf': `vrrp_script chk_haproxy {
    script "killall -0 haproxy"
    interval 2
    weight 2
}
vrrp_instance VI_1 {
    state MASTER
    interface eth0
    virtual_router_id 51
    priority 101
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass thisisaverysecretpassword
    }
    virtual_ipaddress {
        10.20.0.5
    }
    track_script {
        chk_haproxy
    }
}
}
`,
  'galera.cnf': `[mysqld]
bind-address=10.20.0.11
default-storage-engine=innodb
innodb_autoinc_lock_mode=2
innodb_flush_log_at_trx_commit=0
innodb_buffer_pool_size=122M
wsrep_provider=/usr/lib/libgalera_smm.so
wsrep_provider_options="pc.recovery=TRUE;gcache.size=300M"
wsrep_cluster_name="my_example_cluster"
wsrep_cluster_address="gcomm://10.20.0.11,10.20.0.12,10.20.0.13"
wsrep_sst_method=rsync
max_connections=200
`,
  'corosync.conf': `totem {
    version: 2
    token: 10000
    consensus: 3600
    interface {
        ringnumber: 0
        bindnetaddr: 10.20.0.0
        mcastport: 5405
    }
}
quorum {
    provider: corosync_votequorum
    expected_votes: 2
    two_node: 1
    wait_for_all: 0
}
nodelist {
    node {
        ring0_addr: 10.20.0.11
    }
    node {
        ring0_addr: 10.20.0.12
    }
}
`,
  'nova.conf': `[DEFAULT]
transport_url = rabbit://openstack:RABBIT_PASS@10.20.0.11
vif_plugging_is_fatal = false
[database]
connection = mysql+pymysql://nova:NOVA_DBPASS@10.20.0.5/nova
max_pool_size = 1
[oslo_messaging_rabbit]
rabbit_ha_queues = true
`,
  'readme.md': '# How to build a cloud\n\n```\nlisten galera\n  bind *:3306\n```\n',
};

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'hastack-copied-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(cwd, name), text);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function hastack(line: string) {
  const world = fakeWorld({ cwd });
  const code = await runCli(line.split(' '), world);
  return { code, out: world.printed.out, err: world.printed.err };
}

describe('a directory of files copied from some page', () => {
  it('is audited as far as it can be read, and fails', async () => {
    const { code, err } = await hastack('audit .');
    expect(code).toBe(1);
    expect(err).not.toMatch(/ {4}at |TypeError|undefined/);
  });

  it.each([
    ['the database listens behind mode http, from defaults', 'HA23', /haproxy\.cfg$/],
    ['its members count as healthy while a port is open', 'HA02', /haproxy\.cfg$/],
    ['an address lacks a number', 'TY01', /haproxy\.cfg$/],
    ['both balancers have the same priority', 'KA06', /keepalived-controller[12]\.conf$/],
    ['only eight characters of the password count', 'KA01', /keepalived-controller1\.conf$/],
    ['the check looks for a process', 'KA21', /keepalived-controller1\.conf$/],
    ['a brace too many', 'FM01', /keepalived-controller2\.conf$/],
    ['commits are not flushed', 'DB01', /galera\.cnf$/],
    ['the donor is blocked', 'DB10', /galera\.cnf$/],
    ['two nodes start alone', 'PC06', /corosync\.conf$/],
    ['one broker', 'MQ11', /nova\.conf$/],
  ])('%s (%s)', async (_, rule, file) => {
    const { findings } = JSON.parse((await hastack('audit . --json')).out) as {
      readonly findings: readonly { readonly rule: string; readonly at: { readonly file: string } }[];
    };
    expect(findings.filter((finding) => finding.rule === rule).map(({ at }) => at.file)).toContainEqual(
      expect.stringMatching(file),
    );
  });

  it('says what happens to users, what to write, and the sum; no password', async () => {
    const { out } = await hastack('audit .');
    expect(out.indexOf('Data can be lost or corrupted')).toBeGreaterThanOrEqual(0);
    expect(out).toContain('innodb_flush_log_at_trx_commit = 1');
    expect(out).toMatch(/^6 files: \d+ critical, \d+ warnings?/m);
    expect(out).not.toMatch(/thisisavery|RABBIT_PASS|NOVA_DBPASS/);
  });
});
