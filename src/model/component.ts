// The contract of a component: everything about a service in one place, as data.
// Components never import each other: they contribute (databases, endpoints, ...) and providers read contributions.
import type { Backup } from './backup.ts';
import type { Cluster, Host, NetworkUse, Role } from './cluster.ts';
import type { ComponentRule, FailureRule } from './failure.ts';
import type { MemberGroup } from './member-group.ts';
import type { Recovery } from './recovery.ts';
import type { Resource } from './resource.ts';

export interface DatabaseContribution {
  readonly name: string;
  readonly user: string;
  /** Name of the secret that holds the password. */
  readonly secret: string;
  /** Processes per host that keep a pool of connections to it; 1 unless given. The pools share max_connections. */
  readonly pools?: number;
}

/** An account in Keystone with which a service checks tokens and calls other services. */
export interface ServiceUserContribution {
  /** User in the project `service` of the domain `Default`. */
  readonly name: string;
  readonly secret: string;
  /** Roles in that project. */
  readonly roles: readonly string[];
}

export interface MessageUserContribution {
  readonly user: string;
  readonly vhost: string;
  readonly secret: string;
}

/** A port that HAProxy serves on a VIP. */
export interface EndpointContribution {
  /** HAProxy proxy name and service name: `keystone`. */
  readonly name: string;
  /** OpenStack service type, for the catalogue; absent: not in the catalogue. */
  readonly serviceType?: string;
  readonly serviceName?: string;
  readonly port: number;
  /** Port of the service on its hosts, where it is another one. */
  readonly backendPort?: number;
  /** URL path in the catalogue: `/v3`. */
  readonly path: string;
  readonly mode: 'http' | 'tcp';
  readonly vips: readonly ('public' | 'internal')[];
  readonly backendUse: NetworkUse;
  /** Encrypt on the VIP (http mode only). */
  readonly tls: boolean;
  readonly balance: 'roundrobin' | 'leastconn' | 'source' | 'first-is-writer';
  readonly check:
    | {
        readonly kind: 'http';
        readonly path: string;
        readonly port?: number;
        readonly expect: string;
        /** Seconds between two checks, where asking costs much. */
        readonly every?: number;
      }
    | { readonly kind: 'tcp' };
  /** Seconds. */
  readonly timeouts?: {
    readonly check?: number;
    readonly client?: number;
    readonly server?: number;
    /** Of a connection that became a tunnel: a WebSocket. */
    readonly tunnel?: number;
  };
  /** Paths whose POST is safe to send to another server after a failed attempt (a token request). GET, HEAD and OPTIONS are. */
  readonly retryPosts?: readonly string[];
  /**
   * Seconds after which the sessions of a server are cut that died, lost its network or froze; for APIs and databases.
   * Longer than what a request may keep all workers of the service busy: they cannot answer the check meanwhile.
   */
  readonly cutSessionsAfter?: number;
}

export interface PortContribution {
  readonly port: number;
  /** Last port of a range that begins with `port`. */
  readonly through?: number;
  readonly protocol: 'tcp' | 'udp' | 'vrrp';
  readonly use: NetworkUse;
  /** Who may connect: other members of the cluster, or anybody on that network. */
  readonly from: 'members' | 'anyone';
}

export interface SecretContribution {
  readonly name: string;
  readonly kind: 'password' | 'fernet-key' | 'token-32' | 'cookie' | 'uuid' | 'ceph-key';
}

export interface CertificateContribution {
  /** `galera`; the file is /etc/hastack/tls/<name>.{crt,key}, the CA beside it as ca.crt. */
  readonly name: string;
  readonly owner: string;
  readonly group: string;
  /** Addresses and names in it: those of the host on these uses, and of these VIPs. */
  readonly uses: readonly NetworkUse[];
  readonly vips?: readonly string[];
  /** Key and certificate in one file as well (`<name>.pem`), as HAProxy wants it. */
  readonly bundle?: boolean;
  /** Units that must take up a new certificate. */
  readonly notifies?: readonly string[];
}

export interface CacheContribution {
  readonly port: number;
  readonly use: NetworkUse;
}

/** Pools of the Ceph cluster of the spec. */
export const CEPH_POOLS = ['volumes', 'vms', 'images', 'backups'] as const;
export type CephPool = (typeof CEPH_POOLS)[number];

/** A client of Ceph: the Ceph components make the user and lay its keyring on the component's hosts. */
export interface CephUserContribution {
  /** Without `client.`: `glance`; the keyring is /etc/ceph/ceph.client.glance.keyring, mode 0640. */
  readonly user: string;
  /** RBD images in these pools; every other pool is closed to it. */
  readonly pools: readonly { readonly pool: CephPool; readonly access: 'write' | 'read' }[];
  /** Name of the secret that holds its key, of kind `ceph-key`. */
  readonly secret: string;
  /** Who may read the keyring on the hosts. */
  readonly owner: string;
  readonly group: string;
  /** Only on those of the component's hosts that have one of these roles; absent: on all. */
  readonly roles?: readonly Role[];
}

/** Where clients reach the message broker: every member, by TLS. */
export interface BrokerContribution {
  readonly port: number;
  readonly use: NetworkUse;
}

export interface Contributions {
  readonly database: DatabaseContribution;
  readonly serviceUser: ServiceUserContribution;
  readonly messageUser: MessageUserContribution;
  readonly endpoint: EndpointContribution;
  readonly port: PortContribution;
  readonly secret: SecretContribution;
  readonly certificate: CertificateContribution;
  readonly cache: CacheContribution;
  readonly cephUser: CephUserContribution;
  readonly broker: BrokerContribution;
}

/** A contribution and who makes it. */
export type Contributed<T> = T & { readonly component: string; readonly hosts: readonly string[] };

export interface ClusterContext {
  readonly cluster: Cluster;
  /** All contributions of a kind, of deployed components, in component order. */
  contributions<K extends keyof Contributions>(kind: K): readonly Contributed<Contributions[K]>[];
  /** Hosts a component runs on, in spec order. */
  members(component: string): readonly Host[];
  /** Address of a host for a use. Throws HastackError when the host has none. */
  addressOf(host: string, use: NetworkUse): string;
  /** URL of a catalogue entry: `https://cloud.example.org:5000/v3`. */
  endpointUrl(serviceType: string, vip: 'public' | 'internal'): string;
  /** The value of a secret; generated on first use. */
  secret(name: string): string;
  /** PEM texts. */
  certificate(name: string, host: string): { readonly certificate: string; readonly key: string };
  caCertificate(): string;
  /** Options of a service from the spec. */
  options(service: string): Readonly<Record<string, unknown>>;
}

export interface HostContext extends ClusterContext {
  readonly host: Host;
  address(use: NetworkUse): string;
  /** Interface name that carries a use on this host. */
  interfaceOf(use: NetworkUse): string;
  /** Overrides the user wrote for a file (by base name) on this host, merged: all hosts, then this one. */
  overrides(file: string): Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A component is deployed in steps, in this order; a step is finished on all hosts before the next starts. */
export type ComponentStep =
  | { readonly on: 'each'; readonly resources: (ctx: HostContext) => readonly Resource[] }
  /** Cluster-wide things (a database, a user), done once, on a member that serves. */
  | { readonly on: 'one'; readonly resources: (ctx: ClusterContext) => readonly Resource[] }
  | { readonly on: 'members'; readonly group: (ctx: ClusterContext) => MemberGroup };

export interface Component {
  readonly id: string;
  readonly title: string;
  /** Service of the spec that it is a part of (`nova` for `nova-compute`); its id unless given. */
  readonly service?: string;
  readonly roles: readonly Role[];
  /** Where it runs, by name, when neither `services.<id>.hosts` nor roles say so: one of several parts of a service. */
  readonly placedOn?: (cluster: Cluster) => readonly string[];
  /** Components whose steps are finished before this one's begin, when both are deployed. */
  readonly after: readonly string[];
  /** Deployed only when this says so; default: always. */
  readonly when?: (cluster: Cluster) => boolean;
  /** Debian packages; installed in one transaction per host before anything is configured. */
  readonly packages?: readonly string[];
  /** Units these packages bring that must not start before they are configured. */
  readonly units?: readonly string[];
  /** Template units of which it runs instances: `ceph-osd@`. */
  readonly templates?: readonly string[];
  readonly databases?: readonly DatabaseContribution[] | ((cluster: Cluster) => readonly DatabaseContribution[]);
  readonly serviceUsers?: readonly ServiceUserContribution[];
  readonly messageUsers?: readonly MessageUserContribution[];
  readonly endpoints?: readonly EndpointContribution[] | ((cluster: Cluster) => readonly EndpointContribution[]);
  readonly ports?: readonly PortContribution[] | ((cluster: Cluster) => readonly PortContribution[]);
  readonly secrets?: readonly SecretContribution[];
  readonly certificates?:
    | readonly CertificateContribution[]
    | ((cluster: Cluster) => readonly CertificateContribution[]);
  readonly caches?: readonly CacheContribution[];
  readonly cephUsers?: readonly CephUserContribution[] | ((cluster: Cluster) => readonly CephUserContribution[]);
  readonly brokers?: readonly BrokerContribution[];
  readonly steps: readonly ComponentStep[];
  readonly health?: (ctx: HostContext) => readonly HealthCheck[];
  /** How `hastack recover` brings it back; absent: its failed units are started again. */
  readonly recovery?: (ctx: ClusterContext) => Recovery;
  /** What of it belongs into a backup of the cluster, and how it is brought back. */
  readonly backup?: (ctx: ClusterContext) => Backup;
  /** One rule for the whole component, or one for each of its parts that fails in its own way. */
  readonly failure: (ctx: ClusterContext) => FailureRule | readonly ComponentRule[];
}

/** A live check on one host: prints one line of detail, exit status 0 when healthy. Read-only. */
export interface HealthCheck {
  readonly name: string;
  readonly script: string;
}

/** Identity function that checks the shape where a component is declared. */
export function component(declaration: Component): Component {
  return declaration;
}
