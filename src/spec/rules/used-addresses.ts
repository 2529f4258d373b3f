// Every address a spec gives away, with what has it and where it stands.
import { entriesOf } from '../lookup.ts';
import type { SpecPath } from '../positions.ts';
import type { ClusterSpec } from '../schema.ts';

export interface UsedAddress {
  readonly kind: 'host' | 'vip' | 'gateway';
  /** For messages: `the host ctl1`. */
  readonly owner: string;
  readonly network: string;
  readonly address: string;
  readonly path: SpecPath;
}

export function usedAddresses(spec: ClusterSpec): readonly UsedAddress[] {
  return [...hostAddresses(spec), ...vipAddresses(spec), ...gateways(spec)];
}

export function hostAddresses(spec: ClusterSpec): readonly UsedAddress[] {
  return entriesOf(spec.hosts).flatMap(([name, host]) =>
    entriesOf(host.addresses).map(([network, address]) => ({
      kind: 'host' as const,
      owner: `the host ${name}`,
      network,
      address,
      path: ['hosts', name, 'addresses', network],
    })),
  );
}

export function vipAddresses(spec: ClusterSpec): readonly UsedAddress[] {
  return entriesOf(spec.vips).map(([name, vip]) => ({
    kind: 'vip' as const,
    owner: `the VIP ${name}`,
    network: vip.network,
    address: vip.address,
    path: ['vips', name, 'address'],
  }));
}

function gateways(spec: ClusterSpec): readonly UsedAddress[] {
  return entriesOf(spec.networks).flatMap(([name, { gateway }]) =>
    gateway === undefined
      ? []
      : [
          {
            kind: 'gateway' as const,
            owner: `the gateway of ${name}`,
            network: name,
            address: gateway,
            path: ['networks', name, 'gateway'],
          },
        ],
  );
}
