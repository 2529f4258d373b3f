// Timers that a spec changes under `config:` reach the predictions: every one of them by a row derived by hand.
import { describe } from 'vitest';
import { COMPUTES, table } from '../../test/support/failure-table.ts';
import type { Change } from '../../test/support/failure-table.ts';

const config = (text: string): Change => ['\nhosts:\n', `\nconfig: ${text}\nhosts:\n`];

describe('config: keepalived.conf', () => {
  // 2.5 s, a skew of 66/256 s, and 0.02 s for the ARP.
  describe('of every VIP', () =>
    table(
      'three-controllers',
      ['nic/ctl1/management → identity 2.778'],
      [config('{ keepalived.conf: { vrrp_instance: { advert_int: 1 } } }')],
    ));
  describe('on one host: the slowest counts', () =>
    table(
      'three-controllers',
      ['nic/ctl1/management → identity 2.778'],
      [config('{ hosts: { ctl2: { keepalived.conf: { vrrp_instance public: { advert_int: 1 } } } } }')],
    ));
  describe('the check of HAProxy', () =>
    table(
      'three-controllers',
      // Twice 2 s and 1 s, and the ARP.
      ['process/ctl1/haproxy/frozen → identity 6.02'],
      [config('{ keepalived.conf: { vrrp_script haproxy: { interval: 2 } } }')],
    ));
});

describe('config: haproxy.cfg', () => {
  describe('a longer time-out', () =>
    table(
      'three-controllers',
      // Half an interval, the check that runs, 0.3 s, the second one.
      ['process/ctl2/keystone/frozen → identity 6.8'],
      [config('{ haproxy.cfg: { defaults: { timeout check: 3s } } }')],
    ));
  describe('a line that leaves the rest to HAProxy', () =>
    table(
      'three-controllers',
      // 1 + 1, then twice 2 + 1: without fastinter every check waits for inter.
      ['process/ctl2/keystone/frozen → identity 8'],
      [config('{ haproxy.cfg: { defaults: { default-server: inter 2s fall 3 } } }')],
    ));
  describe('of one backend', () =>
    table(
      'three-controllers',
      // 2 + 1, then 0.3 + 1: the rest is inherited.
      ['process/ctl2/keystone/frozen → identity 4.3', 'process/ctl2/glance/frozen → images 2.8'],
      [COMPUTES, config('{ haproxy.cfg: { backend keystone: { default-server: inter 4s fall 2 } } }')],
    ));
});

describe('config: my.cnf', () =>
  table(
    'three-controllers',
    // All of the line is replaced: Galera's own join_retrans_period is 1 s.
    ['process/ctl3/galera → identity 8'],
    [config('{ my.cnf: { galera: { wsrep-provider-options: "evs.suspect_timeout=PT7S" } } }')],
  ));

describe('config: files of other services', () => {
  table(
    'three-controllers',
    [
      'process/ctl1/rabbitmq/frozen → instances 30',
      'host/cmp1 → instances 20',
      'process/ctl1/memcached/frozen → identity 0.7',
    ],
    [
      COMPUTES,
      config(`
  rabbitmq-env.conf: { '': { SERVER_ADDITIONAL_ERL_ARGS: "-kernel net_ticktime 30" } }
  nova.conf: { DEFAULT: { service_down_time: 20 } }
  keystone.conf: { cache: { memcache_socket_timeout: 0.7 } }`),
    ],
  );
  describe('ceph.conf', () =>
    table('ceph', ['host/sto1 → disk-io 22.8'], [config('{ ceph.conf: { global: { osd_heartbeat_grace: 20 } } }')]));
});
