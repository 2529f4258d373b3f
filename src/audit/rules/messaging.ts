// MQ and MC: RabbitMQ, the services' connections to it, memcached. What a lost broker or cache costs.
// Manuals: rabbitmq.com/docs (clustering, partitions, quorum-queues, heartbeats), oslo.messaging and oslo.cache options.
import type { Option } from '../../formats/document.ts';
import { jsonMember, jsonText } from '../../formats/json-read.ts';
import type { AuditFile, Estate } from '../estate.ts';
import { iniOption, sectionPlace } from '../estate.ts';
import { hit, needsLiveData } from '../rule.ts';
import type { Hit, Rule, RuleResult } from '../rule.ts';
import { formationNodes, isRabbitHost, policies, rabbitSetting, transports } from '../views/rabbit.ts';
import { bare, entries, vrrpInstances } from '../views/vrrp.ts';

const SECTION = 'oslo_messaging_rabbit';
const VERSION: RuleResult = { missing: 'the version of RabbitMQ (--assume rabbitmq=VERSION)' };
const FEW_FILES = 65_536;
const LONG_DEAD_RETRY = 60;

const rules: readonly Rule[] = [
  {
    id: 'MQ01', letter: 'C', effect: 'data', source: 'RabbitMQ 4.0 release notes: mirrored queues are removed', versions: 'RabbitMQ >= 4.0',
    title: 'A policy that mirrors queues, which RabbitMQ 4 no longer does',
    explanation: 'Queues live on one broker only: with it go their messages, and calls in flight fail.',
    remediation: 'Use quorum queues: default_queue_type = quorum, and rabbit_quorum_queue = true in all services.',
    evaluate: (estate) => policies(estate).filter(({ definition }) => jsonMember(definition, 'ha-mode') !== undefined).flatMap(({ file, node, name }) => byVersion(estate.below('rabbitmq', '4.0'), false, () => [hit(file, node, `the policy ${name} sets ha-mode`)])),
  },
  {
    id: 'MQ02', letter: 'H', effect: 'outage', source: 'oslo.messaging: rabbit_quorum_queue is false by default; RabbitMQ: classic queues are not replicated',
    title: 'Queues of a service are not replicated',
    explanation: 'When the broker that holds them fails, the service does not answer until its queues are declared anew.',
    remediation: 'Write `rabbit_quorum_queue = true` in [oslo_messaging_rabbit] of all services (the queues must be deleted once).',
    evaluate: (estate) => rabbitClients(estate).filter(({ brokers }) => brokers.length !== 1).flatMap(({ file }) => isTrue(file, 'rabbit_quorum_queue') ? [] : [hit(file, iniOption(file.document, SECTION, 'rabbit_quorum_queue') ?? sectionPlace(file.document, SECTION), 'rabbit_quorum_queue is not true')]),
  },
  {
    id: 'MQ03', letter: 'H', effect: 'errors', source: 'comparison of the services; RabbitMQ: queue type cannot be redeclared',
    title: 'Some services use quorum queues and others do not',
    explanation: 'A queue that two services share cannot be declared by both: PRECONDITION_FAILED in their logs.',
    remediation: 'Write the same rabbit_quorum_queue in all services.',
    evaluate: (estate) => {
      const all = rabbitClients(estate).map(({ file }) => ({ file, on: isTrue(file, 'rabbit_quorum_queue') }));
      return all.some(({ on }) => on) ? all.filter(({ on }) => !on).map(({ file }) => hit(file, sectionPlace(file.document, SECTION), 'no quorum queues here, while other services have them')) : [];
    },
  },
  {
    id: 'MQ04', letter: 'M', effect: 'errors', source: 'oslo.messaging: rabbit_transient_quorum_queue, rabbit_stream_fanout, use_queue_manager',
    title: 'Reply and fanout queues are not replicated',
    explanation: 'When a broker fails, calls in flight lose their answers and time out after a minute.',
    remediation: 'Write rabbit_transient_quorum_queue = true, rabbit_stream_fanout = true, use_queue_manager = true.',
    evaluate: (estate) => rabbitClients(estate).filter(({ file }) => isTrue(file, 'rabbit_quorum_queue') && !isTrue(file, 'rabbit_transient_quorum_queue')).map(({ file }) => hit(file, sectionPlace(file.document, SECTION), 'rabbit_transient_quorum_queue is not true')),
  },
  {
    id: 'MQ05', letter: 'C', effect: 'data', source: 'RabbitMQ documentation: partitions, pause_minority', versions: 'RabbitMQ < 4.3',
    title: 'Partitions are ignored',
    explanation: 'A cut cluster works on as two: queues diverge, and one side loses its messages.',
    remediation: 'Write `cluster_partition_handling = pause_minority`.',
    evaluate: (estate) => estate.hosts.flatMap((host): readonly RuleResult[] => {
      const found = rabbitSetting(host, 'cluster_partition_handling');
      return found?.value === 'ignore' ? byVersion(estate.below('rabbitmq', '4.3'), true, () => [hit(found.file, found, 'cluster_partition_handling is ignore')]) : [];
    }),
  },
  {
    id: 'MQ06', letter: 'M', effect: 'data', source: 'RabbitMQ documentation: autoheal prefers continuity to consistency', versions: 'RabbitMQ < 4.3',
    title: 'Partitions heal by throwing one side away',
    explanation: 'After a cut the losing side restarts and drops what only it had.',
    remediation: 'Write `cluster_partition_handling = pause_minority` with three brokers.',
    evaluate: (estate) => estate.hosts.flatMap((host): readonly RuleResult[] => {
      const found = rabbitSetting(host, 'cluster_partition_handling');
      return found?.value === 'autoheal' ? byVersion(estate.below('rabbitmq', '4.3'), true, () => [hit(found.file, found, 'cluster_partition_handling is autoheal')]) : [];
    }),
  },
  {
    id: 'MQ07', letter: 'C', effect: 'outage', source: 'RabbitMQ documentation: pause_minority with two nodes', versions: 'RabbitMQ < 4.3',
    title: 'pause_minority with two brokers',
    explanation: 'Any failure leaves no majority: both brokers pause and the cloud stops.',
    remediation: 'Run three brokers.',
    evaluate: (estate) => estate.hosts.flatMap((host): readonly RuleResult[] => {
      const found = rabbitSetting(host, 'cluster_partition_handling');
      return found?.value === 'pause_minority' && formationNodes(host).length === 2 ? byVersion(estate.below('rabbitmq', '4.3'), true, () => [hit(found.file, found, 'two brokers have no majority without each other')]) : [];
    }),
  },
  {
    id: 'MQ08', letter: 'L', effect: 'upkeep', source: 'RabbitMQ documentation: partitions (removed in 4.3)', versions: 'RabbitMQ >= 4.3',
    title: 'Partition handling that RabbitMQ no longer has',
    explanation: 'The option has no effect; whoever reads it expects another behaviour.',
    remediation: 'Remove cluster_partition_handling.',
    evaluate: (estate) => estate.hosts.flatMap((host): readonly RuleResult[] => {
      const found = rabbitSetting(host, 'cluster_partition_handling');
      return found === undefined ? [] : byVersion(estate.below('rabbitmq', '4.3'), false, () => [hit(found.file, found, 'cluster_partition_handling has no effect')]);
    }),
  },
  {
    id: 'MQ09', letter: 'H', effect: 'outage', source: 'RabbitMQ documentation: clustering, node counts and quorum',
    title: 'An even number of brokers',
    explanation: 'Two brokers survive no failure; four survive one, as three do.',
    remediation: 'Run three (or five) brokers.',
    evaluate: (estate) => estate.hosts.flatMap((host) => {
      const nodes = formationNodes(host);
      const last = nodes.at(-1);
      return last === undefined || nodes.length % 2 === 1 ? [] : [hit(last.file, last, `${nodes.length} brokers`)];
    }),
  },
  {
    id: 'MQ10', letter: 'L', effect: 'slow', source: 'RabbitMQ documentation: quorum queues, replication factor',
    title: 'More than seven replicas of a queue',
    explanation: 'Every message waits for more brokers than it need.',
    remediation: 'Write a quorum-initial-group-size of 3 or 5.',
    evaluate: (estate) => policies(estate).flatMap(({ file, definition }) => ['quorum-initial-group-size', 'target-group-size', 'x-quorum-initial-group-size'].flatMap((key) => {
      const size = jsonMember(definition, key);
      return Number(jsonText(size)) > 7 && size !== undefined ? [hit(file, size, `${jsonText(size) ?? ''} replicas`)] : [];
    })),
  },
  {
    id: 'MQ11', letter: 'C', effect: 'outage', source: 'OpenStack HA guide: RabbitMQ, services list all brokers',
    title: 'A service knows one broker only',
    explanation: 'When this broker (or the address in front of it) fails, the service stands still.',
    remediation: 'List all brokers: transport_url = rabbit://USER:PASS@10.0.0.1:5672,USER:PASS@10.0.0.2:5672,...',
    evaluate: (estate) => {
      const vips = new Set(vrrpInstances(estate).flatMap(({ node }) => entries(node, 'virtual_ipaddress').map(({ words }) => bare(words[0] ?? ''))));
      return transports(estate).filter(({ brokers }) => brokers.length === 1).map((each) => {
        const [only = ''] = each.brokers;
        return hit(each.file, each, vips.has(only.split(':')[0] ?? '') ? `the only broker is the floating address ${only}` : `the only broker is ${only}`);
      });
    },
  },
  {
    id: 'MQ12', letter: 'M', effect: 'slow', source: 'RabbitMQ documentation: heartbeats (5 to 20 s); oslo.messaging heartbeat_timeout_threshold',
    title: 'Heartbeats too slow or too fast',
    explanation: 'At 60 s a dead broker holds its clients for a minute; below 5 s a busy one is taken for dead.',
    remediation: 'Write heartbeat_timeout_threshold = 10 in [oslo_messaging_rabbit].',
    evaluate: (estate) => estate.of('oslo').flatMap((file) => {
      const option = iniOption(file.document, SECTION, 'heartbeat_timeout_threshold');
      const value = Number(option?.value);
      return option !== undefined && (value >= 60 || (value > 0 && value < 5)) ? [hit(file, option, `heartbeat_timeout_threshold is ${value}`)] : [];
    }),
  },
  {
    id: 'MQ13', letter: 'H', effect: 'outage', source: 'RabbitMQ documentation: net ticktime must be equal on all nodes',
    title: 'net_ticktime differs between brokers',
    explanation: 'One broker takes the other for dead while that waits on: the cluster parts for no reason.',
    remediation: 'Write the same net_ticktime on all brokers.',
    evaluate: (estate) => different(estate.hosts.filter((host) => isRabbitHost(host) || host.of('env').some(({ path }) => /rabbitmq/.test(path))).flatMap((host) => host.of('env').filter(({ path }) => /rabbitmq/.test(path)).flatMap((file) => file.document.options.flatMap((option) => {
      const match = /net_ticktime\s+(\d+)/.exec(option.value);
      return match === null ? [] : [{ file, option, value: match[1] ?? '' }];
    }))), 'net_ticktime'),
  },
  {
    id: 'MQ14', letter: 'C', effect: 'outage', source: 'RabbitMQ documentation: clustering, the Erlang cookie',
    title: 'Brokers have different Erlang cookies',
    explanation: 'A broker that restarts is refused by the others and stays alone.',
    remediation: 'Copy one .erlang.cookie to all brokers (mode 0400, owner rabbitmq).',
    evaluate: (estate) => {
      const [first, ...others] = estate.of('opaque').filter(({ path }) => path.endsWith('erlang.cookie'));
      return others.filter(({ text }) => text.trim() !== first?.text.trim()).map((file) => hit(file, { line: 1, column: 1 }, `not the cookie of ${first?.path ?? ''}`));
    },
  },
  {
    id: 'MQ15', letter: 'M', effect: 'outage', source: 'RabbitMQ documentation: production checklist, open file handles limit',
    title: 'Few open files for the broker',
    explanation: 'After a failover the remaining brokers refuse the connections of the lost one.',
    remediation: 'Write LimitNOFILE=65536 in a drop-in of rabbitmq-server.service.',
    evaluate: (estate) => estate.of('unit').filter(({ path }) => /rabbitmq/.test(path)).flatMap((file) => {
      const option = iniOption(file.document, 'Service', 'LimitNOFILE');
      return option !== undefined && Number(option.value.split(':')[0]) < FEW_FILES ? [hit(file, option, `LimitNOFILE is ${option.value}`)] : [];
    }),
  },
  needsLiveData({
    id: 'MQ16', letter: 'M', effect: 'slow',
    title: 'Most queue leaders on one broker',
    explanation: 'The failure of this broker moves most queues at once.',
    remediation: 'Run rabbitmq-queues rebalance quorum.',
  }, 'the queues and their leaders (`rabbitmqctl list_queues name leader`)', (estate) => estate.hosts.some((host) => isRabbitHost(host))),
  {
    id: 'MC01', letter: 'H', effect: 'errors', source: 'oslo.cache memcache_servers: keys are spread by the list; comparison of the services',
    title: 'Services list different caches, or in another order',
    explanation: 'What one service cached another does not find: tokens are checked again and again, or stay valid too long.',
    remediation: 'Write the same list in the same order everywhere.',
    evaluate: (estate) => ['cache.memcache_servers', 'keystone_authtoken.memcached_servers'].flatMap((name) => {
      const [section = '', key = ''] = name.split('.');
      return different(estate.of('oslo').flatMap((file) => {
        const option = iniOption(file.document, section, key);
        return option === undefined ? [] : [{ file, option, value: option.value.replaceAll(/\s/g, '') }];
      }), key);
    }),
  },
  {
    id: 'MC02', letter: 'M', effect: 'slow', source: 'oslo.cache: memcache_dead_retry, memcache_socket_timeout, backend oslo_cache.memcache_pool',
    title: 'A dead cache is waited for again and again',
    explanation: 'Every request waits for the time-out of a dead server, in every thread.',
    remediation: 'Write backend = oslo_cache.memcache_pool, memcache_socket_timeout = 0.5, memcache_dead_retry = 30.',
    evaluate: (estate) => estate.of('oslo').flatMap((file) => {
      if (iniOption(file.document, 'cache', 'enabled')?.value.toLowerCase() !== 'true') return [];
      const backend = iniOption(file.document, 'cache', 'backend');
      const retry = iniOption(file.document, 'cache', 'memcache_dead_retry');
      const unpooled = backend !== undefined && /dogpile\.cache\.(?:memcached|bmemcached|pymemcache)/.test(backend.value);
      if (unpooled) return [hit(file, backend, `${backend.value} has no pool`)];
      return retry !== undefined && Number(retry.value) > 300 + LONG_DEAD_RETRY ? [hit(file, retry, `memcache_dead_retry is ${retry.value} s`)] : [];
    }),
  },
  {
    id: 'MC03', letter: 'M', effect: 'exposure', source: 'memcached(1): -U, -l; amplification attacks by UDP (2018)',
    title: 'memcached listens on every address or on UDP',
    explanation: 'Whoever reaches the port reads and writes cached tokens, or uses the server to attack others.',
    remediation: 'Write `-l ADDRESS` and `-U 0`.',
    evaluate: (estate) => estate.of('memcached').flatMap((file) => {
      const of = (key: string): Option | undefined => file.document.options.findLast((option) => option.key === key);
      const udp = of('-U');
      const listen = of('-l');
      if (udp !== undefined && udp.value !== '0') return [hit(file, udp, `UDP port ${udp.value} is open`)];
      return listen === undefined || /^(?:0\.0\.0\.0(?:$|[,:])|\[?::\]?(?:$|,|:\d))/.test(listen.value) ? [hit(file, listen ?? { line: 1, column: 1 }, 'listens on every address')] : [];
    }),
  },
]; // prettier-ignore

export default rules;

/** Hits when the version is on the wanted side of a limit, `undecided` when it is not known. */
function byVersion(below: boolean | undefined, wanted: boolean, hits: () => readonly Hit[]): readonly RuleResult[] {
  if (below === undefined) return [VERSION];
  return below === wanted ? hits() : [];
}

function rabbitClients(estate: Estate) {
  return transports(estate);
}

function isTrue(file: AuditFile<'oslo'>, key: string): boolean {
  return /^(?:true|1|yes|on)$/i.test(iniOption(file.document, SECTION, key)?.value ?? '');
}

interface Compared {
  readonly file: AuditFile;
  readonly option: Option;
  readonly value: string;
}

/** Everyone whose value is not that of the first. */
function different(all: readonly Compared[], what: string): readonly Hit[] {
  const [first, ...others] = all;
  return others
    .filter(({ value }) => value !== first?.value)
    .map(({ file, option }) => hit(file, option, `${what} is not that of ${first?.file.path ?? ''}`));
}
