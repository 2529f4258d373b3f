// API services behind HAProxy as a member group: any of them may serve, so they restart one at a time, after
// HAProxy has stopped sending them requests. Nothing is formed and nothing has a trace.
// Manual: HAProxy management guide, "set server ... state".
import type { ClusterContext, EndpointContribution, HealthCheck, HostContext } from '../../model/component.ts';
import type { MemberGroup, MemberStep } from '../../model/member-group.ts';
import type { Resource } from '../../model/resource.ts';
import { sh } from '../../remote/shell.ts';
import { runOnce } from '../../resources/run.ts';
import { CA_FILE } from './sections.ts';

/** Seconds. */
const DRAIN_DEADLINE = 20;
/** Seconds a balancer may take to find a server up again. */
const UP_DEADLINE = 30;
const SERVED_DEADLINE = 60;

export interface ApiGroupOptions {
  readonly id: string;
  /** Component whose hosts it is on; its id unless given. */
  readonly component?: string;
  readonly unit: string;
  readonly endpoint: EndpointContribution;
  /** Path that answers 200 when the service is well. */
  readonly healthPath: string;
  readonly startTimeout: number;
  /** Requests that run longer than this are cut when their server restarts; 20 s unless given. */
  readonly drainSeconds?: number;
}

/** A step of a component: `{ on: 'members', group: (ctx) => apiGroup(ctx, ...) }`. */
export function apiGroup(ctx: ClusterContext, options: ApiGroupOptions): MemberGroup {
  const hosts = ctx.members(options.component ?? options.id).map((host) => host.name);
  const balancers = ctx.members('haproxy').map((host) => host.name);
  return {
    id: options.id,
    hosts,
    kind: 'stateless',
    units: [`unit:${options.unit}`],
    startTimeout: options.startTimeout,
    read: (host) => ({ text: readScript(ctx, options, host), timeout: 10 }),
    parse: (_host, output) => {
      const detail = output.trim();
      return { trace: false, running: detail === 'active 200', detail };
    },
    drain: (host) => balancers.map((balancer) => drainStep(balancer, options, host)),
    undrain: (host) => balancers.map((balancer) => undrainStep(balancer, options.endpoint.name, host)),
  };
}

/** Prints `active 200`: the unit's state and the answer of the health page. */
function readScript(ctx: ClusterContext, options: ApiGroupOptions, host: string): string {
  const address = ctx.addressOf(host, options.endpoint.backendUse);
  const url = `http://${address}:${options.endpoint.backendPort ?? options.endpoint.port}${options.healthPath}`;
  return [
    sh`state=$(systemctl is-active ${options.unit} || true)`,
    sh`code=$(curl -s -m 3 -o /dev/null -w '%{http_code}' ${url} || true)`,
    'echo "$state $code"',
  ].join('\n');
}

/** Of all proxies: a name alone would mean the frontend, which has no servers. */
const SHOW_SERVERS = "echo 'show stat -1 4 -1' | socat - UNIX-CONNECT:/run/haproxy/admin.sock";

function drainStep(balancer: string, options: ApiGroupOptions, server: string): MemberStep {
  const backend = options.endpoint.name;
  const seconds = options.drainSeconds ?? DRAIN_DEADLINE;
  return {
    host: balancer,
    does: `stop sending requests to ${server}`,
    script: {
      timeout: seconds + 10,
      text: `
[ -S /run/haproxy/admin.sock ] || exit 0
${sh`echo ${`set server ${backend}/${server} state drain`}`} | socat - UNIX-CONNECT:/run/haproxy/admin.sock
${sh`deadline=${seconds}`}
while [ "$deadline" -gt 0 ]; do
  current=$(${SHOW_SERVERS} | awk -F, -v b=${backend} -v s=${server} '$1 == b && $2 == s { print $5 }')
  [ "\${current:-0}" = 0 ] && break
  sleep 1; deadline=$((deadline - 1))
done
`,
    },
  };
}

/** Done when this balancer's own checks find the server up: until then the next member must not go. */
function undrainStep(balancer: string, backend: string, server: string): MemberStep {
  return {
    host: balancer,
    does: `send requests to ${server} again`,
    script: {
      timeout: UP_DEADLINE + 10,
      text: `[ -S /run/haproxy/admin.sock ] || exit 0
${sh`echo ${`set server ${backend}/${server} state ready`}`} | socat - UNIX-CONNECT:/run/haproxy/admin.sock
${sh`deadline=${UP_DEADLINE}`}
while [ "$deadline" -gt 0 ]; do
  status=$(${SHOW_SERVERS} | ${sh`awk -F, -v b=${backend} -v s=${server} '$1 == b && $2 == s { print $18 }'`})
  case "$status" in UP*) exit 0 ;; esac
  sleep 1; deadline=$((deadline - 1))
done
${sh`echo ${`HAProxy does not find ${server} up`}`} >&2
exit 1
`,
    },
  };
}

/**
 * Waits until the service answers through the internal VIP: balancers need two good checks after a first start.
 * What follows in the component may then use the API.
 */
export function servedThroughVip(ctx: ClusterContext, name: string, serviceType: string): Resource {
  const ask = sh`curl -sf -m 3 -o /dev/null --cacert ${CA_FILE} ${ctx.endpointUrl(serviceType, 'internal')}`;
  return runOnce({
    name: `${name}-served`,
    unless: ask,
    script: `deadline=${SERVED_DEADLINE}\nuntil ${ask}; do\n  deadline=$((deadline - 1)); [ "$deadline" -gt 0 ] || { echo 'the internal VIP does not serve it' >&2; exit 1; }\n  sleep 1\ndone\n`,
    timeout: SERVED_DEADLINE * 4 + 30,
  });
}

/** For `status`: the process of this host answers, whatever the balancers do. */
export function answersOnHost(ctx: HostContext, title: string, endpoint: EndpointContribution): HealthCheck {
  const path = endpoint.check.kind === 'http' ? endpoint.check.path : '/';
  const url = `http://${ctx.address(endpoint.backendUse)}:${endpoint.backendPort ?? endpoint.port}${path}`;
  return {
    name: `${title} answers on its host`,
    script: sh`curl -sf -m 3 -o /dev/null -w '%{http_code}\n' ${url}`,
  };
}
