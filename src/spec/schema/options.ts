// Everything of a spec that is neither topology nor services: promises, overrides, access, packages, TLS, lab.
import { z } from 'zod';
import { CAPABILITIES } from '../../model/capability.ts';
import * as value from './values.ts';

const tier = z
  .strictObject({
    survives: z
      .array(value.reference)
      .min(1)
      .describe(
        'What may fail, one at a time: process, host, nic, disk, network, or a failure domain of the hosts (rack, power, ...).',
      )
      .meta({ title: 'a list of what may fail', examples: ['[host, rack]'] }),
    within: value.duration.describe('How long users may notice it.'),
  })
  .meta({ title: 'an availability tier', examples: ['{ survives: [host], within: 60s }'] });

const positive = z
  .number()
  .positive()
  .max(1e9)
  .meta({ title: 'a positive number', examples: [20_000] });
const ratio = z
  .number()
  .min(0)
  .max(1)
  .meta({ title: 'a share from 0 to 1', examples: [0.05] });

const assumptions = z.strictObject({
  hostMtbfHours: positive.optional().describe('Mean hours between failures of a host.'),
  diskMtbfHours: positive.optional().describe('Mean hours between failures of a disk.'),
  nicMtbfHours: positive.optional().describe('Mean hours between failures of a network interface.'),
  switchMtbfHours: positive.optional().describe('Mean hours between failures of a switch.'),
  rackMtbfHours: positive.optional().describe('Mean hours between failures of a whole rack.'),
  powerMtbfHours: positive.optional().describe('Mean hours between failures of a power feed.'),
  processMtbfHours: positive.optional().describe('Mean hours between failures of one process.'),
  networkMtbfHours: positive.optional().describe('Mean hours between failures of a whole network.'),
  bmcMtbfHours: positive.optional().describe('Mean hours between failures of a baseboard management controller.'),
  externalMtbfHours: positive.optional().describe('Mean hours between failures of a thing outside of the cluster.'),
  repairHours: positive.optional().describe('Mean hours until a failed host is back.'),
  manualMinutes: positive.optional().describe('Minutes until a human has restarted what did not recover by itself.'),
  frozenShare: ratio.optional().describe('Share of the failures of processes that leave them frozen, not dead.'),
  coverage: ratio.optional().describe('Share of failovers that work without a human; drills measure it.'),
  commonCause: ratio.optional().describe('Share of failures that take more than one host.'),
});

export const availability = z
  .strictObject({
    engine: z.enum(['keepalived', 'pacemaker']).optional().describe('Who moves the VIPs.'),
    tiers: z
      .record(z.string(), tier)
      .optional()
      .describe('Promises: `simulate` proves them, `drill` measures them.')
      .meta({ title: 'tiers by name', examples: ['{ standard: { survives: [host], within: 60s } }'] }),
    capabilities: z
      .strictObject(
        Object.fromEntries(CAPABILITIES.map((name) => [name, value.reference.optional()])) as CapabilityShape,
      )
      .optional()
      .describe('Which tier each thing that users can do is promised.'),
    assumptions: assumptions.optional().describe('Figures for the availability estimate; put your own in.'),
  })
  .describe('What the cluster promises.');

type CapabilityShape = Record<(typeof CAPABILITIES)[number], z.ZodOptional<typeof value.reference>>;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const optionValue = z
  .union([scalar, z.array(scalar), z.null()])
  .meta({ title: 'a text, a number, true, false, a list of these, or null to remove the option', examples: [4] });
/** A section of options; in a file without sections an option stands where a section would. */
const sectionOrOption = z
  .union([z.record(z.string(), optionValue), optionValue])
  .meta({ title: 'a section with its options', examples: ['{ DEFAULT: { debug: true } }'] });
const files = z
  .record(z.string(), z.record(z.string(), sectionOrOption))
  .meta({ title: 'options by file and section', examples: ['{ keystone.conf: { DEFAULT: { debug: true } } }'] });

/** `config` is files beside `hosts`, so it is checked in two parts. */
export const config = z
  .object({ hosts: z.record(z.string(), files).optional().describe('The same for single hosts.') })
  .catchall(
    z
      .record(z.string(), sectionOrOption)
      .meta({ title: 'options by section', examples: ['{ DEFAULT: { debug: true } }'] }),
  )
  .describe('Any option of any file: file, section, option. Merged over what hastack renders; `plan` shows it.');

export const ssh = z
  .strictObject({
    user: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/)
      .optional()
      .describe('User on the hosts.')
      .meta({ title: 'a user name', examples: ['debian'] }),
    port: value.port.optional().describe('Port of sshd on the hosts.'),
    sudo: value.flag.optional().describe('Become root with sudo, which must not ask for a password.'),
    config: value.path.optional().describe('An ssh_config file to use instead of your own.'),
    jump: z
      .string()
      .regex(/^[^\s-][^\s]*$/)
      .optional()
      .describe('Jump host, as for `ssh -J`.')
      .meta({ title: 'a jump host', examples: ['admin@gate.example.org'] }),
    identity: value.path.optional().describe('Private key file.'),
  })
  .describe('How hosts are reached. Your ssh_config applies.');

export const apt = z
  .strictObject({
    mirror: value.url.optional().describe('Debian mirror, instead of the one the hosts have.'),
    securityMirror: value.url.optional().describe('Mirror of the security updates.'),
    proxy: value.url.optional().describe('Proxy or package cache for apt.'),
    key: value.path.optional().describe("Key that signs the mirror, when it is not Debian's."),
  })
  .describe('Where packages come from.');

export const tls = z
  .strictObject({
    backends: value.flag.optional().describe('Encrypt between HAProxy and the API servers too.'),
    public: z
      .strictObject({
        certificate: value.path.optional().describe('PEM file with your certificate and its chain.'),
        key: value.path.optional().describe('PEM file with its private key.'),
      })
      .optional()
      .describe('Your own certificate for the public VIP.')
      .meta({ title: 'a certificate and its key', examples: ['{ certificate: tls/public.crt, key: tls/public.key }'] }),
  })
  .describe('The internal CA covers everything unless you bring a certificate for the public name.');

export const lab = z
  .strictObject({
    memory: value.size.optional().describe('Memory limit of each twin.'),
    disk: value.size.optional().describe('Size of the file system of each twin.'),
    config: files.optional().describe('Options for twins only; shown as differences in every report.'),
  })
  .describe('Twin hosts on this machine.');
