// How the RabbitMQ group is read, formed and joined. All members start at once the first time: classic_config
// lets exactly one of them form the cluster and the others wait for it.
// `running` means more than "up": the node sees no partition, and Mnesia runs on as many nodes as it sees.
// Measured: after a freeze longer than net_ticktime every other sign is green while Mnesia is split.
import type { ClusterContext, HostContext } from '../../model/component.ts';
import type { MemberGroup, MemberState, MemberStep } from '../../model/member-group.ts';
import { startUnitScript } from '../../resources/unit-scripts.ts';
import { sh } from '../../remote/shell.ts';
import { ADMIN_SECRET, ADMIN_USER, MANAGEMENT_PORT } from './config.ts';

const START_TIMEOUT = 240;

export function rabbitmqGroup(ctx: ClusterContext): MemberGroup {
  const hosts = ctx.members('rabbitmq').map((host) => host.name);
  return {
    id: 'rabbitmq',
    hosts,
    kind: 'quorum',
    units: ['unit:rabbitmq-server'],
    startTimeout: START_TIMEOUT,
    restartOutage: { low: 0, expected: 0.2, high: 2 },
    read: (host) => ({ text: readScript(ctx, host), timeout: 15 }),
    parse: parseMember,
    form: () => [...hosts.map(startWithoutWaiting), ...hosts.map(joinStep)],
    join: (host) => [joinStep(host)],
  };
}

/**
 * For `status` and drills: what the group's read says, judged on the host. Not by rabbitmqctl: starting its runtime
 * costs more than a second of CPU, and health is asked again and again while something heals.
 */
export function healthScript(ctx: HostContext): string {
  const judge = `import json, sys
nodes = json.load(sys.stdin)
up = [node for node in nodes if node.get("running")]
split = sorted({name for node in nodes for name in node.get("partitions") or []})
own = any(node["name"] == sys.argv[1] for node in up)
print(f"sees {len(up)} of {len(nodes)} nodes" + (", partitioned from " + " ".join(split) if split else ""))
sys.exit(0 if own and not split and len(up) * 2 > len(nodes) else 1)`;
  return `${askNodes(ctx)} | ${sh`python3 -c ${judge} ${`rabbit@${ctx.host.name}`}`} 2>/dev/null || { echo 'not serving'; false; }`;
}

/** The node's own view of all nodes, as JSON. */
function askNodes(ctx: ClusterContext): string {
  const url = `http://127.0.0.1:${MANAGEMENT_PORT}/api/nodes?columns=name,running,partitions`;
  const config = `user = "${ADMIN_USER}:${ctx.secret(ADMIN_SECRET)}"`;
  return `${sh`printf '%s\n' ${config}`} | ${sh`curl -s -m 5 -K - ${url}`}`;
}

function readScript(ctx: ClusterContext, host: string): string {
  return `
printf 'unit %s\\n' "$(systemctl is-active rabbitmq-server.service 2>/dev/null || true)"
for path in /var/lib/rabbitmq/mnesia/${sh`rabbit@${host}`}/*; do
  [ -e "$path" ] && { echo trace; break; }
done
printf 'nodes '
${askNodes(ctx)} || true
echo
`;
}

interface NodeView {
  readonly name: string;
  readonly running: boolean;
  readonly partitions: readonly string[];
}

/** Lines: `unit active`, `trace`, `nodes [{"name":"rabbit@ctl1","running":true,"partitions":[]}]`. */
export function parseMember(host: string, output: string): MemberState {
  const lines = output.split('\n');
  const unit = lines.find((line) => line.startsWith('unit '))?.slice(5) ?? 'unknown';
  const nodes = parseNodes(lines.find((line) => line.startsWith('nodes '))?.slice(6) ?? '');
  const own = nodes.find((node) => node.name === `rabbit@${host}`);
  const up = nodes.filter((node) => node.running);
  const partitions = nodes.flatMap((node) => node.partitions);
  const majority = up.length * 2 > nodes.length;
  const running = unit === 'active' && own?.running === true && partitions.length === 0 && majority;
  const view = nodes.length === 0 ? 'management API does not answer' : `sees ${up.length} of ${nodes.length} nodes`;
  return {
    trace: lines.includes('trace'),
    running,
    detail: `${unit}, ${view}${partitions.length === 0 ? '' : `, partitioned from ${[...new Set(partitions)].join(' ')}`}`,
  };
}

function parseNodes(text: string): readonly NodeView[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.flatMap(nodeView) : [];
  } catch {
    return []; // not started yet, or not authorised: shown as "does not answer"
  }
}

function nodeView(value: unknown): readonly NodeView[] {
  if (typeof value !== 'object' || value === null) return [];
  const node = value as { readonly name?: unknown; readonly running?: unknown; readonly partitions?: unknown };
  if (typeof node.name !== 'string') return [];
  const partitions = Array.isArray(node.partitions) ? node.partitions.filter((each) => typeof each === 'string') : [];
  return [{ name: node.name, running: node.running === true, partitions }];
}

function startWithoutWaiting(host: string): MemberStep {
  return {
    host,
    does: 'start RabbitMQ for the first time',
    script: {
      text: 'systemctl unmask rabbitmq-server.service epmd.socket 2>/dev/null\nsystemctl daemon-reload\nsystemctl start --no-block rabbitmq-server.service',
    },
  };
}

function joinStep(host: string): MemberStep {
  return {
    host,
    does: 'start RabbitMQ',
    script: { timeout: START_TIMEOUT, text: startUnitScript({ name: 'rabbitmq-server', startTimeout: START_TIMEOUT }) },
  };
}
