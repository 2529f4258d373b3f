// Keepalived's configuration as rules ask for it: instances with their defaults, scripts, groups over all hosts.
import { nodesOf } from '../../formats/keepalived-conf-read.ts';
import type { PlacedNode } from '../../formats/keepalived-conf-read.ts';
import type { AuditFile, Estate } from '../estate.ts';

export interface VrrpInstance {
  readonly file: AuditFile<'keepalived'>;
  readonly node: PlacedNode;
  readonly name: string;
}

export function vrrpInstances(estate: Estate): readonly VrrpInstance[] {
  return estate
    .of('keepalived')
    .flatMap((file) =>
      nodesOf(file.document.nodes, 'vrrp_instance').map((node) => ({ file, node, name: node.words[1] ?? '' })),
    );
}

/** The statement that counts; keepalived takes the last one. */
export function setting(node: PlacedNode | undefined, key: string): PlacedNode | undefined {
  return nodesOf(node?.block ?? [], key).at(-1);
}

export function numberOf(node: PlacedNode | undefined, key: string, otherwise: number): number {
  const value = Number(setting(node, key)?.words[1]);
  return Number.isFinite(value) ? value : otherwise;
}

export function globalDefs(file: AuditFile<'keepalived'>): PlacedNode | undefined {
  return nodesOf(file.document.nodes, 'global_defs').at(-1);
}

export function vrrpVersion({ file, node }: VrrpInstance): number {
  return numberOf(node, 'version', numberOf(globalDefs(file), 'vrrp_version', 2));
}

/** Addresses of a block, with their places. */
export function entries(node: PlacedNode | undefined, block: string): readonly PlacedNode[] {
  return nodesOf(node?.block ?? [], block).flatMap((each) => each.block ?? []);
}

export function scripts(file: AuditFile<'keepalived'>): readonly PlacedNode[] {
  return nodesOf(file.document.nodes, 'vrrp_script');
}

/** Instances that take part in one election: same router id, on different hosts (or files). */
export function elections(estate: Estate): readonly (readonly VrrpInstance[])[] {
  const groups = new Map<string, VrrpInstance[]>();
  for (const instance of vrrpInstances(estate)) {
    const addresses = entries(instance.node, 'virtual_ipaddress').map(({ words }) => bare(words[0] ?? ''));
    const id = setting(instance.node, 'virtual_router_id')?.words[1] ?? instance.name;
    const key = `${id} ${addresses.toSorted()[0] ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), instance]);
  }
  return [...groups.values()];
}

/** The address without its prefix length. */
export function bare(address: string): string {
  return address.split('/')[0] ?? address;
}

/** Where to point for a statement that may be absent. */
export function placeOf(instance: { readonly node: PlacedNode }, key: string): PlacedNode {
  return setting(instance.node, key) ?? instance.node;
}

/** The command line of a script block. */
export function commandOf(script: PlacedNode): string {
  return (setting(script, 'script')?.words ?? []).slice(1).join(' ');
}
