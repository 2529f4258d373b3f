// How the Galera group is read, formed, joined and restarted. The rules (when) are the engine's; this is how.
// Formation: the first member starts a new cluster, the others join one at a time by SST.
// Manual: https://mariadb.com/kb/en/getting-started-with-mariadb-galera-cluster/
import type { ClusterContext } from '../../model/component.ts';
import type { MemberGroup, MemberState, MemberStep } from '../../model/member-group.ts';
import { restartUnitScript, startUnitScript } from '../../resources/unit-scripts.ts';

/** A full copy of a large database takes long; progress shows in the journal of the joiner. */
const START_TIMEOUT = 900;

export function galeraGroup(ctx: ClusterContext): MemberGroup {
  const hosts = ctx.members('galera').map((host) => host.name);
  return {
    id: 'galera',
    hosts,
    kind: 'quorum',
    units: ['unit:mariadb'],
    startTimeout: START_TIMEOUT,
    restartOutage: { low: 0, expected: 1, high: 3 },
    read: () => ({ text: READ, timeout: 20 }),
    parse: (_host, output) => parseMember(output),
    form: () => hosts.map((host, index) => (index === 0 ? formStep(host) : joinStep(host))),
    join: (host) => [joinStep(host)],
    restart: (host) => [
      {
        host,
        does: 'restart MariaDB',
        script: { text: restartUnitScript({ name: 'mariadb', startTimeout: START_TIMEOUT }), timeout: START_TIMEOUT },
      },
    ],
  };
}

/** grastate.dat and user databases tell of an earlier life, also when nothing runs. */
const READ = `
status=$(timeout 5 mariadb --batch --skip-column-names -e "SHOW GLOBAL STATUS WHERE Variable_name IN
  ('wsrep_cluster_status','wsrep_ready','wsrep_local_state_comment','wsrep_cluster_size')" 2>/dev/null || true)
printf 'unit %s\\n' "$(systemctl is-active mariadb.service 2>/dev/null || true)"
printf '%s\\n' "$status" | sed 's/^/status /'
sed -n 's/^\\(uuid\\|seqno\\|safe_to_bootstrap\\): */grastate \\1 /p' /var/lib/mysql/grastate.dat 2>/dev/null || true
for path in /var/lib/mysql/*/; do
  [ -d "$path" ] || continue
  name=\${path%/}; name=\${name##*/}
  case "$name" in mysql|performance_schema|sys|'#'*|lost+found) ;; *) printf 'database %s\\n' "$name" ;; esac
done
`;

const NO_CLUSTER = '00000000-0000-0000-0000-000000000000';

/** Lines: `unit active`, `status wsrep_ready\tON`, `grastate uuid 6b1…`, `database keystone`. */
export function parseMember(output: string): MemberState {
  const lines = output.split('\n');
  const status = new Map(
    lines
      .filter((line) => line.startsWith('status wsrep'))
      .map((line) => line.slice(7).split('\t') as [string, string]),
  );
  const grastate = new Map(
    lines.filter((line) => line.startsWith('grastate ')).map((line) => line.slice(9).split(' ') as [string, string]),
  );
  const databases = lines.filter((line) => line.startsWith('database ')).length;
  const uuid = grastate.get('uuid') ?? NO_CLUSTER;
  const comment = status.get('wsrep_local_state_comment') ?? '';
  const running =
    status.get('wsrep_cluster_status') === 'Primary' &&
    status.get('wsrep_ready') === 'ON' &&
    (comment === 'Synced' || comment.startsWith('Donor'));
  const unit = lines.find((line) => line.startsWith('unit '))?.slice(5) ?? 'unknown';
  return {
    trace: uuid !== NO_CLUSTER || databases > 0,
    running,
    detail: running
      ? `${comment}, size ${status.get('wsrep_cluster_size') ?? '?'}`
      : `${unit}${comment === '' ? '' : `, ${comment}`}, cluster ${uuid === NO_CLUSTER ? 'none' : uuid}, seqno ${grastate.get('seqno') ?? 'none'}`,
  };
}

export function formStep(host: string): MemberStep {
  return {
    host,
    does: 'form a new Galera cluster',
    script: {
      timeout: 180,
      text: `
install -d -o mysql -g mysql -m 755 /run/mysqld
systemctl unmask mariadb.service 2>/dev/null
systemctl daemon-reload
# Already running: an earlier run was cut off right after the start.
if ! systemctl --quiet is-active mariadb.service; then
  echo "_WSREP_NEW_CLUSTER='--wsrep-new-cluster'" > /run/mysqld/wsrep-new-cluster
  chown mysql:mysql /run/mysqld/wsrep-new-cluster
fi
${startUnitScript({ name: 'mariadb', startTimeout: START_TIMEOUT })}
mariadb <<'SQL'
CREATE USER IF NOT EXISTS mysql@localhost IDENTIFIED VIA unix_socket;
GRANT RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR, REPLICA MONITOR ON *.* TO mysql@localhost;
SQL
`,
    },
  };
}

export function joinStep(host: string): MemberStep {
  return {
    host,
    does: 'join the Galera cluster',
    script: { timeout: START_TIMEOUT, text: startUnitScript({ name: 'mariadb', startTimeout: START_TIMEOUT }) },
  };
}
