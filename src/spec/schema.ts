// The schema of cluster.yaml: the one place that says which keys there are, of what type, and what they mean.
// `check` reads with it, the JSON Schema for editors is made from it. It fills in no defaults: resolve.ts does,
// where each default has its reason. What depends on more than one field is a rule (rules/).
import { z } from 'zod';
import { availability, apt, config, lab, ssh, tls } from './schema/options.ts';
import { services } from './schema/services.ts';
import { host, network, uses, vip } from './schema/topology.ts';
import { address, cidr, dnsName } from './schema/values.ts';
import { PRESET_NAMES } from './presets/names.ts';
import { PROFILES } from './tuning.ts';

export const clusterSchema = z.strictObject({
  cluster: z
    .string()
    .min(1)
    .max(63)
    .describe('Name of the cluster; names its state directory.')
    .meta({ title: 'a name', examples: ['campus'] }),
  release: z
    .union([z.string(), z.number()])
    .transform(String)
    .optional()
    .describe('OpenStack release.')
    .meta({ title: 'the name of an OpenStack release', examples: ['epoxy'] }),
  preset: z.enum(PRESET_NAMES).optional().describe('Which services run on which roles.'),
  tuning: z
    .enum(PROFILES)
    .optional()
    .describe('Values for the size and use of the cluster, below those that the spec gives itself.'),
  networks: z
    .record(z.string(), network)
    .describe('Networks by name.')
    .meta({ title: 'networks by name', examples: ['{ management: { cidr: 10.10.1.0/24, interface: eno1 } }'] }),
  uses: uses.optional(),
  vips: z
    .record(z.string(), vip)
    .optional()
    .describe('Virtual addresses by name: public and internal.')
    .meta({
      title: 'virtual addresses by name',
      examples: ['{ public: { network: management, address: 10.10.1.10 } }'],
    }),
  hosts: z
    .record(z.string(), host)
    .describe('Hosts by name.')
    .meta({
      title: 'hosts by name',
      examples: ['{ ctl1: { roles: [control], addresses: { management: 10.10.1.11 } } }'],
    }),
  availability: availability.optional(),
  services: services.optional(),
  config: config.optional(),
  ssh: ssh.optional(),
  apt: apt.optional(),
  tls: tls.optional(),
  firewall: z
    .enum(['managed', 'none'])
    .optional()
    .describe('managed: hastack writes its own nftables table; none: it touches no firewall.'),
  operators: z
    .array(z.union([address, cidr]))
    .optional()
    .describe('Addresses and networks of operators (drills, monitoring): they may reach what only members may.')
    .meta({ title: 'a list of addresses or networks', examples: ['[10.10.1.250]'] }),
  dns: z
    .array(address)
    .optional()
    .describe('DNS servers of the hosts.')
    .meta({ title: 'a list of addresses', examples: ['[10.10.1.1]'] }),
  ntp: z
    .array(dnsName)
    .optional()
    .describe('Time servers, names or addresses.')
    .meta({ title: 'a list of time servers', examples: ['[ntp.example.org]'] }),
  recipients: z
    .array(
      z
        .string()
        .regex(/^age1[0-9a-z]+$/)
        .meta({ title: 'an age recipient', examples: ['age1…'] }),
    )
    .optional()
    .describe('age recipients that may read secrets and state.')
    .meta({ title: 'a list of age recipients', examples: ['[age1…]'] }),
  lab: lab.optional(),
});

/** What the user wrote, checked, with quantities as numbers and addresses in canonical form. */
export type ClusterSpec = z.output<typeof clusterSchema>;
export type Section = keyof ClusterSpec;
export type NetworkSpec = ClusterSpec['networks'][string];
export type HostSpec = ClusterSpec['hosts'][string];
export type FilesSpec = NonNullable<NonNullable<ClusterSpec['lab']>['config']>;

export const SECTIONS = Object.keys(clusterSchema.shape) as readonly Section[];
