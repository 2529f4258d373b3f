// haproxy.cfg from everybody's endpoints. One HAProxy per balancer host, all configured alike, so that whichever
// holds a VIP serves everything; stick tables are shared over `peers`.
// Manual: https://docs.haproxy.org/3.0/configuration.html
import type { HaproxySection } from '../../formats/haproxy-cfg-write.ts';
import type { Contributed, EndpointContribution, HostContext } from '../../model/component.ts';
import { BUSY, CHECK } from '../oslo/balancer.ts';

export const HEALTH_PORT = 8404;
export const PEERS_PORT = 10_001;
const TLS = '/etc/hastack/tls';

const CONNECT_TIMEOUT = 2000;
/**
 * The kernel ends a session with a host that acknowledges nothing for this long, milliseconds; probes once a
 * second make idle sessions notice as well. Sessions with a frozen process: stale-sessions.ts.
 */
const DEAD_PEER = { userTimeout: 2500, idle: 1000, interval: 1000, probes: 3 } as const;

type Line = readonly string[];

export function haproxySections(ctx: HostContext): readonly HaproxySection[] {
  return [
    globalSection(ctx),
    defaultsSection(),
    { keyword: 'peers', name: 'hastack', lines: peerLines(ctx) },
    {
      keyword: 'frontend',
      name: 'health',
      // Answered by HAProxy's own loop: a frozen HAProxy does not answer, and keepalived gives the VIP away.
      lines: [
        ['bind', `127.0.0.1:${HEALTH_PORT}`],
        ['monitor-uri', '/alive'],
        ['http-request', 'deny'],
      ],
    },
    ...ctx.contributions('endpoint').flatMap((endpoint) => endpointSections(ctx, endpoint)),
  ];
}

function globalSection(ctx: HostContext): HaproxySection {
  return {
    keyword: 'global',
    lines: [
      // State changes and errors, not every request.
      ['log', '/dev/log', 'local0', 'notice'],
      ['localpeer', ctx.host.name],
      ['user', 'haproxy'],
      ['group', 'haproxy'],
      ['maxconn', String(Number(ctx.options('haproxy')['maxConnections'] ?? 20_000))],
      ['stats', 'socket', '/run/haproxy/admin.sock', 'mode', '660', 'level', 'admin', 'expose-fd', 'listeners'],
      ['stats', 'timeout', '30s'],
      // After a reload the old process serves its sessions for so long at most.
      ['hard-stop-after', '30m'],
      ['ssl-default-bind-options', 'ssl-min-ver', 'TLSv1.2'],
      ['ca-base', TLS],
      ['crt-base', TLS],
    ],
  };
}

function defaultsSection(): HaproxySection {
  return {
    keyword: 'defaults',
    lines: [
      ['log', 'global'],
      ['mode', 'http'],
      ['option', 'dontlognull'],
      ['option', 'redispatch', '1'],
      ['retries', '3'],
      ['timeout', 'connect', `${CONNECT_TIMEOUT}ms`],
      ['timeout', 'client', '60s'],
      ['timeout', 'server', '60s'],
      ['timeout', 'queue', '10s'],
      ['timeout', 'http-request', '10s'],
      ['timeout', 'http-keep-alive', '10s'],
      ['timeout', 'check', `${CHECK.timeout}ms`],
      [
        'default-server',
        'inter',
        `${CHECK.inter}ms`,
        'fastinter',
        `${CHECK.fastinter}ms`,
        'downinter',
        `${CHECK.downinter}ms`,
        'fall',
        String(CHECK.fall),
        'rise',
        String(CHECK.rise),
      ],
    ],
  };
}

function peerLines(ctx: HostContext): readonly Line[] {
  return ctx
    .members('haproxy')
    .map((host) => ['peer', host.name, `${ctx.addressOf(host.name, 'internal')}:${PEERS_PORT}`]);
}

function endpointSections(ctx: HostContext, endpoint: Contributed<EndpointContribution>): readonly HaproxySection[] {
  const frontend: HaproxySection = {
    keyword: 'frontend',
    name: endpoint.name,
    lines: [
      ...(endpoint.mode === 'tcp' ? [['mode', 'tcp']] : []),
      ...bindLines(ctx, endpoint),
      ...timeout('client', endpoint.timeouts?.client),
      ...(endpoint.mode === 'http'
        ? [
            ['option', 'forwardfor'],
            ['http-request', 'set-header', 'X-Forwarded-Proto', endpoint.tls ? 'https' : 'http'],
          ]
        : []),
      ['default_backend', endpoint.name],
    ],
  };
  return [frontend, { keyword: 'backend', name: endpoint.name, lines: backendLines(ctx, endpoint) }];
}

function bindLines(ctx: HostContext, endpoint: EndpointContribution): readonly Line[] {
  const wanted: readonly string[] = endpoint.vips;
  return ctx.cluster.vips
    .filter((vip) => wanted.includes(vip.name))
    .map((vip) => [
      'bind',
      `${vip.address}:${endpoint.port}`,
      ...(endpoint.tls ? ['ssl', 'crt', `haproxy-${vip.name}.pem`, 'alpn', 'h2,http/1.1'] : []),
    ]);
}

function backendLines(ctx: HostContext, endpoint: Contributed<EndpointContribution>): readonly Line[] {
  const common: readonly Line[] = [
    ...(endpoint.mode === 'tcp' ? [['mode', 'tcp']] : []),
    ...timeout('server', endpoint.timeouts?.server),
    ...timeout('tunnel', endpoint.timeouts?.tunnel),
    ...timeout('check', endpoint.timeouts?.check),
    ...checkLines(endpoint),
    ...(endpoint.cutSessionsAfter !== undefined ? deadPeerLines() : []),
  ];
  return endpoint.balance === 'first-is-writer'
    ? [...common, ...singleWriterLines(), ...serverLines(ctx, endpoint)]
    : [...common, ['balance', endpoint.balance], ...retryLines(endpoint), ...serverLines(ctx, endpoint)];
}

/**
 * All clients on one server, and it stays that server when a better one returns (decision 10: no automatic
 * fail-back): the only entry of the table is the VIP's address, and the peers know it too when the VIP moves.
 */
function singleWriterLines(): readonly Line[] {
  return [
    // One entry lasts, but each session that is being connected holds one too: a full table learns nothing.
    ['stick-table', 'type', 'ip', 'size', '100k', 'peers', 'hastack'],
    ['stick', 'on', 'dst'],
  ];
}

function deadPeerLines(): readonly Line[] {
  return [
    ['option', 'srvtcpka'],
    ['srvtcpka-idle', `${DEAD_PEER.idle}ms`],
    ['srvtcpka-intvl', `${DEAD_PEER.interval}ms`],
    ['srvtcpka-cnt', String(DEAD_PEER.probes)],
  ];
}

function checkLines(endpoint: EndpointContribution): readonly Line[] {
  if (endpoint.check.kind === 'tcp') return [];
  return [
    ['option', 'httpchk'],
    // A service that is about to stop says so (components/oslo/uwsgi.ts): no new requests, the others finish.
    ...(endpoint.mode === 'http' ? [['http-check', 'disable-on-404']] : []),
    ['http-check', 'send', 'meth', 'GET', 'uri', endpoint.check.path, 'ver', 'HTTP/1.1', 'hdr', 'Host', endpoint.name],
    ['http-check', 'expect', 'status', endpoint.check.expect],
  ];
}

/** A request that changes something is sent twice only when it never reached the first server. */
function retryLines(endpoint: EndpointContribution): readonly Line[] {
  if (endpoint.mode !== 'http') return [];
  const exceptions = (endpoint.retryPosts ?? []).flatMap((path) => ['!{', 'path', path, '}']);
  return [
    ['retry-on', 'conn-failure', 'empty-response'],
    ['http-request', 'disable-l7-retry', 'if', '!{', 'method', 'GET', 'HEAD', 'OPTIONS', '}', ...exceptions],
  ];
}

function serverLines(ctx: HostContext, endpoint: Contributed<EndpointContribution>): readonly Line[] {
  const writer = endpoint.balance === 'first-is-writer';
  // The last host first: VIPs prefer the first ones, so that one host's death hits as little as possible.
  const hosts = writer ? endpoint.hosts.toReversed() : endpoint.hosts;
  return hosts.map((host, index) => [
    'server',
    host,
    `${ctx.addressOf(host, endpoint.backendUse)}:${endpoint.backendPort ?? endpoint.port}`,
    'check',
    ...(endpoint.check.kind === 'http' && endpoint.check.port !== undefined
      ? ['port', String(endpoint.check.port)]
      : []),
    ...(endpoint.timeouts?.check === undefined ? [] : ['fastinter', `${BUSY.fastinter}ms`]),
    ...(endpoint.check.kind === 'http' && endpoint.check.every !== undefined
      ? ['inter', `${endpoint.check.every}s`]
      : []),
    ...(endpoint.cutSessionsAfter !== undefined ? ['tcp-ut', `${DEAD_PEER.userTimeout}ms`] : []),
    ...(writer && index > 0 ? ['backup'] : []),
  ]);
}

function timeout(kind: string, seconds: number | undefined): readonly Line[] {
  return seconds === undefined
    ? []
    : [['timeout', kind, Number.isInteger(seconds) ? `${seconds}s` : `${seconds * 1000}ms`]];
}
