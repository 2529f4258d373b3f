// How the databases are backed up and brought back: mariadb-backup on a synced member that is not the writer.
//
// Backup: the member is desynced first, so that flow control does not slow the users down, and a watcher beside the
// program syncs it again however the program ends. Restore: unpacked and prepared beside the data in use while the
// cluster runs; then all members stop, the directories are exchanged (the old one stays), this member forms a new
// cluster with the same mark and gate as the first time, and the others copy everything from it: the restored
// directory has no grastate.dat, so the new cluster has another UUID and no member can take it for its own past.
// Manual: https://mariadb.com/kb/en/mariadb-backup-options/, /galera-cluster-system-variables/#wsrep_desync
import type { Backup, BackupStream, RestoreTarget } from '../../model/backup.ts';
import type { ClusterContext } from '../../model/component.ts';
import type { MemberStep } from '../../model/member-group.ts';
import { sh } from '../../remote/shell.ts';
import { SCRATCH_SCRIPTS } from './backup-scratch.ts';
import { checksumScript, INFO, RANK } from './backup-reads.ts';
import { roomCheck, UNPACK } from './backup-unpack.ts';
import { formStep, joinStep } from './members.ts';

const DATA = '/var/lib/mysql';
const STAGE = '/var/lib/mysql.restore';
const MARK = 'hastack-restored';
const HOURS = 3600;

export function galeraBackup(ctx: ClusterContext): Backup {
  const hosts = ctx.members('galera').map((host) => host.name);
  return {
    title: 'the databases of all services',
    destroys: `the databases as they are now: every row written since the backup is lost (kept beside, as ${DATA}.before-restore-TIME on one member)`,
    needsQuiet: true,
    stream: stream(hosts),
  };
}

function stream(hosts: readonly string[]): BackupStream {
  return {
    hosts,
    rank: () => ({ text: RANK, timeout: 20 }),
    info: () => ({ text: INFO, timeout: 120 }),
    facts: () => ({ text: checksumScript('mariadb'), timeout: 2 * HOURS }),
    export: () => EXPORT,
    staged: ({ key }) => ({ text: sh`grep -qsxF -e ${key} ${`${STAGE}.ready`} ${`${DATA}/${MARK}`}` }),
    stage: stageProgram,
    replace: ({ host, key }) => [
      ...hosts.filter((each) => each !== host).map(stopStep),
      stopStep(host),
      exchangeStep(host, key),
      formStep(host),
    ],
    finish: ({ host }) => [
      ...hosts.filter((each) => each !== host).map(joinStep),
      { host, does: 'forget the mark of the restore', script: { text: sh`rm -f ${`${DATA}/${MARK}`}` } },
    ],
    scratch: SCRATCH_SCRIPTS,
  };
}

/**
 * mariadb-backup ends by itself when its reader goes. The watcher runs outside of this program, so neither a kill nor a
 * lost connection leaves the member desynced. Its last act is repeated by the program, which waits for it.
 */
const EXPORT = `sql() { mariadb --batch --skip-column-names -e "$1"; }
work=$(mktemp -d /var/lib/mysql-backup.XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM HUP INT
mkdir "$work/tmp"
[ "$(sql "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'WSREP_LOCAL_STATE'")" = 4 ] || { echo 'this member is not synced' >&2; exit 1; }
systemd-run --quiet --collect --unit="hastack-backup-resync-$$" sh -c 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; mariadb -e "SET GLOBAL wsrep_desync = OFF"; rm -rf "$2"' sh "$$" "$work" || exit 1
sql 'SET GLOBAL wsrep_desync = ON' || exit 1
# sh has no pipefail: the status goes through a file.
{ nice -n 10 mariadb-backup --backup --stream=mbstream --galera-info --target-dir="$work/tmp" 2>"$work/log"; echo $? >"$work/status"; } | nice -n 10 gzip -1
status=$(cat "$work/status" 2>/dev/null || echo 1)
sql 'SET GLOBAL wsrep_desync = OFF'
[ "$status" = 0 ] || { tail -n 5 "$work/log" >&2; exit 1; }
`;

function stageProgram({ key, contentBytes }: RestoreTarget): string {
  return `set -eu
[ ! -d ${DATA} ] || [ "$(stat -c %d ${DATA})" = "$(stat -c %d /var/lib)" ] || { echo '${DATA} is a file system of its own: it cannot be exchanged' >&2; exit 1; }
rm -rf ${STAGE} ${STAGE}.ready
${roomCheck(contentBytes)}
${UNPACK}
unpack ${STAGE}
printf '%s\\n' ${sh`${key}`} >${STAGE}/${MARK}
chown mysql:mysql ${STAGE}/${MARK}
sync -f ${STAGE}
printf '%s\\n' ${sh`${key}`} >${STAGE}.ready
`;
}

function stopStep(host: string): MemberStep {
  return {
    host,
    does: 'stop MariaDB',
    script: {
      timeout: 200,
      text: `systemctl stop mariadb.service
case "$(systemctl is-active mariadb.service)" in inactive | failed) ;; *) echo 'MariaDB did not stop' >&2; exit 1 ;; esac`,
    },
  };
}

/** The two renames may be cut apart: without a data directory only the second one is left to do. */
function exchangeStep(host: string, key: string): MemberStep {
  return {
    host,
    does: `put the restored databases in place of ${DATA}`,
    script: {
      timeout: 120,
      text: `set -eu
key=${sh`${key}`}
if [ "$(cat ${DATA}/${MARK} 2>/dev/null)" = "$key" ]; then rm -f ${STAGE}.ready; exit 0; fi
[ "$(cat ${STAGE}.ready 2>/dev/null)" = "$key" ] || { echo 'nothing is staged for this restore' >&2; exit 1; }
if [ -d ${DATA} ]; then mv -T ${DATA} "${DATA}.before-restore-$(date -u +%Y%m%dT%H%M%SZ)"; fi
chmod 0755 ${STAGE}
mv -T ${STAGE} ${DATA}
sync -f ${DATA}
rm -f ${STAGE}.ready
# The last two stay.
ls -d ${DATA}.before-restore-* 2>/dev/null | sort | head -n -2 | while read -r old; do rm -rf "$old"; done
`,
    },
  };
}
