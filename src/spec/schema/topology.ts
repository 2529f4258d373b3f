// Networks, virtual addresses and hosts of a spec.
import { z } from 'zod';
import { ROLES, NETWORK_USES } from '../../model/cluster.ts';
import * as value from './values.ts';

export const network = z
  .strictObject({
    cidr: value.cidr.describe('The network and its prefix length.'),
    zone: z
      .enum(['underlay', 'overlay', 'edge'])
      .optional()
      .describe(
        'underlay: between the hosts; edge: towards the users, where floating addresses live; overlay: a network that tunnels carry.',
      ),
    speed: value.speed.optional().describe('Speed of the slowest link on it; `check --hosts` compares.'),
    mtu: z
      .int()
      .min(576)
      .max(65_535)
      .optional()
      .describe('MTU in bytes, end to end.')
      .meta({ title: 'an MTU in bytes, 576 to 65535', examples: [1500] }),
    interface: value.interfaceName.optional().describe('Interface on every host; a host may name another one.'),
    gateway: value.address.optional().describe('Default gateway on this network.'),
    floating: value.addressRange.optional().describe('Addresses that instances may get, first to last.'),
  })
  .meta({ title: 'a network', examples: ['{ cidr: 10.10.1.0/24, interface: eno1 }'] });

export const uses = z
  .strictObject(Object.fromEntries(NETWORK_USES.map((use) => [use, value.reference.optional()])) as UsesShape)
  .describe('Which network carries what; the defaults fit most clusters.');

type UsesShape = Record<(typeof NETWORK_USES)[number], z.ZodOptional<typeof value.reference>>;

export const vip = z
  .strictObject({
    network: value.reference.describe('Network the address belongs to.'),
    address: value.address.describe('The address that moves between the load balancers.'),
    name: value.dnsName.optional().describe('Name that users type; also goes into the certificate.'),
    routerId: z
      .int()
      .min(1)
      .max(255)
      .optional()
      .describe('VRRP router id; give one only when another VRRP user on the network has the derived one.')
      .meta({ title: 'a VRRP router id, 1 to 255', examples: [51] }),
  })
  .meta({ title: 'a virtual address', examples: ['{ network: management, address: 10.10.1.10 }'] });

const bmc = z
  .strictObject({
    kind: z.enum(['redfish', 'ipmi']).describe('How the board is spoken to.'),
    address: value.address.describe('Address of the board.'),
    port: value.port.optional().describe('443 for redfish, 623 for ipmi unless given.'),
    user: z.string().min(1).max(64).optional().describe('User; the password is a secret and never stands in the spec.'),
  })
  .meta({ title: 'a baseboard management controller', examples: ['{ kind: redfish, address: 10.10.9.21 }'] });

export const host = z
  .strictObject({
    roles: z
      .array(z.enum(ROLES))
      .optional()
      .describe('What the host is for; decides what runs on it.')
      .meta({ title: 'a list of roles', examples: ['[control, network]'] }),
    domains: z
      .record(z.string(), value.label)
      .optional()
      .describe('What it shares with others and may fail together with them: rack, power, switch.')
      .meta({ title: 'failure domains', examples: ['{ rack: r1, power: a }'] }),
    addresses: z
      .record(z.string(), value.address)
      .describe('Address on each network.')
      .meta({ title: 'addresses by network', examples: ['{ management: 10.10.1.11, data: 10.10.10.11 }'] }),
    interfaces: z
      .record(z.string(), value.interfaceName)
      .optional()
      .describe('Interface by network, where it differs from the one the network names.')
      .meta({ title: 'interfaces by network', examples: ['{ data: bond0 }'] }),
    bmc: bmc.optional().describe('Its baseboard management controller, for power control and fencing.'),
    ssh: z
      .strictObject({
        address: value.address
          .optional()
          .describe('Address or name that ssh goes to, when it is not the management address.'),
      })
      .optional()
      .describe('How this host is reached.')
      .meta({ title: 'ssh options of a host', examples: ['{ address: 192.0.2.11 }'] }),
  })
  .meta({ title: 'a host', examples: ['{ roles: [control], addresses: { management: 10.10.1.11 } }'] });
