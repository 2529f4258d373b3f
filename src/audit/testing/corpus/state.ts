// MariaDB with Galera, RabbitMQ, memcached. Manuals: MariaDB and Galera system variables, rabbitmq.com/docs/configure,
// memcached(1)
import type { Catalogue, FileTemplate } from './option.ts';

const same = (text: string, why: string) => [{ text, why, on: 'one' as const }];

export const STATE_OPTIONS: Catalogue = {
  'db.bind': { sound: ['bind-address = <my-address>', 'bind_address = <my-address>'], harmful: [{ text: 'bind-address = 127.0.0.1', why: 'nobody else reaches the member' }] },
  'db.connections': { sound: ['max_connections = 4096', 'max-connections=8000'], harmful: [{ text: 'max_connections = 100', why: 'services open more' }] },
  'db.wait': { sound: ['wait_timeout = 28800', ''], harmful: [{ text: 'wait_timeout = 60', why: 'services keep connections for an hour' }] },
  'db.flush': { sound: ['innodb_flush_log_at_trx_commit = 1', ''], harmful: [{ text: 'innodb_flush_log_at_trx_commit = 0', why: 'commits are lost when all lose power' }, { text: 'innodb-flush-log-at-trx-commit=2', why: 'commits are lost when all lose power' }] },
  'db.doublewrite': { sound: ['', 'innodb_doublewrite = 1'], harmful: [{ text: 'skip-innodb-doublewrite', why: 'torn pages' }, { text: 'innodb_doublewrite = OFF', why: 'torn pages' }] },
  'db.format': { sound: ['binlog_format = ROW', 'binlog-format=row'], harmful: [{ text: 'binlog_format = STATEMENT', why: 'Galera supports ROW only' }] },
  'db.autoinc': { sound: ['innodb_autoinc_lock_mode = 2'], harmful: [{ text: 'innodb_autoinc_lock_mode = 1', why: 'duplicate keys on several members' }] },
  'db.engine': { sound: ['default_storage_engine = InnoDB'], harmful: [{ text: 'default_storage_engine = MyISAM', why: 'not replicated' }] },
  'db.cache': { sound: ['', 'query_cache_size = 0', 'innodb_buffer_pool_size = 4G'], harmful: [] },
  'wsrep.on': { sound: ['wsrep_on = ON', 'wsrep_on=1'], harmful: [{ text: 'wsrep_on = OFF', why: 'the member replicates nothing' }] },
  'wsrep.provider': { sound: ['wsrep_provider = /usr/lib/galera/libgalera_smm.so'], harmful: [{ text: 'wsrep_provider = none', why: 'the member replicates nothing' }] },
  'wsrep.name': { sound: ['wsrep_cluster_name = cloud'], harmful: same('wsrep_cluster_name = cloud2', 'a member of another name cannot join') },
  'wsrep.address': { sound: ['wsrep_cluster_address = gcomm://<member1>,<member2>,<member3>', 'wsrep_cluster_address="gcomm://<member1>,<member2>,<member3>"'], harmful: [
    { text: 'wsrep_cluster_address = gcomm://', why: 'each start founds a new cluster' },
    { text: 'wsrep_cluster_address = gcomm://<member1>,<member2>', why: 'an even number of members' },
    { text: 'wsrep_cluster_address = gcomm://<member1>,<member2-short>,<member3>', why: 'an address with three numbers' },
    ...same('wsrep_cluster_address = gcomm://<member1>,<member3>,192.0.2.77', 'hosts list different members')] },
  'wsrep.node': { sound: ['wsrep_node_address = <my-address>'], harmful: [{ text: 'wsrep_node_address = <member1>', why: 'the same address on all' }] },
  'wsrep.sst': { sound: ['wsrep_sst_method = mariabackup'], harmful: [{ text: 'wsrep_sst_method = rsync', why: 'blocks the donor' }, { text: 'wsrep_sst_method = mysqldump', why: 'blocks the donor' }, ...same('wsrep_sst_method = xtrabackup-v2', 'a donor and a joiner of different methods')] },
  'wsrep.options': { sound: ['wsrep_provider_options = "gcache.size=1G"', 'wsrep_provider_options = "gcache.size=2G; evs.suspect_timeout=PT5S; evs.inactive_timeout=PT15S"'], harmful: [
    { text: 'wsrep_provider_options = "gcache.size=1G; evs.suspect_timeout=PT30S; evs.inactive_timeout=PT15S"', why: 'suspicion after the hard limit' },
    { text: 'wsrep_provider_options = "gcache.size=1G; pc.bootstrap=1"', why: 'each start founds a new cluster' },
    { text: 'wsrep_provider_options = "gcache.size=1G; pc.ignore_sb=yes"', why: 'goes on in split brain' },
    { text: 'wsrep_provider_options = "gcache.sise=1G"', why: 'misspelt' }] },
  'db.files': { sound: ['LimitNOFILE=65536', 'LimitNOFILE=infinity'], harmful: [{ text: 'LimitNOFILE=1024', why: 'the server lowers max_connections' }] },
  'mq.partition': { sound: ['cluster_partition_handling = pause_minority'], harmful: [{ text: 'cluster_partition_handling = ignore', why: 'both sides go on' }, { text: 'cluster_partition_handling = autoheal', why: 'one side loses its messages' }, { text: 'cluster_partition_handling = pause_minorty', why: 'misspelt: the broker does not start' }] },
  'mq.tick': { sound: ['net_ticktime = 10', 'net_ticktime = 60', ''], harmful: same('net_ticktime = 25', 'must be the same on all') },
  'mq.nodes': { sound: ['cluster_formation.classic_config.nodes.1 = rabbit@<name1>\ncluster_formation.classic_config.nodes.2 = rabbit@<name2>\ncluster_formation.classic_config.nodes.3 = rabbit@<name3>'], harmful: [{ text: 'cluster_formation.classic_config.nodes.1 = rabbit@<name1>\ncluster_formation.classic_config.nodes.2 = rabbit@<name2>', why: 'an even number of brokers' }] },
  'mq.memory': { sound: ['vm_memory_high_watermark.relative = 0.4', 'vm_memory_high_watermark.relative = 0.6', ''], harmful: [{ text: 'vm_memory_high_watermark.relative = 0.98', why: 'the kernel kills the broker before it slows its clients' }] },
  'mq.disk': { sound: ['disk_free_limit.absolute = 2GB', ''], harmful: [] },
  'mq.cookie': { sound: ['GKDMAJWEXPLIOUHTNZRC'], harmful: same('XYZWAJWEXPLIOUHTNZRC', 'brokers do not speak to each other') },
  'mq.files': { sound: ['LimitNOFILE=65536'], harmful: [{ text: 'LimitNOFILE=1024', why: 'each connection needs one' }] },
  'cache.listen': { sound: ['-l <my-address>'], harmful: [{ text: '-l 0.0.0.0', why: 'anybody reads tokens' }, { text: '', why: 'listens on every address' }] },
  'cache.udp': { sound: ['-U 0', ''], harmful: [{ text: '-U 11211', why: 'amplifies attacks' }] },
}; // prettier-ignore

export const STATE_FILES: readonly FileTemplate[] = [
  {
    roles: ['database'],
    path: 'etc/mysql/mariadb.conf.d/60-cluster.cnf',
    loose: 'galera-<name>.cnf',
    text: '[mariadb]\n{{db.bind}}\n{{db.connections}}\n{{db.wait}}\n{{db.flush}}\n{{db.doublewrite}}\n{{db.format}}\n{{db.autoinc}}\n{{db.engine}}\n{{db.cache}}\n\n[galera]\n{{wsrep.on}}\n{{wsrep.provider}}\n{{wsrep.name}}\n{{wsrep.address}}\n{{wsrep.node}}\nwsrep_node_name = <me>\n{{wsrep.sst}}\n{{wsrep.options}}\n',
  },
  {
    roles: ['database'],
    path: 'etc/systemd/system/mariadb.service.d/limits.conf',
    text: '[Service]\n{{db.files}}\n',
  },
  {
    roles: ['messaging'],
    path: 'etc/rabbitmq/rabbitmq.conf',
    loose: 'rabbitmq-<name>.conf',
    text: 'listeners.tcp.1 = <my-address>:5672\ncluster_formation.peer_discovery_backend = classic_config\n{{mq.nodes}}\n{{mq.partition}}\n{{mq.tick}}\n{{mq.memory}}\n{{mq.disk}}\n',
  },
  { roles: ['messaging'], path: 'var/lib/rabbitmq/.erlang.cookie', mode: 0o400, text: '{{mq.cookie}}' },
  {
    roles: ['messaging'],
    path: 'etc/systemd/system/rabbitmq-server.service.d/limits.conf',
    text: '[Service]\n{{mq.files}}\n',
  },
  { roles: ['cache'], path: 'etc/memcached.conf', text: '-d\n-m 512\n-p 11211\n-u memcache\n{{cache.listen}}\n{{cache.udp}}\n' },
]; // prettier-ignore
