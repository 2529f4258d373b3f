// The resolved cluster: the spec with every default filled in and every name looked up.
// Everything below `spec` reads this and never the YAML.
import type { Capability } from './capability.ts';

export const ROLES = [
  'control',
  'network',
  'compute',
  'storage',
  'balancer',
  'database',
  'messaging',
  'arbiter',
  'deploy',
] as const;
export type Role = (typeof ROLES)[number];

/** What traffic an address is for; the spec maps its networks to uses. */
export const NETWORK_USES = [
  'management',
  'internal',
  'public',
  'tunnel',
  'storage',
  'replication',
  'provider',
] as const;
export type NetworkUse = (typeof NETWORK_USES)[number];

export interface Network {
  readonly name: string;
  readonly cidr: string;
  readonly zone: 'underlay' | 'overlay' | 'edge';
  /** Mbit/s. */
  readonly speed: number;
  readonly mtu: number;
  /** Default interface name on hosts; a host may override it. */
  readonly interface?: string;
  readonly gateway?: string;
  /** Inclusive range of floating addresses, edge networks only. */
  readonly floating?: { readonly first: string; readonly last: string };
}

export interface Vip {
  readonly name: string;
  readonly network: string;
  readonly address: string;
  /** DNS name users type. */
  readonly dnsName?: string;
  /** VRRP router id, 1 to 255; derived per cluster unless the spec gives one. */
  readonly routerId: number;
}

export interface Bmc {
  readonly kind: 'redfish' | 'ipmi';
  readonly address: string;
  readonly port: number;
  readonly user: string;
}

export interface Host {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Failure domains by kind: rack, power, switch. */
  readonly domains: Readonly<Record<string, string>>;
  /** Address by network name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Interface by network name, for every network the host has an address or a bridge on. */
  readonly interfaces: Readonly<Record<string, string>>;
  readonly bmc?: Bmc;
  /** Address ssh goes to; the management address unless given. */
  readonly sshAddress: string;
}

export interface Tier {
  readonly name: string;
  readonly survives: readonly string[];
  readonly withinSeconds: number;
}

export interface Availability {
  readonly engine: 'keepalived' | 'pacemaker';
  readonly tiers: readonly Tier[];
  readonly capabilities: Readonly<Partial<Record<Capability, string>>>;
  readonly assumptions: Readonly<Record<string, number>>;
}

/** Free-form options of one service, validated by the spec schema. */
export type ServiceOptions = Readonly<Record<string, unknown>>;

export type OptionValue = string | number | boolean | readonly (string | number | boolean)[];
/** file base name → section → option → value; flat files use the section ''. `null` removes. */
export type FileOverrides = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, OptionValue | null>>>>>
>;

export interface SshOptions {
  readonly user: string;
  readonly port: number;
  readonly sudo: boolean;
  readonly configFile?: string;
  readonly jump?: string;
  readonly identityFile?: string;
}

export interface AptOptions {
  readonly mirror?: string;
  readonly securityMirror?: string;
  readonly proxy?: string;
  /** Armored key that signs the mirror, when it is not Debian's: its path; its text once files were read (cli/spec-files.ts). */
  readonly key?: string;
}

export interface TlsOptions {
  /** Also encrypt between HAProxy and the API backends. */
  readonly backends: boolean;
  /** The user's own certificate for the public VIP (PEM files beside the spec). */
  readonly publicCertificate?: string;
  readonly publicKey?: string;
}

/** Limits of twin hosts; the lab has its own defaults. */
export interface LabOptions {
  readonly memoryMiB?: number;
  readonly diskMiB?: number;
  /** Options for twins only. */
  readonly overrides?: FileOverrides;
}

export interface Cluster {
  readonly name: string;
  readonly release: string;
  readonly networks: readonly Network[];
  /** Network name by use. A use whose network the spec has not is absent. */
  readonly uses: Readonly<Partial<Record<NetworkUse, string>>>;
  readonly vips: readonly Vip[];
  readonly hosts: readonly Host[];
  readonly availability: Availability;
  /** Every service that is deployed, with its options; `services.X: false` leaves one out. */
  readonly services: Readonly<Record<string, ServiceOptions>>;
  /** Those of `services` that are only planned; in clusters that predictions are made of. */
  readonly onlyPlanned?: readonly string[];
  readonly overrides: { readonly all: FileOverrides; readonly hosts: Readonly<Record<string, FileOverrides>> };
  readonly ssh: SshOptions;
  readonly apt: AptOptions;
  readonly tls: TlsOptions;
  readonly firewall: 'managed' | 'none';
  readonly dns: readonly string[];
  readonly ntp: readonly string[];
  /** age recipients that may read secrets and state. */
  readonly recipients: readonly string[];
  readonly lab?: LabOptions;
  /** Addresses and networks of operators: they may reach the ports that are for members only. */
  readonly operators: readonly string[];
  /** Where twins differ from real servers; empty on real clusters. Printed in every report. */
  readonly twinProfile: readonly TwinDifference[];
}

export interface TwinDifference {
  readonly option: string;
  readonly real: string;
  readonly twin: string;
  readonly reason: string;
}

export function hostNamed(cluster: Cluster, name: string): Host | undefined {
  return cluster.hosts.find((host) => host.name === name);
}

export function hostsWithRole(cluster: Cluster, ...roles: readonly Role[]): readonly Host[] {
  return cluster.hosts.filter((host) => host.roles.some((role) => roles.includes(role)));
}
