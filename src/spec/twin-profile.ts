// The twin profile: what the lab lays over a cluster so that its hosts fit on one machine without an uplink.
// Only options that any user could write in a spec; a test looks every one of them up in the schema. Each is listed
// with its reason in every report. An option that the spec leaves as the profile wants it is no difference.
import type { Bmc, Cluster, FileOverrides, Host, OptionValue, TwinDifference } from '../model/cluster.ts';
import { contains, nthAddress, overlaps } from './addresses.ts';
import { own } from './lookup.ts';
import { pathText } from './positions.ts';
import { layTunnels } from './twin-tunnels.ts';

export interface TwinSettings {
  /** Boards of the twins, by host name, where the lab wants others than the profile gives. */
  readonly bmc?: Readonly<Record<string, Bmc>>;
  /** Package cache of the lab. */
  readonly aptProxy?: string;
  /** Where the probes of drills come from: the operator's addresses in the lab. */
  readonly operators?: readonly string[];
}

export interface TwinnedCluster {
  readonly cluster: Cluster;
  readonly differences: readonly TwinDifference[];
}

export function layTwinProfile(cluster: Cluster, settings: TwinSettings): TwinnedCluster {
  const steps = [layServices, layTunnels, layConfig, layAccess, layHosts];
  let current: TwinnedCluster = { cluster, differences: [] };
  for (const step of steps) {
    const next = step(current.cluster, settings);
    current = { cluster: next.cluster, differences: [...current.differences, ...next.differences] };
  }
  return { cluster: { ...current.cluster, twinProfile: current.differences }, differences: current.differences };
}

const UNSET = "hastack's default";
const CPU = 'several twins share the processors of one machine';
const SMALL = 'several twins share the memory of one machine';

interface ServiceChange {
  readonly service: string;
  readonly option: string;
  readonly value: OptionValue;
  readonly reason: string;
}

const SERVICE_CHANGES: readonly ServiceChange[] = [
  {
    service: 'chrony',
    option: 'adjustClock',
    value: false,
    reason: 'twins share the clock of the machine and may not set it',
  },
  {
    service: 'galera',
    option: 'gcache',
    value: 64,
    reason: 'it is allocated on disk at once; several twins share one disk',
  },
  { service: 'rabbitmq', option: 'schedulers', value: 1, reason: CPU },
  { service: 'memcached', option: 'memory', value: 64, reason: SMALL },
  ...['glance', 'placement', 'nova', 'neutron', 'cinder'].map((service) => ({
    service,
    option: 'workers',
    value: 1,
    reason: SMALL,
  })),
  {
    service: 'ceph',
    option: 'devices',
    value: ['/var/lib/ceph/osd.img'],
    reason: 'a container has no disks of its own: its OSD is on a file',
  },
  { service: 'ceph', option: 'fileSize', value: 8192, reason: SMALL },
  {
    service: 'haproxy',
    option: 'maxConnections',
    value: 4000,
    reason: 'a container has the file descriptors that the machine allows it',
  },
];

function layServices(cluster: Cluster): TwinnedCluster {
  const changes = SERVICE_CHANGES.filter(({ service, option, value }) => {
    const options = own(cluster.services, service);
    return options !== undefined && shown(own(options, option)) !== shown(value);
  });
  const services = { ...cluster.services };
  const differences = changes.map(({ service, option, value, reason }) => {
    const before = own(own(services, service), option);
    services[service] = { ...services[service], [option]: value };
    return difference(`services.${service}.${option}`, { real: before, twin: value }, reason);
  });
  return { cluster: { ...cluster, services }, differences };
}

interface OptionChange {
  readonly service: string;
  readonly file: string;
  readonly section: string;
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly reason: string;
}

const OPTION_CHANGES: readonly OptionChange[] = [
  {
    service: 'ceph',
    file: 'ceph.conf',
    section: 'osd',
    options: { osd_memory_target: 939_524_096, osd_memory_cache_min: 67_108_864, osd_mclock_skip_benchmark: true },
    reason: SMALL,
  },
  {
    service: 'galera',
    file: 'my.cnf',
    section: 'mariadbd',
    options: { innodb_buffer_pool_size: '128M' },
    reason: SMALL,
  },
  {
    service: 'keystone',
    file: 'keystone-uwsgi.ini',
    section: 'uwsgi',
    options: { processes: 2, threads: 8 },
    reason: SMALL,
  },
  {
    service: 'nova',
    file: 'qemu.conf',
    section: '',
    options: {
      security_driver: 'none',
      user: 'root',
      group: 'root',
      dynamic_ownership: 0,
      remember_owner: 0,
      namespaces: [],
      cgroup_controllers: [],
      seccomp_sandbox: 0,
    },
    reason: 'a container may not set up what libvirt confines an instance with',
  },
  {
    service: 'nova',
    file: 'nova-compute.conf',
    section: 'libvirt',
    options: { num_pcie_ports: 8 },
    reason: SMALL,
  },
];

function layConfig(cluster: Cluster): TwinnedCluster {
  const laid = OPTION_CHANGES.filter(
    ({ service }) => own(cluster.services, service) !== undefined,
  ).reduce<TwinnedCluster>(
    (current, change) =>
      Object.entries(change.options).reduce(
        (at, [option, value]) => setOption(at, { ...change, option, value }),
        current,
      ),
    { cluster, differences: [] },
  );
  return layLabConfig(laid);
}

/** `lab.config` of the spec: after the profile, so that the user can take a part of it back. */
function layLabConfig(laid: TwinnedCluster): TwinnedCluster {
  const wanted = Object.entries(laid.cluster.lab?.overrides ?? {}).flatMap(([file, sections]) =>
    Object.entries(sections).flatMap(([section, options]) =>
      Object.entries(options).map(([option, value]) => ({
        file,
        section,
        option,
        value,
        reason: 'the spec asks for it under lab.config',
      })),
    ),
  );
  return wanted.reduce<TwinnedCluster>(setOption, laid);
}

interface SetOption {
  readonly file: string;
  readonly section: string;
  readonly option: string;
  readonly value: OptionValue | null;
  readonly reason: string;
}

function setOption(current: TwinnedCluster, change: SetOption): TwinnedCluster {
  const { cluster, differences } = current;
  const { file, section, option, value, reason } = change;
  const { all, hosts } = cluster.overrides;
  const before = own(own(own(all, file), section), option);
  const perHost = Object.entries(hosts).map(([host, files]) => ({
    host,
    files,
    before: own(own(own(files, file), section), option),
  }));
  const same = (given: unknown): boolean => shown(given) === shown(value);
  if (same(before) && perHost.every((each) => each.before === undefined || same(each.before))) return current;
  const real = [
    ...(before === undefined ? [] : [shown(before)]),
    ...perHost.flatMap((each) => (each.before === undefined ? [] : [`${each.host}: ${shown(each.before)}`])),
  ];
  const overrides = {
    all: withOption(all, change),
    hosts: Object.fromEntries(
      perHost.map((each) => [each.host, each.before === undefined ? each.files : withOption(each.files, change)]),
    ),
  };
  const name = pathText(['config', file, section, option].filter((part) => part !== ''));
  const earlier = differences.find((each) => each.option === name);
  const added: TwinDifference = {
    option: name,
    real: earlier?.real ?? (real.length === 0 ? UNSET : real.join('; ')),
    twin: shown(value),
    reason,
  };
  return {
    cluster: { ...cluster, overrides },
    differences: [...differences.filter((each) => each !== earlier), added],
  };
}

function withOption(files: FileOverrides, { file, section, option, value }: SetOption): FileOverrides {
  const sections = own(files, file) ?? {};
  return { ...files, [file]: { ...sections, [section]: { ...own(sections, section), [option]: value } } };
}

function layAccess(cluster: Cluster, settings: TwinSettings): TwinnedCluster {
  const key = 'the lab makes a key of its own and the twins are on this machine';
  const { user, port, sudo, configFile, jump, identityFile } = cluster.ssh;
  const proxy = settings.aptProxy ?? cluster.apt.proxy;
  const changes = [
    changed('ssh.user', { real: user, twin: 'root' }, key),
    changed('ssh.port', { real: port, twin: 22 }, key),
    changed('ssh.sudo', { real: sudo, twin: false }, key),
    changed('ssh.config', { real: configFile, twin: undefined }, key),
    changed('ssh.jump', { real: jump, twin: undefined }, key),
    changed('ssh.identity', { real: identityFile, twin: undefined }, key),
    changed(
      'apt.proxy',
      { real: cluster.apt.proxy, twin: proxy },
      'packages come through the package cache of the lab',
    ),
    changed(
      'operators',
      { real: cluster.operators, twin: settings.operators ?? cluster.operators },
      'the probes of drills come from the addresses of the machine in the lab',
    ),
    changed(
      'dns',
      { real: cluster.dns, twin: [] },
      'the lab has no way out: every question would wait for its timeout',
    ),
  ];
  const next: Cluster = {
    ...cluster,
    ssh: { user: 'root', port: 22, sudo: false },
    apt: { ...cluster.apt, ...(proxy === undefined ? {} : { proxy }) },
    operators: settings.operators ?? cluster.operators,
    dns: [],
  };
  return { cluster: next, differences: changes.flat() };
}

function layHosts(cluster: Cluster, settings: TwinSettings): TwinnedCluster {
  const boards = freeBoards(cluster);
  const twins = cluster.hosts.map((host, index) => {
    const bmc = own(settings.bmc, host.name) ?? boardOf(host, boards, index);
    return twinOf(cluster, host, bmc);
  });
  return {
    cluster: { ...cluster, hosts: twins.map(({ host }) => host) },
    differences: twins.flatMap(({ differences }) => differences),
  };
}

interface TwinHost {
  readonly host: Host;
  readonly differences: readonly TwinDifference[];
}

function twinOf(cluster: Cluster, host: Host, bmc: Bmc | undefined): TwinHost {
  const management = cluster.uses.management === undefined ? undefined : own(host.addresses, cluster.uses.management);
  const sshAddress = management ?? host.sshAddress;
  const at = `hosts.${host.name}`;
  const differences = [
    ...changed(
      `${at}.ssh.address`,
      { real: host.sshAddress, twin: sshAddress },
      'only networks of the spec exist in the lab',
    ),
    ...changed(
      `${at}.bmc`,
      { real: boardText(host.bmc), twin: boardText(bmc) },
      'the lab gives every twin a Redfish board, so that power can be cut',
    ),
  ];
  return { host: { ...host, sshAddress, ...(bmc === undefined ? {} : { bmc }) }, differences };
}

/** Networks for measurements and documentation (RFC 2544, RFC 5737): no cluster has hosts there. */
const BOARD_NETWORKS = ['198.18.0.0/16', '198.19.0.0/16', '192.0.2.0/24'];

function freeBoards(cluster: Cluster): string | undefined {
  const taken = (network: string): boolean =>
    cluster.networks.some(({ cidr }) => overlaps(cidr, network)) ||
    cluster.hosts.some(({ bmc }) => bmc !== undefined && contains(network, bmc.address));
  return BOARD_NETWORKS.find((network) => !taken(network));
}

const REDFISH_PORT = 443;

/** A Redfish board of the spec stays; one that speaks IPMI is served as Redfish at its address. */
function boardOf(host: Host, network: string | undefined, index: number): Bmc | undefined {
  if (host.bmc !== undefined) {
    return host.bmc.kind === 'redfish' ? host.bmc : { ...host.bmc, kind: 'redfish', port: REDFISH_PORT };
  }
  const address = network === undefined ? undefined : nthAddress(network, index + 1);
  return address === undefined ? undefined : { kind: 'redfish', address, port: REDFISH_PORT, user: 'admin' };
}

function boardText(bmc: Bmc | undefined): string | undefined {
  return bmc === undefined ? undefined : `${bmc.kind} ${bmc.address}:${bmc.port}`;
}

interface Values {
  readonly real: unknown;
  readonly twin: unknown;
}

function changed(option: string, values: Values, reason: string): readonly TwinDifference[] {
  return JSON.stringify(values.real) === JSON.stringify(values.twin) ? [] : [difference(option, values, reason)];
}

function difference(option: string, { real, twin }: Values, reason: string): TwinDifference {
  return {
    option,
    real: real === undefined ? UNSET : shown(real),
    twin: twin === undefined ? 'not set' : shown(twin),
    reason,
  };
}

function shown(value: unknown): string {
  if (value === null) return 'removed';
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? UNSET);
}
