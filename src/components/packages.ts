// All Debian packages of a host in one apt transaction, before anything is configured. Their units are masked
// first (decision 8): a service starts when it is configured, not when it is unpacked.
import { component } from '../model/component.ts';
import type { Component, HostContext } from '../model/component.ts';
import type { Resource } from '../model/resource.ts';
import { packages } from '../resources/packages.ts';

/** What the hosts' components want; filled in by phases/desired.ts, which knows all components. */
export interface PackageDemand {
  readonly names: readonly string[];
  readonly units: readonly string[];
}

/** Packages every host has, whatever runs on it. */
export const COMMON_PACKAGES = ['ca-certificates', 'chrony', 'curl', 'nftables', 'python3', 'socat'];
const COMMON_UNITS = ['nftables'];

export function packagesComponent(demandOf: (host: string) => PackageDemand): Component {
  return component({
    id: 'packages',
    title: 'Debian packages',
    roles: ['control', 'network', 'compute', 'storage', 'balancer', 'database', 'messaging', 'arbiter'],
    after: ['apt'],
    steps: [{ on: 'each', resources: (ctx: HostContext) => install(demandOf(ctx.host.name)) }],
    failure: () => ({ needs: { kind: 'at-least', count: 0 }, interruption: {} }),
  });
}

function install(demand: PackageDemand): readonly Resource[] {
  return [packages({ names: [...COMMON_PACKAGES, ...demand.names], maskUnits: [...COMMON_UNITS, ...demand.units] })];
}
