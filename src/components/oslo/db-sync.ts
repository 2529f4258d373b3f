// Brings the schema of a service to the installed version, also when an earlier first time was cut off.
// MariaDB cannot roll back changes of a schema: a first `db_sync` that was killed leaves tables over which the next one
// fails. So a mark stands in the database from before its first table until the schema is complete. While it stands
// nobody can have stored anything, and the database is made anew; a database without the mark is never emptied.
// Manual: keystone-manage(1), https://mariadb.com/kb/en/start-transaction/ (DDL commits implicitly).
import type { Resource } from '../../model/resource.ts';
import { sh } from '../../remote/shell.ts';
import { runOnce } from '../../resources/run.ts';

export interface DbSync {
  readonly database: string;
  /** Shell: migrates the schema. */
  readonly command: string;
  /** A table that has rows as soon as the service was set up: with any row in it nothing is ever dropped. */
  readonly firstRows: string;
  /** Where the command says what went wrong. */
  readonly log: string;
}

const MARK = 'hastack_first_sync';

export interface Schema {
  /** Name in stamps: `keystone`. */
  readonly name: string;
  /** Debian package whose version the schema belongs to. */
  readonly package: string;
  /** One after another; the first one's command may need what an earlier one made. */
  readonly databases: readonly DbSync[];
}

/** A step `on: 'one'`: runs when the package has another version than last time, or the schema is not there. */
export function schema(options: Schema): Resource {
  const version = `/var/lib/hastack/${options.name}-schema`;
  const installed = `"$(dpkg-query -W -f '\${Version}' ${options.package})"`;
  const there = options.databases.map(
    ({ database }) => `mariadb -N -e 'SELECT 1 FROM ${database}.alembic_version' 2>/dev/null | grep -q 1`,
  );
  return runOnce({
    name: `${options.name}-db-sync`,
    // The schema belongs to the installed version, and it is in the database that this member has.
    unless: [`[ "$(cat ${version} 2>/dev/null)" = ${installed} ]`, ...there].join(' && '),
    script: `${options.databases.map(dbSyncScript).join('')}printf %s ${installed} > ${version}`,
    timeout: 600,
  });
}

export function dbSyncScript({ database, command, firstRows, log }: DbSync): string {
  const named = (table: string): string =>
    `SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${database}' AND TABLE_NAME LIKE '${table}'`;
  return `ask() { mariadb --batch --skip-column-names -e "$1"; }
marked=$(${sh`ask ${named(MARK)}`})
if [ "$marked" = 1 ]; then
  there=$(${sh`ask ${named(firstRows)}`})
  [ "$there" = 0 ] || there=$(${sh`ask ${`SELECT COUNT(*) FROM ${database}.${firstRows}`}`})
  if [ "$there" = 0 ]; then
    ${sh`ask ${`DROP DATABASE ${database}; CREATE DATABASE ${database} CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci`}`}
  fi
fi
tables=$(${sh`ask ${named('%')}`})
[ "$tables" != 0 ] || ${sh`ask ${`CREATE TABLE ${database}.${MARK} (begun TIMESTAMP PRIMARY KEY)`}`}
${command} || { ${sh`tail -n 3 ${log}`} >&2; exit 1; }
${sh`ask ${`DROP TABLE IF EXISTS ${database}.${MARK}`}`}
`;
}
