// What the mariadb read script printed, as states. Pure.
import type { Reading } from '../model/resource.ts';
import { parseGrants } from './mariadb-grants.ts';
import type { GrantMap } from './mariadb-grants.ts';
import type { MariadbDesired } from './mariadb.ts';
import { known, lineAfter, unknown, whole } from './reading.ts';

export interface AccountState {
  readonly host: string;
  readonly plugin: string;
  readonly hash: string;
  /** '' (none), ANY, X509, SPECIFIED. */
  readonly tls: string;
  /** Has alternative ways to authenticate. */
  readonly several: boolean;
  readonly grants: GrantMap;
}

export type MariadbState =
  | { readonly type: 'database'; readonly present?: { readonly charset: string; readonly collate: string } }
  | { readonly type: 'user'; readonly accounts: readonly AccountState[] };

export function parseMariadb(output: string, items: readonly MariadbDesired[]): readonly Reading<MariadbState>[] {
  const lines = output.split('\n');
  const absent = lineAfter(lines, 'absent ');
  if (absent !== undefined) return items.map(() => unknown(absent));
  if (!whole(output) || !lines.includes('ok')) return items.map(() => unknown('MariaDB does not answer on this host'));
  const rows = lines.map((line) => line.split('\t'));
  const grants = grantBlocks(lines);
  return items.map((item, index) =>
    known(item.type === 'database' ? databaseState(item.name, rows) : userState(item, index, { rows, grants })),
  );
}

function databaseState(name: string, rows: readonly (readonly string[])[]): MariadbState {
  const row = rows.find((each) => each[0] === 'database' && each[1] === name);
  if (row === undefined) return { type: 'database' };
  return { type: 'database', present: { charset: row[2] ?? '', collate: row[3] ?? '' } };
}

interface Output {
  readonly rows: readonly (readonly string[])[];
  /** Lines of SHOW GRANTS by `<item>/<host index>`. */
  readonly grants: ReadonlyMap<string, readonly string[]>;
}

function userState(item: Extract<MariadbDesired, { type: 'user' }>, index: number, output: Output): MariadbState {
  const accounts = output.rows
    .filter((row) => row[0] === 'account' && row[1] === item.user)
    .map(([, , host = '', plugin = '', hash = '', tls = '', several = '']) => {
      const at = item.hosts.findIndex((each) => each.toLowerCase() === host.toLowerCase());
      const grants = parseGrants(output.grants.get(`${index}/${at}`) ?? []);
      return { host, plugin, hash, tls, several: several === '1', grants };
    });
  return { type: 'user', accounts };
}

function grantBlocks(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const blocks = new Map<string, string[]>();
  let block: string[] = [];
  for (const line of lines) {
    const match = /^grants\t(\d+)\t(\d+)$/.exec(line);
    if (match !== null) blocks.set(`${match[1]}/${match[2]}`, (block = []));
    else if (line.startsWith('GRANT ')) block.push(line);
  }
  return blocks;
}
