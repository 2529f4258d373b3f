// From components to what the engine is given: every component's steps rendered for every host, in an order that
// respects `after`. Pure; the same cluster and identity give the same desired state.
import type { DesiredComponent, DesiredState, DesiredStep } from '../engine/desired.ts';
import { COMMON_PACKAGES, packagesComponent } from '../components/packages.ts';
import type { PackageDemand } from '../components/packages.ts';
import type { Cluster } from '../model/cluster.ts';
import { hostsWithRole } from '../model/cluster.ts';
import type { Component, ComponentStep } from '../model/component.ts';
import { clusterContext, deployedComponents, hostContext } from './context.ts';
import type { ContextInput, Deployed, Identity } from './context.ts';

/** The components of this cluster, with the one that installs everybody's packages. */
export function clusterComponents(cluster: Cluster, registry: readonly Component[]): readonly Deployed[] {
  const own = deployedComponents(cluster, registry);
  return inOrder(deployedComponents(cluster, [...registry, packagesComponent((host) => demandOf(own, host))]));
}

/** Every package that some host of the cluster needs; what a golden image is made of. */
export function allPackages(deployed: readonly Deployed[]): readonly string[] {
  return [
    ...new Set([...COMMON_PACKAGES, ...deployed.flatMap(({ component }) => component.packages ?? [])]),
  ].toSorted();
}

function demandOf(deployed: readonly Deployed[], host: string): PackageDemand {
  const here = deployed
    .filter(({ hosts }) => hosts.some((each) => each.name === host))
    .map(({ component }) => component);
  return {
    names: here.flatMap((component) => component.packages ?? []),
    units: here.flatMap((component) => component.units ?? []),
  };
}

export function desiredState(cluster: Cluster, deployed: readonly Deployed[], identity: Identity): DesiredState {
  const input: ContextInput = { cluster, deployed, identity };
  const control = hostsWithRole(cluster, 'control').map((host) => host.name);
  return {
    hosts: cluster.hosts.map((host) => host.name),
    lockHosts: control.length > 0 ? control : cluster.hosts.map((host) => host.name),
    components: deployed.map((each) => desiredComponent(input, each)),
  };
}

function desiredComponent(input: ContextInput, { component, hosts }: Deployed): DesiredComponent {
  const known = new Set(input.deployed.map((each) => each.component.id));
  let group: string | undefined;
  const steps = component.steps.map((step): DesiredStep => {
    const desired = desiredStep(input, { component, hosts }, step);
    if (desired.on === 'members') group = desired.group.id;
    return desired.on === 'one' && group !== undefined ? { ...desired, group } : desired;
  });
  return { id: component.id, title: component.title, after: component.after.filter((id) => known.has(id)), steps };
}

function desiredStep(input: ContextInput, { hosts }: Deployed, step: ComponentStep): DesiredStep {
  switch (step.on) {
    case 'each':
      return {
        on: 'each',
        resources: new Map(hosts.map((host) => [host.name, step.resources(hostContext(input, host))])),
      };
    case 'one':
      return {
        on: 'one',
        candidates: hosts.map((host) => host.name),
        resources: step.resources(clusterContext(input)),
      };
    case 'members':
      return { on: 'members', group: step.group(clusterContext(input)) };
  }
}

/** Stable: a component comes as early as the registry has it and its `after` allow. */
function inOrder(deployed: readonly Deployed[]): readonly Deployed[] {
  const byId = new Map(deployed.map((each) => [each.component.id, each]));
  const done = new Set<string>();
  const ordered: Deployed[] = [];
  const visit = (each: Deployed, path: readonly string[]): void => {
    const { id } = each.component;
    if (done.has(id)) return;
    if (path.includes(id)) throw new Error(`components wait for each other: ${[...path, id].join(' → ')}`);
    for (const before of each.component.after) {
      const earlier = byId.get(before);
      if (earlier !== undefined) visit(earlier, [...path, id]);
    }
    done.add(id);
    ordered.push(each);
  };
  for (const each of deployed) visit(each, []);
  return ordered;
}
