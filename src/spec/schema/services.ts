// Options of services. Every service takes `hosts` (where it runs, instead of the hosts its preset names);
// `false` leaves a service out. Options not listed here belong under `config`, where any option of any file goes.
import { z } from 'zod';
import { SERVICE_NAMES } from '../services.ts';
import type { ServiceName } from '../services.ts';
import * as value from './values.ts';

const hosts = z
  .array(value.reference)
  .min(1)
  .optional()
  .describe('Hosts it runs on, instead of those with the roles its preset names.')
  .meta({ title: 'a list of host names', examples: ['[ctl1, ctl2, ctl3]'] });

const mode = z
  .enum(['active-active', 'active-standby', 'single'])
  .optional()
  .describe('How many of its processes serve at a time, and whether another one takes over.');

/** One number for all parts of a service, so that the sum of their database connections is known beforehand. */
const workers = value.count
  .optional()
  .describe('Processes of each of its parts per host; 4 unless given. More use more cores and more memory.');

const aggregate = z
  .strictObject({
    hosts: z
      .array(value.reference)
      .describe('Compute hosts in it.')
      .meta({ title: 'a list of host names', examples: ['[cmp1, cmp2]'] }),
    // Nova takes what follows a colon for the name of a host.
    zone: z
      .string()
      .regex(/^[^:]{1,255}$/)
      .optional()
      .describe('Availability zone of its hosts, as users ask for it.')
      .meta({ title: 'a name without a colon', examples: ['east'] }),
    properties: z
      .record(z.string(), z.string())
      .optional()
      .describe('Metadata that flavors and images may ask for.')
      .meta({ title: 'texts by name', examples: ['{ ssd: "true" }'] }),
  })
  .meta({ title: 'a host aggregate', examples: ['{ hosts: [cmp1], zone: east }'] });

const OPTIONS = {
  chrony: {
    adjustClock: value.flag.optional().describe('false: only measure the clock, where a host may not set it.'),
  },
  galera: {
    gcache: value.size
      .optional()
      .describe(
        'Writes kept for members that were away: as long as they fit, a member comes back without a full copy.',
      ),
  },
  mariadb: { mode },
  rabbitmq: { mode, schedulers: value.count.optional().describe('Erlang schedulers; one per processor unless given.') },
  haproxy: { maxConnections: value.connections.optional().describe('Connections a balancer takes at a time.') },
  memcached: { memory: value.size.optional().describe('Memory for cached items, per host.') },
  keystone: { mode, region: value.reference.optional().describe('Region name in the catalogue.') },
  placement: { workers },
  glance: {
    mode,
    workers,
    store: z
      .enum(['file', 'nfs', 'glusterfs', 'ceph', 'swift', 'cinder'])
      .optional()
      .describe('Where images are kept.'),
    server: z.string().min(1).max(1024).optional().describe('Server and path of the store: `10.10.10.50:/glance`.'),
  },
  horizon: { mode, workers, vip: value.reference.optional().describe('VIP the dashboard is served on.') },
  heat: { mode, workers },
  neutron: {
    mode,
    workers,
    backend: z.enum(['ovn', 'ovs']).optional().describe('ovn: Open Virtual Network; ovs: agents with Open vSwitch.'),
    datapath: z
      .enum(['system', 'netdev'])
      .optional()
      .describe(
        'netdev: Open vSwitch forwards in a process, for kernels without its module; tunnels need a network of their own.',
      ),
    dvr: value.flag.optional().describe('Floating addresses on the compute hosts instead of the network hosts.'),
  },
  nova: {
    workers,
    virtType: z.enum(['kvm', 'qemu']).optional().describe('qemu: without hardware virtualisation, slow.'),
    aggregates: z
      .record(z.string().min(1).max(255), aggregate)
      .optional()
      .describe('Groups of compute hosts by name; one with a zone is an availability zone. Others are left alone.')
      .meta({ title: 'host aggregates by name', examples: ['{ east: { hosts: [cmp1, cmp2], zone: east } }'] }),
  },
  ceph: {
    monitors: z
      .array(value.reference)
      .min(1)
      .optional()
      .describe('Hosts of the monitors: three storage hosts, else three control hosts, unless given.')
      .meta({ title: 'a list of host names', examples: ['[sto1, sto2, sto3]'] }),
    devices: z
      .array(z.string().regex(/^\/[A-Za-z0-9][A-Za-z0-9_./:+-]*$/))
      .min(1)
      .optional()
      .describe('Empty disks of every storage host, one OSD each; a path that is not below /dev is a file.')
      .meta({ title: 'a list of absolute paths', examples: ['[/dev/sdb, /dev/sdc]'] }),
    fileSize: value.size.optional().describe('Size of OSDs on files.'),
  },
  cinder: {
    mode,
    workers,
    store: z.enum(['ceph', 'lvm', 'nfs']).optional().describe('Where volumes are kept.'),
    server: z
      .string()
      .min(1)
      .max(1024)
      .optional()
      .describe('nfs: server and path of the export, `10.10.10.50:/cinder`.'),
    volumeGroup: value.reference.optional().describe('lvm: the volume group, on each of its hosts.'),
  },
} as const;

const common = {
  hosts,
  vip: value.reference.optional().describe('VIP it is reached at, where the preset gives it one of its own.'),
};

export const services = z
  .strictObject(Object.fromEntries(SERVICE_NAMES.map((name) => [name, serviceOf(name)])) as ServicesShape)
  .describe('Only what differs from the preset.');

type ServiceSchema = ReturnType<typeof serviceOf>;
type ServicesShape = Record<ServiceName, ServiceSchema>;

function serviceOf(name: ServiceName) {
  const own: z.ZodRawShape = name in OPTIONS ? OPTIONS[name as keyof typeof OPTIONS] : {};
  const options: z.ZodType<Readonly<Record<string, unknown>>> = z.strictObject({ ...common, ...own });
  return z
    .union([z.boolean(), options])
    .optional()
    .meta({ title: 'a mapping of options, or false to leave the service out', examples: ['false'] });
}
