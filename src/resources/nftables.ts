// One nftables table of our own; other tables on the host are left alone.
// A new ruleset is loaded in one transaction with a timer armed before it: unless `confirm` arrives over a new
// connection within `rollbackSeconds`, the previous table and file come back. Drift is seen in the kernel, not only
// in the file: the listing is compared with the one recorded when the table was loaded. Rulesets must not change
// themselves (no dynamic sets). Source: nft(8), systemd-run(1).
import { sha256Hex } from '../lib/hash.ts';
import type { Difference, Reading, Resource, ResourceKind } from '../model/resource.ts';
import { applyNftScript, confirmNftScript, nftFile, readNftScript } from './nftables-scripts.ts';
import { known, lineAfter, recordsByIndex, unknown, whole } from './reading.ts';

export interface NftTableDesired {
  readonly family: 'inet' | 'ip' | 'ip6' | 'bridge' | 'netdev';
  readonly name: string;
  /** What stands between the braces of the table. */
  readonly ruleset: string;
  readonly rollbackSeconds: number;
  /** The loadable file, for the start at boot. */
  readonly path: string;
}

export interface NftTableState {
  /** Why nft does not work here at all. */
  readonly unusable?: string;
  /** Hash of the loadable file. */
  readonly file?: string;
  /** Hash of the listing now, and as it was when the table was loaded; absent: no table, never loaded. */
  readonly listing?: string;
  readonly recorded?: string;
  /** Waits for its confirmation. */
  readonly armed: boolean;
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
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) throw new Error(`not a table name: ${name}`);
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

export const nftablesKind: ResourceKind<NftTableDesired, NftTableState> = {
  kind: 'nftables',
  read: (items) => ({ text: readNftScript(items), timeout: 30 }),
  parse(output, items) {
    if (!whole(output)) return items.map(() => unknown('nftables could not be read'));
    const records = recordsByIndex(output);
    return items.map((_item, index) => parseTable(records.get(index) ?? []));
  },
  diff: diffTable,
  apply: (desired) => ({ text: applyNftScript(desired), timeout: 60 }),
  confirm: (desired) => ({ text: confirmNftScript(desired), timeout: 30 }),
  notApplicable: (_desired, reading) => (reading.known ? reading.state.unusable : undefined),
};

function parseTable(lines: readonly string[]): Reading<NftTableState> {
  if (lines.includes('absent')) return unknown('nftables is not installed yet');
  const unusable = lineAfter(lines, 'unusable ');
  if (unusable !== undefined)
    return known({ unusable: `nftables does not work on this host: ${unusable}`, armed: false });
  const fields = (['file', 'listing', 'recorded'] as const).flatMap((word) => {
    const value = lineAfter(lines, `${word} `);
    return value === undefined ? [] : [[word, value] as const];
  });
  return known({ ...Object.fromEntries(fields), armed: lines.includes('armed') });
}

function diffTable(desired: NftTableDesired, reading: Reading<NftTableState>): Difference | undefined {
  if (!reading.known) return { action: 'create', reason: reading.reason };
  const state = reading.state;
  if (state.unusable !== undefined) return undefined;
  if (state.listing === undefined) return { action: 'create', reason: 'not loaded' };
  if (state.file !== sha256Hex(nftFile(desired))) return { action: 'update', reason: 'ruleset differs' };
  if (state.listing !== state.recorded) return { action: 'update', reason: 'rules were changed by hand' };
  if (state.armed) return { action: 'update', reason: 'loaded, but not confirmed' };
  return undefined;
}
