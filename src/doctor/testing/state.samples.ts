// Lines as databases, brokers and stores write them, per signature: those that show it, and near misses.
import type { LogSamples } from './samples.ts';

const W = '2026-11-21 12:03:04 0 [Note] WSREP: ';
const E = '2026-11-21  3:03:04 0 [ERROR] ';
const R = '2026-11-21 12:03:04.123456+00:00 [error] <0.341.0> ';
const N = '2026-11-21 12:03:04.123 4711 ERROR nova.api.openstack [None req-0f0f admin] ';
const O = '2026-11-21T12:03:04.123Z|00042|';
const C = '2026-11-21T12:03:04.123+0000 mon.a (mon.0) 123 : cluster [WRN] ';

export const STATE: LogSamples = {
  'galera.suspects-member': {
    bad: [`${W}evs::proto(0a1b2c3d-8f4e, OPERATIONAL, view_id(REG,0a1b2c3d-8f4e,12)) suspecting node: 5e6f7a8b-9c0d`],
    good: [`${W}(0a1b2c3d, 'tcp://0.0.0.0:4567') connection established to 5e6f7a8b tcp://10.0.0.12:4567`],
  },
  'galera.dropped-member': {
    bad: [`${W}forgetting 5e6f7a8b-9c0d (tcp://10.0.0.12:4567)`],
    good: [`${W}declaring 5e6f7a8b at tcp://10.0.0.12:4567 stable`],
  },
  'galera.non-primary': {
    bad: [`${W}Received NON-PRIMARY.`, `${W}New COMPONENT: primary = no, bootstrap = no, my_idx = 0, memb_num = 1`],
    good: [`${W}New COMPONENT: primary = yes, bootstrap = no, my_idx = 0, memb_num = 3`],
  },
  'galera.no-primary-view': {
    bad: [
      `${E}WSREP: failed to open gcomm backend connection: 110: failed to reach primary view (pc.wait_prim_timeout): 110 (Connection timed out)`,
      '2026-11-21 12:03:04 0 [Warning] WSREP: no nodes coming from prim view, prim not possible',
    ],
    good: [`${W}gcomm: connected`],
  },
  'galera.not-safe-to-bootstrap': {
    bad: [
      `${E}WSREP: It may not be safe to bootstrap the cluster from this node. It was not the last one to leave the cluster`,
    ],
    good: [`${W}safe_to_bootstrap: 1`],
  },
  'galera.incomplete-quorum': {
    bad: ['2026-11-21 12:03:04 0 [Warning] WSREP: Quorum: No node with complete state:'],
    good: [`${W}Quorum results:`],
  },
  'galera.sst-failed': {
    bad: [
      `${E}WSREP: Process completed with error: wsrep_sst_mariabackup --role 'joiner': 32 (Broken pipe)`,
      '2026-11-21 12:03:04 0 [ERROR] WSREP: gcs_group_handle_join_msg(): Will never receive state. Need to abort.',
    ],
    good: [`${W}SST received`],
  },
  'galera.full-transfer': { bad: [`${W}State transfer required:`], good: [`${W}State transfer complete`] },
  'galera.inconsistent': {
    bad: [
      `${E}WSREP: Node consistency compromised, aborting...`,
      `${E}WSREP: Inconsistency detected: Inconsistent by consensus on 1a2b:77`,
    ],
    good: [`${W}Consistency check passed`],
  },
  'galera.other-group': {
    bad: [`${W}handshake failed, my group: 'cloud', peer group: 'test'`],
    good: [`${W}handshake done`],
  },
  'galera.install-timeout': {
    bad: [
      '2026-11-21 12:03:04 0 [Warning] WSREP: evs::proto(0a1b, GATHER, view_id(REG,0a1b,309)) install timer expired',
    ],
    good: [`${W}install message sent`],
  },
  'galera.rebootstrapped': {
    bad: [`${W}re-bootstrapping prim from partitioned components`],
    good: [`${W}Bootstrapping`],
  },
  'database.page-corrupt': {
    bad: [`${E}InnoDB: Database page corruption on disk or a failed read of file './nova/instances.ibd' page`],
    good: [`${E}InnoDB: Unable to lock ./ibdata1 error: 11`],
  },
  'database.semaphore': {
    bad: ['2026-11-21 12:03:04 0 [Warning] InnoDB: A long semaphore wait:'],
    good: [`${W}waiting`],
  },
  'database.not-prepared': {
    bad: [
      `${N}oslo_db.exception.DBConnectionError: (pymysql.err.OperationalError) (1047, 'WSREP has not yet prepared node for application use')`,
    ],
    good: ['2026-11-21 12:03:04.123 4711 INFO nova [-] prepared'],
  },
  'database.deadlock': {
    bad: [
      `${N}(pymysql.err.OperationalError) (1213, 'Deadlock found when trying to get lock; try restarting transaction')`,
    ],
    good: [`${N}lock found`],
  },
  'database.record-changed': {
    bad: [`${N}(pymysql.err.OperationalError) (1020, "Record has changed since last read in table 'services'")`],
    good: [`${N}record changed`],
  },
  'database.host-blocked': {
    bad: [
      `${N}(1129, "Host '10.0.0.10' is blocked because of many connection errors; unblock with 'mariadb-admin flush-hosts'")`,
    ],
    good: [`${N}host is blocked by firewall`],
  },
  'database.too-many-connections': {
    bad: [`${N}(pymysql.err.OperationalError) (1040, 'Too many connections')`, `${E}Too many connections`],
    good: [`${N}too many requests`],
  },
  'database.gone-away': {
    bad: [
      `${N}(pymysql.err.OperationalError) (2006, "MySQL server has gone away (BrokenPipeError(32, 'Broken pipe'))")`,
      `${N}(2013, 'Lost connection to MySQL server during query')`,
    ],
    good: [`${N}gone`],
  },
  'database.cannot-connect': {
    bad: [
      `${N}(pymysql.err.OperationalError) (2003, "Can't connect to MySQL server on '10.0.0.10' ([Errno 111] ECONNREFUSED)")`,
    ],
    good: [`${N}cannot connect to volume`],
  },
  'database.pool-exhausted': {
    bad: [
      `${N}sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 50 reached, connection timed out, timeout 30.00`,
    ],
    good: [`${N}pool`],
  },
  'database.access-denied': {
    bad: [
      `${N}(1045, "Access denied for user 'nova'@'10.0.0.11' (using password: YES)")`,
      "2026-11-21 12:03:04 77 [Warning] Access denied for user 'nova'@'10.0.0.11' (using password: YES)",
    ],
    good: [`${N}Access denied by policy`],
  },

  'rabbitmq.partition': {
    bad: [
      `${R}Mnesia('rabbit@ctl1'): ** ERROR ** mnesia_event got {inconsistent_database, running_partitioned_network, 'rabbit@ctl2'}`,
    ],
    good: [`${R}partition handling strategy: pause_minority`],
  },
  'rabbitmq.paused': {
    bad: [
      '2026-11-21 12:03:04.123456+00:00 [warning] <0.341.0> Cluster minority/secondary status detected - awaiting recovery',
    ],
    good: [`${R}Cluster status ok`],
  },
  'rabbitmq.member-down': {
    bad: [
      "2026-11-21 12:03:04.123456+00:00 [info] <0.341.0> rabbit on node 'rabbit@ctl2' down",
      '2026-11-21 12:03:04.123456+00:00 [info] <0.341.0> node rabbit@ctl2 down: net_tick_timeout',
    ],
    good: ['2026-11-21 12:03:04.123456+00:00 [info] <0.341.0> node rabbit@ctl2 up'],
  },
  'rabbitmq.missed-heartbeats': {
    bad: [
      `${R}missed heartbeats from client, timeout: 60s`,
      '=ERROR REPORT==== 14-Aug-2020::06:25:44 ===\nclosing AMQP connection <0.1.2> (10.0.0.1:5 -> 10.0.0.2:5672):\nmissed heartbeats from client, timeout: 60s',
    ],
    good: [`${R}heartbeat ok`],
  },
  'rabbitmq.memory-alarm': {
    bad: ['2026-11-21 12:03:04.123456+00:00 [warning] <0.341.0> memory resource limit alarm set on node rabbit@ctl1.'],
    good: [
      '2026-11-21 12:03:04.123456+00:00 [warning] <0.341.0> memory resource limit alarm cleared on node rabbit@ctl1',
    ],
  },
  'rabbitmq.disk-alarm': {
    bad: [
      '2026-11-21 12:03:04.123456+00:00 [info] <0.341.0> Free disk space is insufficient. Free bytes: 31939. Limit: 50000000',
    ],
    good: [
      '2026-11-21 12:03:04.123456+00:00 [info] <0.341.0> Free disk space is sufficient. Free bytes: 99999999. Limit: 50000000',
    ],
  },
  'rabbitmq.descriptor-alarm': {
    bad: ['2026-11-21 12:03:04.123456+00:00 [warning] <0.341.0> file descriptor limit alarm set.'],
    good: ['2026-11-21 12:03:04.123456+00:00 [info] <0.341.0> file descriptor limit alarm cleared.'],
  },
  'rabbitmq.precondition': {
    bad: [
      `${R}operation queue.declare caused a channel exception precondition_failed: inequivalent arg 'durable' for queue 'scheduler' in vhost '/': received 'false' but current is 'true'`,
    ],
    good: [`${R}equivalent`],
  },
  'rabbitmq.queue-not-found': {
    bad: [
      "2026-11-21 12:03:04.123 99 ERROR oslo.messaging._drivers.impl_rabbit [-] amqp.exceptions.NotFound: Basic.consume: (404) NOT_FOUND - no queue 'reply_1a2b' in vhost '/'",
    ],
    good: [`${R}queue found`],
  },
  'rabbitmq.waits-for-tables': {
    bad: [
      '2026-11-21 12:03:04.123456+00:00 [warning] <0.341.0> Waiting for Mnesia tables for 30000 ms, 8 retries left',
    ],
    good: [`${R}Successfully synced tables from a peer`],
  },
  'rabbitmq.cookie': {
    bad: [`${R}Connection attempt from node 'rabbit@ctl3' rejected. Invalid challenge reply.`],
    good: [`${R}accepting AMQP connection`],
  },
  'rabbitmq.access-refused': {
    bad: [
      `${R}PLAIN login refused: user 'nova' - invalid credentials`,
      `${N}amqp.exceptions.AccessRefused: (0, 0): (403) ACCESS_REFUSED - Login was refused`,
    ],
    good: [`${R}user 'nova' authenticated`],
  },
  'messaging.unreachable': {
    bad: [
      '2026-11-21 12:03:04.123 99 ERROR oslo.messaging._drivers.impl_rabbit [-] [05155d99] AMQP server on 10.0.0.12:5672 is unreachable: [Errno 104] Connection reset by peer. Trying again in 1 seconds.',
    ],
    good: [
      '2026-11-21 12:03:04.123 99 INFO oslo.messaging._drivers.impl_rabbit [-] Reconnected to AMQP server on 10.0.0.12:5672',
    ],
  },
  'messaging.timeout': {
    bad: [`${N}oslo_messaging.exceptions.MessagingTimeout: Timed out waiting for a reply to message ID 1a2b`],
    good: [`${N}timed out`],
  },
  'messaging.reply-lost': {
    bad: [
      "2026-11-21 12:03:04.123 99 WARNING oslo_messaging._drivers.amqpdriver [-] reply_1a2b doesn't exist, drop reply to 3c4d",
    ],
    good: ['2026-11-21 12:03:04.123 99 WARNING oslo_messaging [-] reply sent'],
  },
  'messaging.blocked': {
    bad: [
      '2026-11-21 12:03:04.123 99 ERROR oslo.messaging._drivers.impl_rabbit [-] The broker has blocked the connection: low on memory',
    ],
    good: [
      '2026-11-21 12:03:04.123 99 INFO oslo.messaging._drivers.impl_rabbit [-] The broker has unblocked the connection',
    ],
  },
  'memcached.unreachable': {
    bad: [
      '2026-11-21 12:03:04.123 99 WARNING keystonemiddleware [-] MemCached: MemCache: inet:10.0.0.12:11211: connect: [Errno 111] Connection refused.  Marking dead.',
    ],
    good: ['2026-11-21 12:03:04.123 99 INFO keystonemiddleware [-] memcached enabled'],
  },

  'ovn.raft-disconnected': {
    bad: [
      `${O}ovsdb_cs|INFO|tcp:10.0.0.12:6641: clustered database server is disconnected from cluster; trying another server`,
    ],
    good: [
      `${O}ovsdb_cs|INFO|tcp:10.0.0.12:6641: clustered database server is not cluster leader; trying another server`,
    ],
  },
  'ovn.raft-election': {
    bad: [`${O}raft|INFO|term 12: 1024 ms timeout expired, starting election`],
    good: [`${O}raft|INFO|term 12: elected leader by 2+ of 3 servers`],
  },
  'ovn.slow': {
    bad: [`${O}timeval|WARN|Unreasonably long 4512ms poll interval (4301ms user, 12ms system)`],
    good: [`${O}timeval|WARN|Unreasonably long 312ms poll interval`],
  },
  'ovn.probe': {
    bad: [`${O}reconnect|ERR|tcp:10.0.0.12:6642: no response to inactivity probe after 5 seconds, disconnecting`],
    good: [`${O}reconnect|INFO|tcp:10.0.0.12:6642: connected`],
  },
  'ovn.commit-loop': {
    bad: [`${O}main|INFO|OVNSB commit failed, force recompute next time.`],
    good: [`${O}main|INFO|OVNSB committed`],
  },
  'ceph.osd-down': {
    bad: [
      `${C}Health check failed: 1 osds down (OSD_DOWN)`,
      '2026-11-21T12:03:04.123+0000 mon.a (mon.0) 124 : cluster [INF] osd.3 marked down after no beacon for 901 seconds',
    ],
    good: ['2026-11-21T12:03:04.123+0000 mon.a (mon.0) 125 : cluster [INF] osd.3 [v2:10.0.0.1:6800/1] boot'],
  },
  'ceph.slow-ops': {
    bad: [`${C}Health check failed: 12 slow ops, oldest one blocked for 33 sec, osd.3 has slow ops (SLOW_OPS)`],
    good: [`${C}ops ok`],
  },
  'ceph.full': {
    bad: [
      '2026-11-21T12:03:04.123+0000 mon.a (mon.0) 126 : cluster [ERR] Health check failed: 1 full osd(s) (OSD_FULL)',
    ],
    good: [`${C}Health check failed: 1 nearfull osd(s) (OSD_NEARFULL)`],
  },
  'ceph.clock-skew': {
    bad: [`${C}Health check failed: clock skew detected on mon.b (MON_CLOCK_SKEW)`],
    good: [`${C}clock ok`],
  },
  'ceph.mon-down': {
    bad: [`${C}Health check failed: 1/3 mons down, quorum a,b (MON_DOWN)`],
    good: [`${C}monmap e1: 3 mons`],
  },
  'ceph.mgr-modules': {
    bad: [`${C}Health check failed: 13 mgr modules have failed dependencies (MGR_MODULE_DEPENDENCY)`],
    good: [`${C}mgr a is now active`],
  },
};
