// The building blocks of the commented specs that presets write: one function per section.
// Short on purpose: a user edits addresses and is done; what is optional stands there as a comment.
import { HastackError } from '../../model/error.ts';
import { nthAddress, parseNetwork } from '../addresses.ts';
import type { InitAnswers } from './preset.ts';

/** Answers with their defaults. Addresses are from the blocks for private use and documentation. */
export interface Site {
  readonly cluster: string;
  readonly management: string;
  readonly data: string;
  readonly publicName: string;
  readonly recipients: readonly string[];
}

export interface HostLine {
  readonly name: string;
  readonly roles: readonly string[];
  readonly rack: string;
  readonly power: string;
  /** Last part of its addresses, counted from the network address. */
  readonly index: number;
  /** A preset that fences needs a board in every host it may have to fence. */
  readonly bmc?: boolean;
}

export function siteOf(answers: InitAnswers): Site {
  return {
    cluster: answers.cluster ?? 'campus',
    management: answers.management ?? '10.10.1.0/24',
    data: answers.data ?? '10.10.10.0/24',
    publicName: answers.publicName ?? 'cloud.example.org',
    recipients: answers.recipients ?? [],
  };
}

/** Sections with an empty line between them. */
export function document(...sections: readonly string[]): string {
  return `${sections.map((section) => section.trimEnd()).join('\n\n')}\n`;
}

export function head(site: Site, preset: string, what: string): string {
  return `# ${what}
# Edit names and addresses, then run: hastack check
cluster: ${site.cluster}
preset: ${preset}
release: epoxy                    # OpenStack 2025.1 on Debian 13 (trixie)`;
}

export function networks(site: Site): string {
  return `# The networks between the hosts and towards the users. \`interface\` is its name on every host;
# a host that differs says so with \`interfaces: { data: enp5s0 }\`.
networks:
  # ssh, users of the API and the dashboard
  management: { cidr: ${site.management}, speed: 1G, interface: eno1 }
  # service to service, tunnels, storage
  data: { cidr: ${site.data}, speed: 10G, interface: bond0 }
  # towards the world: instances get their floating addresses here
  external: { cidr: 203.0.113.0/24, zone: edge, interface: eno3, gateway: 203.0.113.1, floating: 203.0.113.100-203.0.113.199 }`;
}

export function vips(site: Site, more: readonly string[] = []): string {
  return `# Addresses that move to a living host when theirs fails.
vips:
  # what users type; \`name\` goes into the certificate
  public: { network: management, address: ${at(site.management, 10)}, name: ${site.publicName} }
  # what the services use among themselves
  internal: { network: data, address: ${at(site.data, 10)} }${more.map((line) => `\n  ${line}`).join('')}`;
}

export function hosts(site: Site, lines: readonly HostLine[], comments: readonly string[] = []): string {
  const width = Math.max(...lines.map(({ name }) => name.length));
  const text = lines.map(({ name, roles, rack, power, index, bmc }) => {
    const addresses = `{ management: ${at(site.management, index)}, data: ${at(site.data, index)} }`;
    return `  ${`${name}:`.padEnd(width + 2)}{ roles: [${roles.join(', ')}], domains: { rack: ${rack}, power: ${power} }, addresses: ${addresses}${bmc === true ? `, bmc: { kind: redfish, address: 10.10.9.${index} }` : ''} }`;
  });
  const intro = [
    '# The servers. `domains` says what they share and lose together: racks, power feeds, switches.',
    '# Power control and fencing need a board, with its own address on each host:',
    '#   bmc: { kind: redfish, address: 10.10.9.11 }',
    ...comments.map((comment) => `# ${comment}`),
  ];
  return `${intro.join('\n')}\nhosts:\n${text.join('\n')}`;
}

/** How soon each tier is back; presets that fence and start things elsewhere need longer. */
export interface Within {
  readonly critical: string;
  readonly standard: string;
  /** What is promised at all; a preset promises only what its shape keeps. */
  readonly capabilities?: string;
}

const WITHIN: Within = { critical: '10s', standard: '60s' };
const PROMISED = 'identity: critical, images: standard, instances: standard, dashboard: standard';

export function availability(engine: string, survives: string, within: Within = WITHIN): string {
  return `# Promises: \`hastack simulate\` proves them, \`hastack drill\` measures them.
availability:
  engine: ${engine}
  tiers:
    critical: { survives: [${survives}], within: ${within.critical} }
    standard: { survives: [host], within: ${within.standard} }
  capabilities: { ${within.capabilities ?? PROMISED} }`;
}

export function options(site: Site, services: readonly string[], host = 'ctl1'): string {
  const recipients =
    site.recipients.length > 0 ? `recipients: [${site.recipients.join(', ')}]` : '# recipients: [age1...]';
  return `# Who else may read the secrets and the state of this cluster: age public keys (age-keygen makes one).
${recipients}

# How the hosts are reached; your ssh_config applies. With another user than root, sudo must not ask for a password.
ssh: { user: root }

# Only what differs from the preset. \`false\` leaves a service out, \`hosts\` says where it runs.
# services:
${services.map((line) => `#   ${line}`).join('\n')}

# Any option of any configuration file, for all hosts or for one; \`hastack plan\` shows what it changes.
# config:
#   keystone.conf: { token: { expiration: 7200 } }
#   hosts: { ${host}: { my.cnf: { mariadbd: { innodb_buffer_pool_size: 4G } } } }

# apt: { proxy: "http://10.10.1.5:3142" }     # a mirror or package cache
# dns: [10.10.1.1]                            # resolvers of the hosts
# ntp: [ntp.example.org]                      # time servers
# tls: { public: { certificate: tls/public.crt, key: tls/public.key } }   # your own certificate for the public name`;
}

/** Two answers that leave no room are the user's to change. */
export function at(network: string, index: number): string {
  const address = nthAddress(network, index);
  if (address !== undefined) return address;
  if (parseNetwork(network) === undefined) {
    throw new HastackError({
      code: 'usage',
      message: `${network} is not a network`,
      hint: 'write it with its prefix length, for example 10.10.1.0/24',
    });
  }
  throw new HastackError({
    code: 'usage',
    message: `the network ${network} is too small for the hosts of this preset`,
    hint: 'give a network with at least 64 addresses, for example 10.10.1.0/24',
  });
}
