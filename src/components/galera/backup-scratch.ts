// A backup restored into a MariaDB of its own on a member: another directory, a socket, no network, no privileges, little
// memory, and an end by itself when nobody ends it.
import type { BackupScratch, RestoreTarget } from '../../model/backup.ts';
import { sh } from '../../remote/shell.ts';
import { roomCheck, UNPACK } from './backup-unpack.ts';
import { checksumScript } from './backup-reads.ts';

const LONGEST_SECONDS = 6 * 3600;
const START_SECONDS = 180;

export const SCRATCH_SCRIPTS: BackupScratch = { load, facts, check, remove };

function load(target: RestoreTarget): string {
  const { place, unit } = namesOf(target);
  return `set -eu
${roomCheck(target.contentBytes)}
${UNPACK}
unpack ${place}
systemd-run --quiet --collect --unit=${unit} -p User=mysql -p Nice=10 -p RuntimeMaxSec=${LONGEST_SECONDS} \\
  -p "ExecStopPost=+/bin/rm -rf ${place}" \\
  mariadbd --no-defaults --datadir=${place} --socket=${place}/s.sock --pid-file=${place}/s.pid --log-error=${place}/s.log \\
  --skip-networking --skip-grant-tables --innodb-buffer-pool-size=128M --lc-messages-dir=/usr/share/mysql
left=${START_SECONDS}
until mariadb-admin --no-defaults --socket=${place}/s.sock ping >/dev/null 2>&1; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || { tail -n 5 ${place}/s.log >&2; exit 1; }
  sleep 1
done
`;
}

function facts(target: RestoreTarget): { readonly text: string; readonly timeout: number } {
  return { text: checksumScript(clientOf(target, 'mariadb')), timeout: LONGEST_SECONDS };
}

/** CHECK TABLE of everything: reads every page, and every index against its table. */
function check(target: RestoreTarget): { readonly text: string; readonly timeout: number } {
  return {
    timeout: LONGEST_SECONDS,
    // Views of \`sys\` name functions of a server with privileges; what is not a table of somebody is not asked.
    text: `out=$(${clientOf(target, 'mariadb-check')} --all-databases --check --skip-write-binlog 2>&1) || { printf '%s\\n' "$out" | tail -n 5; exit 1; }
bad=$(printf '%s\\n' "$out" | grep -v -E '(OK|^sys\\..*|^(note|info|warning) .*)$' | head -n 5)
[ -z "$bad" ] || { printf '%s\\n' "$bad"; exit 1; }
printf '%s\\n' "$out" | grep -c 'OK$'`,
  };
}

function remove(target: RestoreTarget): { readonly text: string; readonly timeout: number } {
  const { place, unit } = namesOf(target);
  return {
    text: `systemctl stop ${unit}.service 2>/dev/null\nrm -rf ${place} ${place}.torn ${place}.log`,
    timeout: 180,
  };
}

function clientOf(target: RestoreTarget, program: string): string {
  return `${program} --no-defaults --socket=${namesOf(target).place}/s.sock`;
}

function namesOf({ key }: RestoreTarget): { readonly place: string; readonly unit: string } {
  return { place: sh`${`/var/lib/mysql.verify-${key}`}`, unit: sh`${`hastack-backup-verify-${key}`}` };
}
