// One nftables table of our own; other tables on the host are left alone.
// A new ruleset is loaded in one transaction with a timer armed before it: unless `confirm` arrives over a new
// connection within `rollbackSeconds`, the previous table comes back. Drift is seen in the kernel, not only in the
// file: the listing is compared with the one recorded when the table was loaded. Source: nft(8), systemd-run(1).
import type { Resource } from '../model/resource.ts';

export interface NftTableDesired {
  readonly family: 'inet' | 'ip' | 'ip6' | 'bridge' | 'netdev';
  readonly name: string;
  /** What stands between the braces of the table. */
  readonly ruleset: string;
  readonly rollbackSeconds: number;
  /** The loadable file, for the start at boot. */
  readonly path: string;
}

/** The whole table is also kept in `path` (default `/etc/hastack/nftables/<family>-<name>.nft`), which `nft -f` loads. */
export function nftTable(options: {
  readonly family: NftTableDesired['family'];
  readonly name: string;
  readonly ruleset: string;
  readonly rollbackSeconds?: number;
  readonly path?: string;
}): Resource<NftTableDesired> {
  const { family, name, ruleset } = options;
  return {
    id: `nftables:${family}:${name}`,
    kind: 'nftables',
    desired: {
      family,
      name,
      ruleset,
      rollbackSeconds: options.rollbackSeconds ?? 60,
      path: options.path ?? `/etc/hastack/nftables/${family}-${name}.nft`,
    },
  };
}
