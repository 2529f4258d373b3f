// Samples of the MQ and MC rules.
import type { Samples, Tree } from './sample.ts';

const conf = (lines: string): Tree => ({ 'etc/rabbitmq/rabbitmq.conf': `${lines}\n` });
const URL = 'transport_url = rabbit://u:p@10.0.0.1:5672,u:p@10.0.0.2:5672/v';
const nova = (lines: string, url = URL): Tree => ({ 'etc/nova/nova.conf': `[DEFAULT]\n${url}\n${lines}\n` });
const QUORUM = '[oslo_messaging_rabbit]\nrabbit_quorum_queue = true';
const policy = (definition: string): Tree => ({
  'etc/rabbitmq/definitions.json': `{"policies": [\n ${definition}\n]}\n`,
});
const nodes = (count: number, mark = false): string =>
  Array.from(
    { length: count },
    (_, index) =>
      `${mark && index === count - 1 ? '«' : ''}cluster_formation.classic_config.nodes.${index + 1} = rabbit@c${index + 1}`,
  ).join('\n');
const OLD = { rabbitmq: '4.2' };
const NEW = { rabbitmq: '4.3' };

export const MESSAGING: Samples = {
  MQ01: {
    bad: policy('«{"name": "ha", "definition": {"ha-mode": "all"}}'),
    good: policy('{"name": "ttl", "definition": {"message-ttl": 5}}'),
    assumed: { rabbitmq: '4.0' },
  },
  MQ02: {
    bad: nova('«[oslo_messaging_rabbit]\nssl = true'),
    good: [nova(QUORUM), nova('', 'transport_url = kombu+memory://')],
  },
  MQ03: {
    bad: {
      ...nova(QUORUM),
      'etc/cinder/cinder.conf': `«[DEFAULT]\n${URL}\n`.replace('«[DEFAULT]', '«[oslo_messaging_rabbit]\n[DEFAULT]'),
    },
    good: { ...nova(QUORUM), 'etc/cinder/cinder.conf': `[DEFAULT]\n${URL}\n${QUORUM}\n` },
  },
  MQ04: { bad: nova(`«${QUORUM}`), good: nova(`${QUORUM}\nrabbit_transient_quorum_queue = true`) },
  MQ05: {
    bad: { 'etc/rabbitmq/rabbitmq.config': '[{rabbit, [{cluster_partition_handling, «ignore}]}].\n' },
    good: [conf('cluster_partition_handling = pause_minority')],
    assumed: OLD,
  },
  MQ06: {
    bad: conf('«cluster_partition_handling = autoheal'),
    good: conf('cluster_partition_handling = autoheal'),
    assumed: OLD,
    assumedGood: NEW,
  },
  MQ07: {
    bad: conf(`«cluster_partition_handling = pause_minority\n${nodes(2)}`),
    good: conf(`cluster_partition_handling = pause_minority\n${nodes(3)}`),
    assumed: OLD,
  },
  MQ08: {
    bad: conf('«cluster_partition_handling = pause_minority'),
    good: conf('cluster_partition_handling = pause_minority'),
    assumed: NEW,
    assumedGood: OLD,
  },
  MQ09: { bad: conf(nodes(4, true)), good: conf(nodes(3)) },
  MQ10: {
    bad: policy('{"name": "q", "definition": {"quorum-initial-group-size": «9}}'),
    good: policy('{"name": "q", "definition": {"quorum-initial-group-size": 7}}'),
  },
  MQ11: { bad: nova('', '«transport_url = rabbit://u:p@10.0.0.9:5672/'), good: nova('') },
  MQ12: {
    bad: nova('[oslo_messaging_rabbit]\n«heartbeat_timeout_threshold = 60'),
    good: [
      nova('[oslo_messaging_rabbit]\nheartbeat_timeout_threshold = 10'),
      nova('[oslo_messaging_rabbit]\nheartbeat_timeout_threshold = 0'),
    ],
  },
  MQ13: {
    bad: {
      'a/etc/rabbitmq/rabbitmq-env.conf': 'SERVER_ADDITIONAL_ERL_ARGS="-kernel net_ticktime 10"\n',
      'b/etc/rabbitmq/rabbitmq-env.conf': '«SERVER_ADDITIONAL_ERL_ARGS="-kernel net_ticktime 60"\n',
    },
    good: {
      'a/etc/rabbitmq/rabbitmq-env.conf': 'SERVER_ADDITIONAL_ERL_ARGS="-kernel net_ticktime 10"\n',
      'b/etc/rabbitmq/rabbitmq-env.conf': 'SERVER_ADDITIONAL_ERL_ARGS="+W w -kernel net_ticktime 10"\n',
    },
  },
  MQ14: {
    bad: { 'a/var/lib/rabbitmq/.erlang.cookie': 'AAAA', 'b/var/lib/rabbitmq/.erlang.cookie': '«BBBB' },
    good: { 'a/var/lib/rabbitmq/.erlang.cookie': 'AAAA', 'b/var/lib/rabbitmq/.erlang.cookie': 'AAAA\n' },
  },
  MQ15: {
    bad: { 'etc/systemd/system/rabbitmq-server.service.d/l.conf': '[Service]\n«LimitNOFILE=32768\n' },
    good: { 'etc/systemd/system/rabbitmq-server.service.d/l.conf': '[Service]\nLimitNOFILE=65536\n' },
  },
  MQ16: { bad: conf('listeners.tcp = none'), good: { 'etc/hosts': '127.0.0.1 localhost\n' }, undecided: true },
  MC01: {
    bad: {
      'etc/keystone/keystone.conf': '[cache]\nmemcache_servers = 10.0.0.1:11211,10.0.0.2:11211\n',
      'etc/nova/nova.conf': '[cache]\n«memcache_servers = 10.0.0.2:11211,10.0.0.1:11211\n',
    },
    good: {
      'etc/keystone/keystone.conf': '[cache]\nmemcache_servers = 10.0.0.1:11211,10.0.0.2:11211\n',
      'etc/nova/nova.conf': '[cache]\nmemcache_servers = 10.0.0.1:11211, 10.0.0.2:11211\n',
    },
  },
  MC02: {
    bad: { 'etc/nova/nova.conf': '[cache]\nenabled = true\n«backend = dogpile.cache.memcached\n' },
    good: { 'etc/nova/nova.conf': '[cache]\nenabled = true\nbackend = oslo_cache.memcache_pool\n' },
  },
  MC03: {
    bad: { 'etc/memcached.conf': '-m 64\n«-l 0.0.0.0\n' },
    good: [{ 'etc/memcached.conf': '-l 10.0.0.1\n-U 0\n' }, { 'etc/memcached.conf': '-l 127.0.0.1\n-l ::1\n' }],
  },
};
