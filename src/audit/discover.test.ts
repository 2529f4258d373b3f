// Which host a file belongs to and what it is, from where people keep such files.
import { describe, expect, it } from 'vitest';

import { hostsOf } from '../sources/hosts-of.ts';
import { kindOf } from './documents.ts';

describe('hostsOf', () => {
  it.each<[string, readonly string[], readonly (string | undefined)[]]>([
    ['this host', ['/etc/haproxy/haproxy.cfg'], ['localhost']],
    ['a directory per host', ['/d/ctl1/etc/my.cnf', '/d/ctl2/etc/my.cnf'], ['ctl1', 'ctl2']],
    ['below /var/tmp', ['/var/tmp/d/ctl1/etc/my.cnf'], ['ctl1']],
    ['a library of the host', ['/d/ctl1/usr/local/lib/x/check.sh'], ['ctl1']],
    ['a Kolla tree per host', ['/d/a/etc/kolla/haproxy/haproxy.cfg', '/d/b/etc/kolla/haproxy/haproxy.cfg'], ['a', 'b']],
    ['directories without etc', ['/d/ctl1/haproxy.cfg', '/d/ctl2/haproxy.cfg'], ['ctl1', 'ctl2']],
    [
      'containers',
      ['/d/infra1_galera_container-1a/my.cnf', '/d/infra2_galera_container-2b/my.cnf'],
      ['infra1_galera_container-1a', 'infra2_galera_container-2b'],
    ],
    ['names with the host', ['/d/keepalived-ctl1.conf', '/d/keepalived-ctl2.conf'], ['ctl1', 'ctl2']],
    ['loose files of one host', ['/d/haproxy.cfg', '/d/keepalived.conf'], [undefined, undefined]],
  ])('%s', (_, locations, hosts) => {
    expect(hostsOf(locations)).toEqual(hosts);
  });
});

describe('kindOf', () => {
  it.each([
    ['/d/etc/kolla/keepalived/keepalived.conf', '', 'keepalived'],
    ['/d/etc/mysql/mariadb.conf.d/60-galera.cnf', '', 'mycnf'],
    ['/d/etc/default/clustercheck', '', 'env'],
    ['/d/etc/rabbitmq/rabbitmq-env.conf', '', 'env'],
    ['/d/etc/rabbitmq/rabbitmq.conf', '', 'rabbitmq'],
    ['/d/etc/rabbitmq/advanced.config', '', 'erlang'],
    ['/d/etc/nova/nova.conf', '', 'oslo'],
    ['/d/paste.txt', 'vrrp_instance a {\n}\n', 'keepalived'],
    ['/d/lb.txt', 'backend a\n', 'haproxy'],
    ['/d/pasted', '[mysqld]\n', 'mycnf'],
    ['/d/etc/keepalived/keepalived.conf.sample', '', undefined],
    ['/d/etc/haproxy/haproxy.cfg.dpkg-dist', '', undefined],
    ['/d/README.md', 'backend a\n', undefined],
    ['/d/notes.txt', 'nothing\n', undefined],
  ])('%s', (location, text, kind) => {
    expect(kindOf(location, text)).toBe(kind);
  });
});
