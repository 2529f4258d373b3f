// Daemons that take their work from RabbitMQ (conductors, schedulers, agents' servers) as a member group: any of them
// may work, so they restart one at a time, and the next only when this one listens again. Nothing is drained: what a
// stopping worker has begun it finishes, the rest waits in the queue for another one.
import type { ClusterContext, HealthCheck } from '../../model/component.ts';
import type { MemberGroup } from '../../model/member-group.ts';
import type { ConfigTree } from '../../formats/config-tree.ts';
import { sh } from '../../remote/shell.ts';

export interface WorkerGroupOptions {
  /** Id of the group: `nova-conductor`. */
  readonly id: string;
  /** Component whose hosts it is on; its id unless given. */
  readonly component?: string;
  readonly unit: string;
  /** Seconds until it listens; 90 unless given. */
  readonly startTimeout?: number;
}

export function workerGroup(ctx: ClusterContext, options: WorkerGroupOptions): MemberGroup {
  const { id, unit, startTimeout = 90 } = options;
  return {
    id,
    hosts: ctx.members(options.component ?? id).map((host) => host.name),
    kind: 'stateless',
    units: [`unit:${unit}`],
    startTimeout,
    read: () => ({ text: `${connectedScript(ctx, unit)}\n`, timeout: 10 }),
    parse: (_host, output) => {
      const detail = output.trim();
      return { trace: false, running: detail === 'active, connected to RabbitMQ', detail };
    },
  };
}

/** For `status`: active, and connected to a broker. */
export function workerHealth(ctx: ClusterContext, name: string, unit: string): HealthCheck {
  return {
    name: `${name} takes work from RabbitMQ`,
    script: `said=$(${connectedScript(ctx, unit)})\necho "$said"; [ "$said" = 'active, connected to RabbitMQ' ]`,
  };
}

/** What Debian's units lack for workers: back after any end, time to finish, no shared directory removed. */
export function workerUnit(): ConfigTree {
  return {
    // However often it fails: while the database or RabbitMQ is away, that is no reason to give up.
    Unit: { StartLimitIntervalSec: '0' },
    Service: {
      Restart: 'always',
      RestartSec: '1s',
      // oslo.service graceful_shutdown_timeout is 60 s.
      TimeoutStopSec: '65',
      // Several units of a service name the same directories under /run; the first that stops would remove them.
      RuntimeDirectoryPreserve: 'yes',
    },
  };
}

/** Prints `active, connected to RabbitMQ`, or what is missing: a process of the unit has a connection to a broker. */
function connectedScript(ctx: ClusterContext, unit: string): string {
  const ports = [...new Set(ctx.contributions('broker').map(({ port }) => port))];
  const filter = ports.map((port) => `dport = :${port}`).join(' or ');
  return `{ ${sh`unit=${unit}`}
state=$(systemctl is-active "$unit" || true)
group=$(systemctl show -p ControlGroup --value "$unit")
connected='not connected to RabbitMQ'
${sh`ss -Htnp state established ${`( ${filter} )`}`} 2>/dev/null | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u |
  grep -qxF -f - "/sys/fs/cgroup$group/cgroup.procs" 2>/dev/null && connected='connected to RabbitMQ'
echo "$state, $connected"; }`;
}
