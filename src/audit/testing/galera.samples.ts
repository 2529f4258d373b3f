// Samples of the DB rules.
import type { Samples, Tree } from './sample.ts';

const FILE = 'etc/mysql/mariadb.conf.d/60-galera.cnf';
const MEMBER = 'wsrep_on = ON\n';
const cnf = (lines: string): Tree => ({ [FILE]: `[mariadbd]\n${lines}\n` });
const provider = (options: string): Tree => cnf(`${MEMBER}wsrep_provider_options = ${options}`);
const nova = (lines: string): Tree => ({
  'etc/nova/nova.conf': `[DEFAULT]\nosapi_compute_workers = 4\n[database]\nconnection = mysql://x\n${lines}\n`,
});
const LIST = 'wsrep_cluster_address = gcomm://10.0.0.1,10.0.0.2,10.0.0.3';

export const GALERA: Samples = {
  DB01: {
    bad: cnf('«innodb-flush-log-at-trx-commit = 0'),
    good: [
      cnf('innodb_flush_log_at_trx_commit = 0\ninnodb_flush_log_at_trx_commit = 1'),
      { [FILE]: '[mysqldump]\ninnodb_flush_log_at_trx_commit = 0\n' },
    ],
  },
  DB02: {
    bad: cnf('«wsrep_cluster_address = gcomm://10.0.0.1,10.0.0.2'),
    good: [
      cnf(LIST),
      { ...cnf('wsrep_cluster_address = gcomm://10.0.0.1,10.0.0.2'), 'etc/default/garb': 'GALERA_NODES="10.0.0.1"\n' },
    ],
  },
  DB03: {
    bad: {
      [`a/${FILE}`]: `[galera]\n${LIST}\n`,
      [`b/${FILE}`]: '[galera]\n«wsrep_cluster_address = gcomm://10.0.0.1\n',
    },
    good: {
      [`a/${FILE}`]: `[galera]\n${LIST}\n`,
      [`b/${FILE}`]: '[galera]\nwsrep_cluster_address = gcomm://10.0.0.3,10.0.0.2,10.0.0.1\n',
    },
  },
  DB04: {
    bad: cnf('«wsrep_cluster_address = gcomm://\nwsrep_provider_options = «pc.bootstrap=yes'),
    good: cnf(`${LIST}\nwsrep_provider_options = pc.bootstrap=no`),
  },
  DB05: {
    bad: provider('gcache.size=1G; «evs.suspect_timeout=PT30S'),
    good: [provider('evs.suspect_timeout=PT10S'), provider('evs.suspect_timeout=PT30S; evs.inactive_timeout=PT1M')],
  },
  DB06: {
    bad: provider('"«evs.suspect_timeout=PT1M; evs.inactive_timeout=PT1M"'),
    good: provider('evs.suspect_timeout=PT1M; evs.inactive_timeout=PT1M; evs.install_timeout=PT1M'),
  },
  DB07: {
    bad: { ...cnf('«max_connections = 100'), ...nova('max_pool_size = 10\nmax_overflow = 20') },
    good: { ...cnf('max_connections = 120'), ...nova('max_pool_size = 10\nmax_overflow = 20') },
  },
  DB08: {
    bad: { ...cnf('«wait_timeout = 3599'), ...nova('debug = true') },
    good: { ...cnf('wait_timeout = 3599'), ...nova('connection_recycle_time = 600') },
  },
  DB09: {
    bad: { 'etc/default/clustercheck': '«AVAILABLE_WHEN_DONOR=1\n', ...cnf('wsrep_sst_method = rsync') },
    good: [
      { 'etc/default/clustercheck': 'AVAILABLE_WHEN_DONOR=1\n', ...cnf('wsrep_sst_method = mariabackup') },
      { 'etc/default/clustercheck': 'AVAILABLE_WHEN_DONOR=0\n' },
    ],
  },
  DB10: { bad: cnf('«wsrep_sst_method = rsync'), good: cnf('wsrep_sst_method = mariabackup') },
  DB11: { bad: provider('«gcache.size = 128M'), good: provider('gcache.size = 1G') },
  DB12: { bad: cnf('«innodb_doublewrite=0'), good: cnf('innodb_doublewrite=1') },
  DB13: {
    bad: { 'etc/default/clustercheck': '«MYSQL_HOST=10.0.0.2\n' },
    good: { 'etc/default/clustercheck': 'MYSQL_HOST=localhost\n' },
  },
  DB14: {
    bad: cnf(`${MEMBER}«binlog_format = MIXED\ninnodb_autoinc_lock_mode = 2`),
    good: [cnf(`${MEMBER}binlog_format = row`), cnf('binlog_format = MIXED')],
  },
  DB15: {
    bad: nova('«slave_connection = mysql://y'),
    good: nova('slave_connection = mysql://y\nmysql_wsrep_sync_wait = 1'),
  },
  DB16: {
    bad: { [`a/${FILE}`]: `[galera]\n${LIST}\n`, [`b/${FILE}`]: `[galera]\n${LIST}\n` },
    good: { [FILE]: `[galera]\n${LIST}\n` },
    undecided: true,
  },
  DB17: {
    bad: {
      ...cnf('«max_connections = 2000'),
      'etc/systemd/system/mariadb.service.d/l.conf': '[Service]\nLimitNOFILE=1024\n',
    },
    good: {
      ...cnf('max_connections = 1000'),
      'etc/systemd/system/mariadb.service.d/l.conf': '[Service]\nLimitNOFILE=65536\n',
    },
  },
};
