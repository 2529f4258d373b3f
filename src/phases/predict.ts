// From a cluster to its failure model: every deployed component says how it fails, from its rendered configuration;
// services that no component deploys yet have rules of their own (simulate/rules). Pure; needs no secrets, no hosts.
// Predictions of drills and of `simulate` come from the same rules, so they cannot drift apart.
import { silentServer } from '../components/oslo/balancer.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Component } from '../model/component.ts';
import { rulesOf } from '../model/failure.ts';
import type { FailureRule, PlacedRule } from '../model/failure.ts';
import { failureModel } from '../simulate/model.ts';
import type { FailureModel } from '../simulate/model.ts';
import { clusterRules } from '../simulate/rules/all.ts';
import { clusterContext, contributionsOf, deployedComponents } from './context.ts';
import type { ContextInput, Deployed, Identity } from './context.ts';

/** Failure rules say nothing about secrets, and asking for one is a bug. */
const NO_IDENTITY: Identity = { secrets: new Map(), certificates: new Map(), caCertificate: '' };

/** `planned`: the cluster with every service its spec asks for, whether this version deploys it or not. */
export function predictedFailures(planned: Cluster, registry: readonly Component[]): FailureModel {
  const deployed = deployedComponents(planned, registry);
  const rules = new Map<string, readonly PlacedRule[]>();
  for (const each of deployed) {
    const service = each.component.service ?? each.component.id;
    rules.set(service, [...(rules.get(service) ?? []), ...placedRules(planned, deployed, each)]);
  }
  return failureModel(
    planned,
    clusterRules({ cluster: planned, deployed: rules, silentServer: silentServer({ cluster: planned }) }),
  );
}

/** What drills are judged against: the rules of the deployed components by the name of their process. */
export function rulesOfDeployed(context: ContextInput): ReadonlyMap<string, FailureRule> {
  const ctx = clusterContext(context);
  return new Map(
    context.deployed.flatMap(({ component }) =>
      rulesOf(component, component.failure(ctx)).map((rule) => [rule.id, rule] as const),
    ),
  );
}

/** The same before anything is deployed. */
export function rulesOfCluster(cluster: Cluster, registry: readonly Component[]): ReadonlyMap<string, FailureRule> {
  return rulesOfDeployed({ cluster, deployed: deployedComponents(cluster, registry), identity: NO_IDENTITY });
}

function placedRules(
  cluster: Cluster,
  deployed: readonly Deployed[],
  { component, hosts }: Deployed,
): readonly PlacedRule[] {
  const ctx = clusterContext({ cluster, deployed, identity: NO_IDENTITY });
  return rulesOf(component, component.failure(ctx)).map((rule) => ({
    // Of several parts each says itself how it is reached.
    ...(rule.id === component.id ? reachedThrough(cluster, deployed, component) : {}),
    // Files and settings on a host: nothing runs that could be killed.
    passive: Object.keys(rule.interruption).length === 0,
    hosts: hosts.map((host) => host.name),
    ...rule,
    deployable: !(cluster.onlyPlanned ?? []).includes(component.service ?? component.id),
  }));
}

/** The networks its ports are on, and the VIP of its endpoint, unless its rule says otherwise. */
function reachedThrough(cluster: Cluster, deployed: readonly Deployed[], component: Component): Partial<FailureRule> {
  const own = <T extends { readonly component: string }>(all: readonly T[]): readonly T[] =>
    all.filter((each) => each.component === component.id);
  const uses = own(contributionsOf('port', cluster, deployed)).map((port) => port.use);
  const endpoint = own(contributionsOf('endpoint', cluster, deployed))[0];
  const wanted = cluster.services[component.id]?.['vip'] ?? endpoint?.vips[0];
  return { uses: [...new Set(uses)], ...(typeof wanted === 'string' ? { vip: wanted } : {}) };
}
