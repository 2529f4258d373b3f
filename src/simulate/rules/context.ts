// What the failure rules of services are given that no component of this version deploys yet, and the shapes that
// many of them share. When a component for a service appears, its own rule is taken and the one here goes away.
import type { Cluster, ServiceOptions } from '../../model/cluster.ts';
import { hostsWithRole } from '../../model/cluster.ts';
import type { FailureRule, Interruption, PlacedRule, Term } from '../../model/failure.ts';
import { atLeast } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';

export interface RuleContext {
  readonly cluster: Cluster;
  readonly service: string;
  /** Hosts the service runs on. */
  readonly hosts: readonly string[];
  readonly options: ServiceOptions;
  /** How long the balancers need to see that a server is silent, from their configuration. */
  readonly silentServer: Interruption;
}

export type ServiceRules = (ctx: RuleContext) => readonly PlacedRule[];

interface Named {
  readonly id: string;
  readonly title: string;
}

/** An API on several hosts behind the balancers; a killed one refuses connections, which costs nobody a request. */
export function api(ctx: RuleContext, named: Named, rule: Partial<FailureRule>): PlacedRule {
  return placed(ctx, named, {
    needs: atLeast(1),
    uses: ['internal'],
    vip: textOption(ctx, 'vip') ?? 'public',
    interruption: {
      'process-killed': { terms: [] },
      'process-frozen': ctx.silentServer,
      'host-power': ctx.silentServer,
    },
    ...rule,
  });
}

/** Daemons that take their work from queues: a living one takes what a dead one left. */
export function worker(ctx: RuleContext, named: Named, rule: Partial<FailureRule>): PlacedRule {
  const gone = interruption({
    name: 'calls to the dead worker time out and are sent again',
    seconds: seconds(0, 5, 60),
    source: 'oslo.messaging rpc_response_timeout',
  });
  const requeued = interruption({
    name: 'its connection closes and what it had not acknowledged goes to another worker',
    seconds: seconds(0, 1, 60),
    source: 'AMQP; a call that was being worked on times out',
  });
  return placed(ctx, named, {
    needs: atLeast(1),
    uses: ['internal'],
    interruption: { 'process-killed': requeued, 'process-frozen': gone, 'host-power': gone },
    ...rule,
  });
}

export function placed(ctx: RuleContext, { id, title }: Named, rule: FailureRule): PlacedRule {
  return { id, title, hosts: ctx.hosts, deployable: false, ...rule };
}

export function interruption(...terms: readonly Term[]): Interruption {
  return { terms };
}

/** Options are checked by the schema; what is not a text is none. */
export function textOption({ options }: Pick<RuleContext, 'options'>, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export function computeHosts(cluster: Cluster): readonly string[] {
  return hostsWithRole(cluster, 'compute').map((host) => host.name);
}

/** The external thing a `server:/path` stands for; a host of the cluster is failed as a host. */
export function serverOf(ctx: RuleContext): { readonly host?: string; readonly external?: string } {
  const server = (textOption(ctx, 'server') ?? '').split(':')[0] ?? '';
  const host = ctx.cluster.hosts.find((each) => each.name === server || Object.values(each.addresses).includes(server));
  return host === undefined ? { external: textOption(ctx, 'store') ?? 'nfs' } : { host: host.name };
}
