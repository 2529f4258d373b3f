// Spec → Cluster: every default filled in, every service with the hosts it runs on. Pure and total: names that
// nothing answers to are left out (rules report them), nothing is thrown.
import type { Cluster, Host, Network, NetworkUse, Vip } from '../model/cluster.ts';
import { NETWORK_USES } from '../model/cluster.ts';
import { Defaults } from './defaults.ts';
import type { DefaultValue } from './defaults.ts';
import { entriesOf, given, own } from './lookup.ts';
import { presetNamed } from './presets/all.ts';
import { DEFAULT_PRESET } from './presets/names.ts';
import { resolveAccess, resolveAvailability } from './resolve-options.ts';
import { resolveFiles, resolveServices } from './resolve-services.ts';
import { routerIds } from './router-ids.ts';
import { withProfile } from './tuning.ts';
import type { Profile } from './tuning.ts';
import type { ClusterSpec, HostSpec, NetworkSpec } from './schema.ts';

export interface ResolvedSpec {
  readonly cluster: Cluster;
  /** The same with every service the spec asks for, also those that this version does not deploy. */
  readonly planned: Cluster;
  readonly defaults: readonly DefaultValue[];
}

export const DEFAULT_RELEASE = 'epoxy';
const RELEASE_ALIASES: Readonly<Record<string, string>> = { '2025.1': 'epoxy' };

/** `directory` is where the spec lies: paths in it are relative to that. */
export function resolveSpec(spec: ClusterSpec, directory = '.'): ResolvedSpec {
  const defaults = new Defaults();
  const release = defaults.take(['release'], spec.release, {
    value: DEFAULT_RELEASE,
    why: 'the release that Debian 13 carries',
  });
  const presetName = defaults.take(['preset'], spec.preset, {
    value: DEFAULT_PRESET,
    why: 'the shape that fits most clusters',
  });
  const preset = presetNamed(presetName);
  const networks = entriesOf(spec.networks).map(([name, network]) => resolveNetwork(name, network, defaults));
  const vips = resolveVips(spec, defaults);
  const uses = resolveUses(spec, networks, defaults);
  const hosts = entriesOf(spec.hosts).map(([name, host]) => resolveHost({ name, host, networks, uses, defaults }));
  const tuning = defaults.take<Profile>(['tuning'], spec.tuning, {
    value: 'standard',
    why: 'the values that the components come with',
  });
  const files = resolveFiles(spec.config);
  const cluster: Cluster = {
    name: spec.cluster,
    release: own(RELEASE_ALIASES, release.toLowerCase()) ?? release.toLowerCase(),
    networks,
    uses,
    vips,
    hosts,
    availability: resolveAvailability(spec, preset.engine, defaults),
    services: resolveServices({ spec, preset, hosts, tuning, defaults }),
    overrides: { ...files, all: withProfile(tuning, files.all, defaults) },
    ...resolveAccess(spec, directory, defaults),
    twinProfile: [],
  };
  const services = resolveServices({ spec, preset, hosts, tuning, defaults: new Defaults(), planned: true });
  const onlyPlanned = Object.keys(services).filter((name) => !(name in cluster.services));
  return { cluster, planned: { ...cluster, services, onlyPlanned }, defaults: defaults.filled };
}

const MBITS_DEFAULT = 1000;
const MTU_DEFAULT = 1500;

function resolveNetwork(name: string, network: NetworkSpec, defaults: Defaults): Network {
  const at = ['networks', name];
  return {
    name,
    cidr: network.cidr,
    zone: defaults.take([...at, 'zone'], network.zone, { value: 'underlay', why: 'a network between the hosts' }),
    speed: defaults.take([...at, 'speed'], network.speed, {
      value: MBITS_DEFAULT,
      why: 'Mbit/s; the slowest link in common use',
    }),
    mtu: defaults.take([...at, 'mtu'], network.mtu, { value: MTU_DEFAULT, why: 'the standard of Ethernet' }),
    ...given('interface', network.interface),
    ...given('gateway', network.gateway),
    ...given('floating', network.floating),
  };
}

function resolveVips(spec: ClusterSpec, defaults: Defaults): readonly Vip[] {
  const ids = routerIds(
    spec.cluster,
    entriesOf(spec.vips).map(([name, { routerId }]) => ({ name, routerId })),
  );
  return entriesOf(spec.vips).map(([name, vip]) => {
    const derived = { value: ids.get(name) ?? 1, why: 'derived from the names of cluster and VIP, never equal' };
    const routerId = defaults.take(['vips', name, 'routerId'], vip.routerId, derived);
    return { name, network: vip.network, address: vip.address, ...given('dnsName', vip.name), routerId };
  });
}

function resolveUses(spec: ClusterSpec, networks: readonly Network[], defaults: Defaults): Cluster['uses'] {
  const named = (name: string): string | undefined => networks.find((network) => network.name === name)?.name;
  const management = named('management') ?? networks.find((network) => network.zone === 'underlay')?.name;
  const managementWhy =
    named('management') === undefined ? 'the first underlay network' : 'the network named management';
  const data = named('data') ?? spec.uses?.management ?? management;
  const dataWhy =
    named('data') === undefined ? 'no network is named data, so it shares management' : 'the network named data';
  const fallback = (use: NetworkUse): readonly [string | undefined, string] => {
    if (use === 'management') return [management, managementWhy];
    if (use === 'public') return [own(spec.vips, 'public')?.network, 'the network of the public VIP'];
    if (use === 'provider')
      return [networks.find((network) => network.zone === 'edge')?.name, 'the first edge network'];
    return [data, dataWhy];
  };
  const chosen = NETWORK_USES.flatMap((use) => {
    const [value, why] = fallback(use);
    const network =
      spec.uses?.[use] ?? (value === undefined ? undefined : defaults.take(['uses', use], undefined, { value, why }));
    return network === undefined ? [] : [[use, network] as const];
  });
  return Object.fromEntries(chosen);
}

const BMC_PORTS = { redfish: 443, ipmi: 623 } as const;

interface HostInput {
  readonly name: string;
  readonly host: HostSpec;
  readonly networks: readonly Network[];
  readonly uses: Cluster['uses'];
  readonly defaults: Defaults;
}

function resolveHost({ name, host, networks, uses, defaults }: HostInput): Host {
  const at = ['hosts', name];
  const management = uses.management === undefined ? undefined : own(host.addresses, uses.management);
  const sshAddress = management ?? Object.values(host.addresses)[0] ?? name;
  const why = management === undefined ? 'its first address' : 'its management address';
  return {
    name,
    roles: host.roles ?? [],
    domains: host.domains ?? {},
    addresses: host.addresses,
    interfaces: interfacesOf(host, networks),
    ...given('bmc', resolveBmc(at, host.bmc, defaults)),
    sshAddress: defaults.take([...at, 'ssh', 'address'], host.ssh?.address, { value: sshAddress, why }),
  };
}

/** On every network it has an address on; network hosts also have a bridge on the edge networks. */
function interfacesOf(host: HostSpec, networks: readonly Network[]): Readonly<Record<string, string>> {
  const bridges = host.roles?.includes('network') ?? false;
  const used = networks.flatMap((network) => {
    const explicit = own(host.interfaces, network.name);
    const attached = own(host.addresses, network.name) !== undefined || (bridges && network.zone === 'edge');
    const chosen = explicit ?? (attached ? network.interface : undefined);
    return chosen === undefined ? [] : [[network.name, chosen] as const];
  });
  return Object.fromEntries(used);
}

function resolveBmc(at: readonly string[], bmc: HostSpec['bmc'], defaults: Defaults): Host['bmc'] {
  if (bmc === undefined) return undefined;
  return {
    kind: bmc.kind,
    address: bmc.address,
    port: defaults.take([...at, 'bmc', 'port'], bmc.port, {
      value: BMC_PORTS[bmc.kind],
      why: `the port of ${bmc.kind}`,
    }),
    user: defaults.take([...at, 'bmc', 'user'], bmc.user, { value: 'admin', why: 'a common name for it' }),
  };
}
