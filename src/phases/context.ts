// What components are given: the cluster, everybody's contributions, secrets and certificates.
// Pure: secrets and certificates were made before (phases/identity.ts) and come in as maps, so that building
// the desired state twice gives the same result.
import type { Cluster, Host, NetworkUse } from '../model/cluster.ts';
import { hostNamed, hostsWithRole } from '../model/cluster.ts';
import type {
  ClusterContext,
  Component,
  Contributed,
  Contributions,
  EndpointContribution,
  HostContext,
} from '../model/component.ts';
import { HastackError } from '../model/error.ts';

export interface Identity {
  readonly secrets: ReadonlyMap<string, string>;
  /** Key: `<host>/<certificate name>`. */
  readonly certificates: ReadonlyMap<string, { readonly certificate: string; readonly key: string }>;
  readonly caCertificate: string;
}

/** The components of a cluster, each with the hosts it runs on. Order of the registry is kept. */
export interface Deployed {
  readonly component: Component;
  readonly hosts: readonly Host[];
}

export function deployedComponents(cluster: Cluster, all: readonly Component[]): readonly Deployed[] {
  return all
    .filter((component) => component.when?.(cluster) ?? true)
    .map((component) => ({ component, hosts: hostsOf(cluster, component) }))
    .filter((deployed) => deployed.hosts.length > 0);
}

function hostsOf(cluster: Cluster, component: Component): readonly Host[] {
  const listed = component.placedOn?.(cluster) ?? cluster.services[component.id]?.['hosts'];
  if (Array.isArray(listed)) return cluster.hosts.filter((host) => listed.includes(host.name));
  return hostsWithRole(cluster, ...component.roles);
}

export function contributionsOf<K extends keyof Contributions>(
  kind: K,
  cluster: Cluster,
  deployed: readonly Deployed[],
): readonly Contributed<Contributions[K]>[] {
  return deployed.flatMap(({ component, hosts }) =>
    declared(kind, component, cluster).map((contribution) => ({
      ...contribution,
      component: component.id,
      hosts: hosts.map((host) => host.name),
    })),
  );
}

function declared<K extends keyof Contributions>(
  kind: K,
  component: Component,
  cluster: Cluster,
): readonly Contributions[K][] {
  const all: { readonly [P in keyof Contributions]: readonly Contributions[P][] | undefined } = {
    database: resolve(component.databases, cluster),
    serviceUser: component.serviceUsers,
    messageUser: component.messageUsers,
    endpoint: resolve(component.endpoints, cluster),
    port: resolve(component.ports, cluster),
    secret: component.secrets,
    certificate: resolve(component.certificates, cluster),
    cache: component.caches,
    cephUser: resolve(component.cephUsers, cluster),
    broker: component.brokers,
  };
  return all[kind] ?? [];
}

function resolve<T>(
  value: readonly T[] | ((cluster: Cluster) => readonly T[]) | undefined,
  cluster: Cluster,
): readonly T[] | undefined {
  return typeof value === 'function' ? value(cluster) : value;
}

export interface ContextInput {
  readonly cluster: Cluster;
  readonly deployed: readonly Deployed[];
  readonly identity: Identity;
}

export function clusterContext(input: ContextInput): ClusterContext {
  const { cluster, deployed, identity } = input;
  return {
    cluster,
    contributions: (kind) => contributionsOf(kind, cluster, deployed),
    members: (id) => deployed.find(({ component }) => component.id === id)?.hosts ?? [],
    addressOf: (host, use) => addressOf(cluster, host, use),
    endpointUrl: (serviceType, vip) => endpointUrl(input, serviceType, vip),
    secret: (name) => required(identity.secrets.get(name), `the secret ${name}`),
    certificate: (name, host) =>
      required(identity.certificates.get(`${host}/${name}`), `the certificate ${name} of ${host}`),
    caCertificate: () => identity.caCertificate,
    options: (service) => cluster.services[service] ?? {},
  };
}

export function hostContext(input: ContextInput, host: Host): HostContext {
  const { cluster } = input;
  return {
    ...clusterContext(input),
    host,
    address: (use) => addressOf(cluster, host.name, use),
    interfaceOf: (use) => interfaceOf(cluster, host, use),
    overrides: (file) => ({
      ...mergeSections(cluster.overrides.all[file] ?? {}, cluster.overrides.hosts[host.name]?.[file] ?? {}),
    }),
  };
}

function mergeSections(
  base: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  own: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const merged: Record<string, Readonly<Record<string, unknown>>> = { ...base };
  for (const [section, options] of Object.entries(own)) merged[section] = { ...merged[section], ...options };
  return merged;
}

function networkOf(cluster: Cluster, use: NetworkUse): string {
  return required(cluster.uses[use], `a network for ${use} traffic (uses.${use})`);
}

function addressOf(cluster: Cluster, hostName: string, use: NetworkUse): string {
  const host = required(hostNamed(cluster, hostName), `the host ${hostName}`);
  const network = networkOf(cluster, use);
  return required(host.addresses[network], `an address of ${hostName} on ${network} (used for ${use} traffic)`);
}

function interfaceOf(cluster: Cluster, host: Host, use: NetworkUse): string {
  const network = networkOf(cluster, use);
  return required(host.interfaces[network], `the interface of ${host.name} on ${network}`);
}

function endpointUrl(input: ContextInput, serviceType: string, vipName: 'public' | 'internal'): string {
  const { cluster, deployed } = input;
  const endpoint = contributionsOf('endpoint', cluster, deployed).find((each) => each.serviceType === serviceType);
  return vipUrl(cluster, required(endpoint, `an endpoint of type ${serviceType}`), vipName);
}

/** `https://cloud.example.org:5000/v3`: what stands in the catalogue. */
function vipUrl(cluster: Cluster, endpoint: EndpointContribution, vipName: 'public' | 'internal'): string {
  const vip = required(
    cluster.vips.find((each) => each.name === vipName),
    `a VIP named ${vipName}`,
  );
  const authority = vip.dnsName ?? (vip.address.includes(':') ? `[${vip.address}]` : vip.address);
  return `${endpoint.tls ? 'https' : 'http'}://${authority}:${endpoint.port}${endpoint.path}`;
}

function required<T>(value: T | undefined, what: string): T {
  if (value !== undefined) return value;
  throw new HastackError({
    code: 'spec-invalid',
    message: `the cluster has not ${what}`,
    hint: 'run `hastack check` on the spec; it says which line is missing',
  });
}
