// The part of a cluster that is neither topology nor services: promises, access, packages, TLS, lab.
import { join } from 'node:path';
import type { Availability, Cluster } from '../model/cluster.ts';
import type { Defaults } from './defaults.ts';
import { entriesOf, given, withoutUndefined } from './lookup.ts';
import { filesOf } from './resolve-services.ts';
import type { ClusterSpec } from './schema.ts';

type Access = Pick<Cluster, 'ssh' | 'apt' | 'tls' | 'firewall' | 'operators' | 'dns' | 'ntp' | 'recipients' | 'lab'>;

const NTP_SERVERS = [
  '0.debian.pool.ntp.org',
  '1.debian.pool.ntp.org',
  '2.debian.pool.ntp.org',
  '3.debian.pool.ntp.org',
];

export function resolveAccess(spec: ClusterSpec, directory: string, defaults: Defaults): Access {
  const { ssh, apt, tls, lab } = spec;
  const beside = (path: string | undefined): string | undefined => relativeTo(directory, path);
  const user = defaults.take(['ssh', 'user'], ssh?.user, {
    value: 'root',
    why: 'changes need root; with another user sudo is used',
  });
  const certificate = tls?.public;
  return {
    ssh: {
      user,
      port: defaults.take(['ssh', 'port'], ssh?.port, { value: 22, why: 'the port of ssh' }),
      sudo: defaults.take(['ssh', 'sudo'], ssh?.sudo, {
        value: user !== 'root',
        why: 'needed unless the user is root',
      }),
      ...given('configFile', beside(ssh?.config)),
      ...given('jump', ssh?.jump),
      ...given('identityFile', beside(ssh?.identity)),
    },
    apt: { ...withoutUndefined(apt ?? {}), ...given('key', beside(apt?.key)) },
    tls: {
      backends: defaults.take(['tls', 'backends'], tls?.backends, {
        value: false,
        why: 'the VIPs, database and messages are encrypted always',
      }),
      ...given('publicCertificate', beside(certificate?.certificate)),
      ...given('publicKey', beside(certificate?.key)),
    },
    firewall: defaults.take(['firewall'], spec.firewall, {
      value: 'managed',
      why: 'member-only ports are open to members only',
    }),
    operators: defaults.take(['operators'], spec.operators, {
      value: [],
      why: 'member-only ports are for members only',
    }),
    dns: defaults.take(['dns'], spec.dns, { value: [], why: 'the hosts keep the resolvers they have' }),
    ntp: defaults.take(['ntp'], spec.ntp, { value: NTP_SERVERS, why: "Debian's pool" }),
    recipients: defaults.take(['recipients'], spec.recipients, {
      value: [],
      why: 'secrets can be read by the operator who made them only',
    }),
    lab: {
      ...given('memoryMiB', lab?.memory),
      ...given('diskMiB', lab?.disk),
      ...given('overrides', lab?.config === undefined ? undefined : filesOf(lab.config)),
    },
  };
}

/** Paths in a spec are relative to it; ssh itself expands a leading ~. */
function relativeTo(directory: string, path: string | undefined): string | undefined {
  return path === undefined || /^[/~]/.test(path) ? path : join(directory, path);
}

export function resolveAvailability(
  spec: ClusterSpec,
  engine: Availability['engine'],
  defaults: Defaults,
): Availability {
  const at = ['availability', 'assumptions'];
  const assumed = spec.availability?.assumptions;
  const known = Object.entries(assumed ?? {}).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return {
    engine: defaults.take(['availability', 'engine'], spec.availability?.engine, {
      value: engine,
      why: 'the engine of the preset',
    }),
    tiers: entriesOf(spec.availability?.tiers).map(([name, tier]) => ({
      name,
      survives: tier.survives,
      withinSeconds: tier.within,
    })),
    capabilities: withoutUndefined(spec.availability?.capabilities ?? {}),
    assumptions: {
      ...Object.fromEntries(known),
      hostMtbfHours: defaults.take([...at, 'hostMtbfHours'], assumed?.hostMtbfHours, {
        value: 20_000,
        why: 'a host fails about every 2.3 years; put your own figure in',
      }),
      repairHours: defaults.take([...at, 'repairHours'], assumed?.repairHours, {
        value: 4,
        why: 'somebody is at the rack the same day; put your own figure in',
      }),
      commonCause: defaults.take([...at, 'commonCause'], assumed?.commonCause, {
        value: 0.05,
        why: 'one failure in twenty takes more than one host; put your own figure in',
      }),
    },
  };
}
