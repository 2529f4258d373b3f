// Privileges as MariaDB prints them (SHOW GRANTS), as sets that can be compared. Pure.
// Only privileges on objects count; roles and PROXY are left alone. Source: MariaDB GRANT, SHOW GRANTS.
import type { Grant } from './mariadb.ts';

/** Privileges by object: `keystone.*` → ALL PRIVILEGES. GRANT OPTION is one of them. */
export type GrantMap = ReadonlyMap<string, ReadonlySet<string>>;

export interface GrantDifference {
  readonly on: string;
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

/** Names that MariaDB prints differently from what one may write. */
const PRINTED_AS: Readonly<Record<string, string>> = {
  ALL: 'ALL PRIVILEGES',
  'REPLICATION CLIENT': 'BINLOG MONITOR',
  'DELETE VERSIONING ROWS': 'DELETE HISTORY',
};

export function wantedGrants(grants: readonly Grant[]): GrantMap {
  const map = new Map<string, Set<string>>();
  for (const grant of grants) {
    const set = map.get(grant.on) ?? new Set();
    for (const privilege of grant.privileges) set.add(printedName(privilege));
    map.set(grant.on, set);
  }
  return map;
}

/** Parses lines of SHOW GRANTS. */
export function parseGrants(lines: readonly string[]): GrantMap {
  const map = new Map<string, Set<string>>();
  for (const line of lines) {
    const match = /^GRANT (.+?) ON (?!PACKAGE |PROCEDURE |FUNCTION )(\S+) TO (.*)$/.exec(line);
    if (match === null || match[1] === 'PROXY') continue;
    const on = unquoted(match[2] ?? '');
    const set = map.get(on) ?? new Set();
    for (const privilege of splitPrivileges(match[1] ?? '')) if (privilege !== 'USAGE') set.add(privilege);
    if (/ WITH .*GRANT OPTION/.test(match[3] ?? '')) set.add('GRANT OPTION');
    if (set.size > 0) map.set(on, set);
  }
  return map;
}

export function compareGrants(wanted: GrantMap, present: GrantMap): readonly GrantDifference[] {
  const objects = [...new Set([...wanted.keys(), ...present.keys()])].toSorted();
  return objects.flatMap((on) => {
    const want = wanted.get(on) ?? new Set();
    const have = present.get(on) ?? new Set();
    const missing = [...want].filter((each) => !have.has(each)).toSorted();
    // Single privileges need not be taken away when all are given: nobody is without them in between.
    const covered = (each: string) => want.has('ALL PRIVILEGES') && each !== 'GRANT OPTION';
    const extra = [...have].filter((each) => !want.has(each) && !covered(each)).toSorted();
    return missing.length + extra.length === 0 ? [] : [{ on, missing, extra }];
  });
}

/** Column names, in parentheses, stay as they are. */
function printedName(privilege: string): string {
  const [name = '', columns] = privilege.trim().split(/\s*(?=\()/);
  const upper = name.toUpperCase().replaceAll(/\s+/g, ' ');
  return (PRINTED_AS[upper] ?? upper) + (columns === undefined ? '' : ` ${columns}`);
}

/** Commas inside parentheses separate columns, not privileges. */
function splitPrivileges(text: string): readonly string[] {
  return text.split(/,\s*(?![^()]*\))/).map((each) => printedName(each.replaceAll('`', '')));
}

/** `nova\_api`.* → nova_api.*: in the database part `_` and `%` are patterns unless they are escaped. */
function unquoted(object: string): string {
  return object.replaceAll('`', '').replaceAll('\\', '');
}
