// HA: the servers behind a proxy. Which of them get requests, how a dead one is noticed, what becomes of its sessions.
// Manual: https://docs.haproxy.org/3.0/configuration.html
import type { Estate } from '../estate.ts';
import { lineOf } from '../estate.ts';
import { hit } from '../rule.ts';
import type { Hit, Rule } from '../rule.ts';
import { effective, has, isGalera, isOn, isRabbit, milliseconds, modeOf, parameter, serverProxies, serves, serversOf, timeout } from '../views/proxies.ts'; // prettier-ignore
import type { Proxy } from '../views/proxies.ts';

const MANUAL = 'HAProxy configuration manual';
/** Slower than this, users notice the dead server before HAProxy does. */
const SLOW_DETECTION_MS = 10_000;
const API_PORTS = [
  5000, 8774, 8775, 8776, 8778, 9292, 9696, 8004, 8000, 8003, 8041, 8042, 9311, 9001, 9876, 8786, 9511, 15868,
];

const rules: readonly Rule[] = [
  {
    id: 'HA02', letter: 'C', effect: 'data', source: `${MANUAL}: "mysql-check does not check database consistency"; Galera: only a Synced member is safe`,
    title: 'Galera members are checked by a plain connection',
    explanation: 'A member that is a donor, read-only or out of the primary component accepts connections: users get errors or stale data.',
    remediation: 'Write `option httpchk` and `check port 9200` with a service that answers 200 only when wsrep_local_state is 4 and wsrep_ready is ON.',
    evaluate: (estate) => galera(estate, (proxy) => {
      const deep = isOn(proxy, 'httpchk') || isOn(proxy, 'external-check') || effective(proxy, 'http-check').length > 0 || effective(proxy, 'tcp-check', 'expect').length > 0;
      return serversOf(proxy).filter((server) => has(server, 'check') && !deep && !has(server, 'agent-check')).map((server) => hit(proxy.file, server.line, `${server.name} counts as healthy as long as its port is open`));
    }),
  },
  {
    id: 'HA03', letter: 'H', effect: 'errors', source: 'Galera documentation: certification conflicts; Jepsen, MariaDB Galera Cluster 12.1.2 (2026)',
    title: 'Several Galera members take writes',
    explanation: 'Transactions on two members conflict: services see deadlocks (1213) and updates can be lost.',
    remediation: 'Write `backup` at the end of all servers but one.',
    evaluate: (estate) => galera(estate, (proxy) => {
      const balance = effective(proxy, 'balance').at(-1)?.words[1]?.text;
      const [, second] = serversOf(proxy).filter((server) => !has(server, 'backup'));
      if (second === undefined || balance === 'first' || stuck(proxy) || /read|slave|ro$/i.test(proxy.name)) return [];
      const before = lineOf(proxy.file, second.line.line);
      const patch = before.includes('#') ? {} : { patch: { file: proxy.file.path, line: second.line.line, before, after: `${before.trimEnd()} backup` } };
      return [hit(proxy.file, second.line, { message: `${second.name} takes writes beside the first server`, write: `${before.trim()} backup`, ...patch })];
    }),
  },
  {
    id: 'HA04', letter: 'C', effect: 'outage', source: `${MANUAL}: on-marked-down shutdown-sessions`,
    title: 'Sessions stay on a server that was marked down',
    explanation: 'Connections of services hang on the dead or demoted writer until `timeout server`: the cloud stands still for minutes.',
    remediation: 'Write `on-marked-down shutdown-sessions` for every server of this backend, or, because HAProxy up to 3.0.11 freezes sessions that are just connecting when it does that, `tcp-ut 2500ms` with `option srvtcpka`.',
    evaluate: (estate) => serverProxies(estate).filter((proxy) => modeOf(proxy) === 'tcp' && serversOf(proxy).some((server) => has(server, 'backup'))).flatMap((proxy) =>
      serversOf(proxy).filter((server) => parameter(server, 'on-marked-down') !== 'shutdown-sessions' && parameter(server, 'tcp-ut') === undefined).map((server) => {
        const before = lineOf(proxy.file, server.line.line);
        const patch = before.includes('#') ? {} : { patch: { file: proxy.file.path, line: server.line.line, before, after: `${before.trimEnd()} on-marked-down shutdown-sessions` } };
        return hit(proxy.file, server.line, { message: `${server.name} keeps its sessions when it is marked down`, write: `${before.trim()} on-marked-down shutdown-sessions`, ...patch });
      })),
  },
  {
    id: 'HA05', letter: 'C', effect: 'data',
    title: 'Proxies disagree on which server writes',
    explanation: 'Two proxies send writes to two members at once: deadlocks and lost updates in normal operation.',
    remediation: 'Give all proxies the same server without `backup`, or share the choice in a stick table over `peers`.',
    evaluate: (estate) => [...byName(serverProxies(estate).filter(isGalera)).values()].flatMap((group) => {
      const writer = (proxy: Proxy) => serversOf(proxy).find((server) => !has(server, 'backup'));
      const [first] = group;
      if (first === undefined || serversOf(first).every((server) => !has(server, 'backup'))) return [];
      const wanted = writer(first);
      return group.filter((proxy) => !stuck(proxy)).flatMap((proxy) => {
        const own = writer(proxy);
        return own === undefined || wanted === undefined || own.address === wanted.address ? [] : [hit(proxy.file, own.line, `${own.name} (${own.address}) writes here, ${wanted.address} in ${first.file.path}`)];
      });
    }),
  },
  {
    id: 'HA07', letter: 'L', effect: 'errors', source: `${MANUAL}: timeout client ("it is highly recommended ... equal to the server timeout" in TCP mode)`,
    title: 'Client and server time-outs differ in TCP mode',
    explanation: 'One half of a session ends before the other; such sessions are hard to understand.',
    remediation: 'Write the same value for `timeout client` and `timeout server`.',
    evaluate: (estate) => serverProxies(estate).filter((proxy) => proxy.section.keyword === 'listen' && modeOf(proxy) === 'tcp').flatMap((proxy) => {
      const [client, server] = [timeout(proxy, 'client'), timeout(proxy, 'server')];
      const line = effective(proxy, 'timeout', 'client').at(-1);
      return line === undefined || client === undefined || server === undefined || client === server ? [] : [hit(proxy.file, line, `${proxy.name}: timeout client is ${client} ms, timeout server ${server} ms`)];
    }),
  },
  {
    id: 'HA08', letter: 'M', effect: 'slow', source: `${MANUAL}: inter, fall`,
    title: 'A dead server is noticed late',
    explanation: 'Until fall x inter has passed, a part of the requests fails or hangs.',
    remediation: 'Write for example `inter 2s fastinter 500ms fall 2 rise 2`.',
    evaluate: (estate) => serverProxies(estate).flatMap((proxy) => {
      const slow = serversOf(proxy).filter((server) => has(server, 'check')).find((server) => detection(server) > SLOW_DETECTION_MS);
      return slow === undefined ? [] : [hit(proxy.file, slow.line, `${proxy.name}: a dead server is noticed after up to ${detection(slow) / 1000} s`)];
    }),
  },
  {
    id: 'HA09', letter: 'M', effect: 'slow', source: `${MANUAL}: timeout check`,
    title: 'A check may take longer than the checks are apart',
    explanation: 'A server that hangs is noticed much later than one that is off.',
    remediation: 'Write a `timeout check` below `inter`.',
    evaluate: (estate) => serverProxies(estate).flatMap((proxy) => {
      const line = effective(proxy, 'timeout', 'check').at(-1);
      const limit = timeout(proxy, 'check');
      const short = serversOf(proxy).find((server) => has(server, 'check') && (limit ?? 0) > detection(server));
      return line === undefined || short === undefined ? [] : [hit(proxy.file, line, `timeout check is longer than fall x inter of ${proxy.name}/${short.name}`)];
    }),
  },
  {
    id: 'HA10', letter: 'M', effect: 'slow', source: 'OpenStack HA guide: control plane, stateful services (clients list all brokers)',
    title: 'RabbitMQ behind HAProxy',
    explanation: 'Clients notice a dead broker late, and all reconnect to one.',
    remediation: 'List all brokers in transport_url and remove the proxy.',
    evaluate: (estate) => serverProxies(estate).filter(isRabbit).map((proxy) => hit(proxy.file, proxy.section, `${proxy.name} balances AMQP`)),
  },
  {
    id: 'HA15', letter: 'M', effect: 'errors',
    title: 'memcached behind a balancer',
    explanation: 'Tokens are cached on one server and looked for on another.',
    remediation: 'List all servers in memcache_servers and remove the proxy.',
    evaluate: (estate) => serverProxies(estate).filter((proxy) => serves(proxy, [11211], /memcache/i)).map((proxy) => hit(proxy.file, proxy.section, `${proxy.name} balances memcached`)),
  },
  {
    id: 'HA16', letter: 'H', effect: 'outage', source: 'comparison of the hosts',
    title: 'Proxies have different servers',
    explanation: 'After the address moved, a service has fewer servers, or none.',
    remediation: 'Write the same servers on all proxies.',
    evaluate: (estate) => [...byName(serverProxies(estate)).values()].flatMap((group) => {
      const [first, ...others] = group;
      const list = (proxy: Proxy): string => serversOf(proxy).map(({ address, port }) => `${address}:${port ?? ''}`).toSorted().join(' ');
      return first === undefined ? [] : others.filter((proxy) => list(proxy) !== list(first)).map((proxy) => hit(proxy.file, proxy.section, `the servers of ${proxy.name} are not those of ${first.file.path}`));
    }),
  },
  {
    id: 'HA17', letter: 'H', effect: 'outage', source: 'arithmetic: one server is no redundancy',
    title: 'A single server behind a redundant address',
    explanation: 'The service stops with this one host, whatever the address does.',
    remediation: 'Add the other hosts as servers.',
    evaluate: (estate) => serverProxies(estate).flatMap((proxy) => {
      const servers = serversOf(proxy);
      const [only] = servers;
      return only === undefined || servers.length > 1 || /^(?:127\.|localhost|::1|\/|unix@|abns@)/.test(only.address) ? [] : [hit(proxy.file, only.line, `${proxy.name} has one server`)];
    }),
  },
  {
    id: 'HA18', letter: 'C', effect: 'outage', source: `${MANUAL}: check`,
    title: 'Servers without a check',
    explanation: 'A dead server keeps getting its share of the requests: they fail for as long as it is down.',
    remediation: 'Write `check inter 2s fall 2 rise 2` for every server.',
    evaluate: (estate) => serverProxies(estate).flatMap((proxy) => serversOf(proxy).length < 2 ? [] : serversOf(proxy).filter((server) => !has(server, 'check') && !has(server, 'track')).map((server) => hit(proxy.file, server.line, `${server.name} is never checked`))),
  },
  {
    id: 'HA19', letter: 'M', effect: 'outage', source: 'OpenStack performance-docs: freezes last 92 to 150 s with TCP checks; oslo.middleware healthcheck',
    title: 'An API is checked by its port only',
    explanation: 'A hung service accepts connections: requests to it hang until they time out.',
    remediation: 'Write `option httpchk GET /healthcheck` and `http-check expect status 200`.',
    evaluate: (estate) => serverProxies(estate).flatMap((proxy) => {
      const [first] = serversOf(proxy).filter((server) => has(server, 'check') && API_PORTS.includes(server.port ?? 0));
      const deep = isOn(proxy, 'httpchk') || effective(proxy, 'http-check', 'expect').length > 0;
      return first === undefined || deep ? [] : [hit(proxy.file, first.line, `${proxy.name} is an API checked without httpchk`)];
    }),
  },
  {
    id: 'HA22', letter: 'H', effect: 'errors', source: `${MANUAL}: on-marked-up shutdown-backup-sessions, and its warning`,
    title: 'After the writer returned, old sessions stay on the backup',
    explanation: 'New connections use the first writer, pooled ones the backup: two writers, deadlocks and lost updates.',
    remediation: 'Let the choice stick (`stick-table ... nopurge` and `stick on dst`), or write `on-marked-up shutdown-backup-sessions`.',
    evaluate: (estate) => galera(estate, (proxy) => {
      const main = serversOf(proxy).find((server) => !has(server, 'backup'));
      const backups = serversOf(proxy).some((server) => has(server, 'backup'));
      return main === undefined || !backups || stuck(proxy) || parameter(main, 'on-marked-up') !== undefined ? [] : [hit(proxy.file, main.line, `${main.name} takes over again while sessions stay on the backup`)];
    }),
  },
]; // prettier-ignore

export default rules;

function galera(estate: Estate, check: (proxy: Proxy) => readonly Hit[]): readonly Hit[] {
  return serverProxies(estate)
    .filter((proxy) => isGalera(proxy))
    .flatMap(check);
}

/** The choice of a server is kept in a table that all proxies share. */
function stuck(proxy: Proxy): boolean {
  return effective(proxy, 'stick').some(({ words }) => words[1]?.text === 'on' && words[2]?.text === 'dst');
}

function detection(server: ReturnType<typeof serversOf>[number]): number {
  const inter = milliseconds(parameter(server, 'fastinter') ?? parameter(server, 'inter')) ?? 2000;
  const first = milliseconds(parameter(server, 'inter')) ?? 2000;
  return first + inter * (Number(parameter(server, 'fall') ?? 3) - 1);
}

function byName(all: readonly Proxy[]): ReadonlyMap<string, readonly Proxy[]> {
  const groups = new Map<string, Proxy[]>();
  for (const proxy of all) groups.set(proxy.name, [...(groups.get(proxy.name) ?? []), proxy]);
  return groups;
}
