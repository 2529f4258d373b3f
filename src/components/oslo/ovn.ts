// Where the OVN databases are and how they are reached: for whoever talks to them (northd, every chassis, Neutron).
// Clients are given all members: they find the leader themselves and go on with another when theirs dies.
// Manual: ovsdb(7), Connection Methods; ovn-nbctl(8).
import type { ClusterContext } from '../../model/component.ts';
import { sh } from '../../remote/shell.ts';

const TLS = '/etc/hastack/tls';

/**
 * Milliseconds without a word after which either side asks whether the other lives; after as long again it is given
 * up. So a member that lost power is left after 10 to 20 s, and the lock of a northd that died with it is free.
 */
export const PROBE_INTERVAL_MS = 10_000;

export const OVN_DATABASES = {
  nb: { port: 6641, raftPort: 6643, schema: 'OVN_Northbound', file: '/var/lib/ovn/ovnnb_db.db' },
  sb: { port: 6642, raftPort: 6644, schema: 'OVN_Southbound', file: '/var/lib/ovn/ovnsb_db.db' },
} as const;

export type OvnDatabase = keyof typeof OVN_DATABASES;
export const OVN_DATABASE_NAMES = ['nb', 'sb'] as const satisfies readonly OvnDatabase[];

/** `ssl:10.10.10.11:6641,ssl:10.10.10.12:6641,…` */
export function ovnRemote(ctx: ClusterContext, database: OvnDatabase): string {
  return ctx
    .members('ovn-central')
    .map((host) => `ssl:${bracketed(ctx.addressOf(host.name, 'internal'))}:${OVN_DATABASES[database].port}`)
    .join(',');
}

/** Files of a certificate that a component asked for. */
export function tlsFiles(name: string): { readonly key: string; readonly certificate: string; readonly ca: string } {
  return { key: `${TLS}/${name}.key`, certificate: `${TLS}/${name}.crt`, ca: `${TLS}/ca.crt` };
}

/** Options of ovn-nbctl, ovn-sbctl and ovsdb-client, as shell words. */
export function tlsOptions(name: string): string {
  const { key, certificate, ca } = tlsFiles(name);
  return sh`-p ${key} -c ${certificate} -C ${ca}`;
}

export function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
