// The script in a real shell, with a database that is a directory of tables.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dbSyncScript } from './db-sync.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hastack-db-'));
  mkdirSync(join(directory, 'db'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const MARIADB = `mariadb() {
  case "$4" in
  *information_schema*LIKE*%*) ls db | wc -l ;;
  *information_schema*) t=\${4##*LIKE \\'}; ls db | grep -c -x "\${t%\\'}" || : ;;
  'SELECT COUNT(*) FROM identity.'*) wc -l < "db/\${4##*.}" ;;
  'DROP DATABASE'*) rm -f db/*; echo dropped >> log ;;
  'CREATE TABLE '*) t=\${4#*.}; : > "db/\${t%% *}" ;;
  'DROP TABLE '*) rm -f "db/\${4##*.}" ;;
  *) echo "what is $4?" >&2; exit 9 ;;
  esac
}
`;

function sync(command: string): number {
  const script = dbSyncScript({ database: 'identity', command, firstRows: 'users', log: 'log' });
  try {
    execFileSync('sh', ['-c', `set -e\n${MARIADB}${script}`], { cwd: directory, stdio: 'pipe' });
    return 0;
  } catch (error) {
    return (error as { readonly status: number }).status;
  }
}

const tables = (): readonly string[] => readdirSync(join(directory, 'db')).toSorted();
/** As migrations: fails over a table that is there already. */
const MIGRATE = '{ [ ! -e db/users ] && : > db/users && : > db/roles; }';

test('a first time that was cut off is made anew', () => {
  expect(sync('{ : > db/users; kill -9 $$; }')).not.toBe(0);
  expect(tables()).toEqual(['hastack_first_sync', 'users']);
  expect(sync(MIGRATE)).toBe(0);
  expect(tables()).toEqual(['roles', 'users']);
});

test('a database without the mark, or with rows, is never emptied', () => {
  writeFileSync(join(directory, 'db/users'), 'alice\n');
  expect(sync(MIGRATE)).toBe(1);
  writeFileSync(join(directory, 'db/hastack_first_sync'), '');
  expect(sync(MIGRATE)).toBe(1);
  expect(tables()).toEqual(['hastack_first_sync', 'users']);
});
