// How the group of OVN databases is read, formed and joined. One group for both databases: a member serves when it is
// a member of both clusters and both have a leader. Files are made beside and renamed, so that a killed run leaves a
// whole file or none; every step may be repeated.
// Manual: ovsdb(7), Clustered Database Service Model; ovsdb-tool(1); ovsdb-server(1), cluster commands.
import type { ClusterContext } from '../../model/component.ts';
import type { MemberGroup, MemberState, MemberStep } from '../../model/member-group.ts';
import { sh } from '../../remote/shell.ts';
import { startUnitScript } from '../../resources/unit-scripts.ts';
import { OVN_DATABASES, OVN_DATABASE_NAMES, bracketed } from '../oslo/ovn.ts';
import type { OvnDatabase } from '../oslo/ovn.ts';
import { controlSocket, databaseUnit, localSocket } from './databases.ts';

/**
 * Followers wait so long for a word of the leader before they elect another, milliseconds. The default of 1000 is less
 * than a busy disk may take for one write, and every needless election stops all writes. The data path needs no
 * leader. Measured with 4000 on one machine: 2.9 to 3.7 s until another one leads. Set when the cluster is formed;
 * `cluster/change-election-timer` changes it later.
 */
export const ELECTION_TIMER_MS = 4000;

const START_TIMEOUT = 120;
const JOIN_DEADLINE = 90;

export function ovnCentralGroup(ctx: ClusterContext): MemberGroup {
  const hosts = ctx.members('ovn-central').map((host) => host.name);
  return {
    id: 'ovn-central',
    hosts,
    kind: 'quorum',
    units: OVN_DATABASE_NAMES.map((database) => `unit:${databaseUnit(database)}`),
    startTimeout: START_TIMEOUT,
    restartOutage: { low: 0, expected: 0.2, high: 2 },
    read: () => ({ text: READ, timeout: 20 }),
    parse: (_host, output) => parseMember(output),
    form: () => hosts.map((host, index) => (index === 0 ? formStep(ctx, host) : joinStep(ctx, host))),
    join: (host) => [joinStep(ctx, host)],
  };
}

const READ = OVN_DATABASE_NAMES.map(
  (database) => `
printf '${database} unit %s\\n' "$(systemctl is-active ${databaseUnit(database)}.service 2>/dev/null || true)"
[ ! -e ${OVN_DATABASES[database].file} ] || echo '${database} trace'
timeout 5 ovn-appctl -t ${controlSocket(database)} cluster/status ${OVN_DATABASES[database].schema} 2>/dev/null | sed 's/^/${database} status /'
`,
).join('');

interface DatabaseView {
  readonly trace: boolean;
  readonly running: boolean;
  readonly detail: string;
}

/** Lines: `nb unit active`, `nb trace`, `nb status Role: leader`. */
export function parseMember(output: string): MemberState {
  const views = OVN_DATABASE_NAMES.map((database) => viewOf(database, output));
  return {
    trace: views.some((view) => view.trace),
    running: views.every((view) => view.running),
    detail: views.map((view) => view.detail).join('; '),
  };
}

function viewOf(database: OvnDatabase, output: string): DatabaseView {
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith(`${database} `))
    .map((line) => line.slice(database.length + 1));
  const after = (prefix: string): string | undefined =>
    lines.find((line) => line.startsWith(prefix))?.slice(prefix.length);
  const unit = after('unit ') ?? 'unknown';
  const status = after('status Status: ');
  const leader = after('status Leader: ') ?? 'unknown';
  const role = after('status Role: ') ?? 'none';
  const servers = lines.filter((line) => / at (ssl|tcp):/.test(line));
  const own = servers.some((line) => line.includes('(self)'));
  const running = unit === 'active' && status === 'cluster member' && leader !== 'unknown' && own;
  const trace = lines.includes('trace');
  const why = status ?? (trace ? 'does not answer' : 'no data');
  return {
    trace,
    running,
    detail: running
      ? `${database} ${role} of ${servers.length}`
      : `${database} ${unit}, ${why}${status !== undefined && leader === 'unknown' ? ', no leader' : ''}`,
  };
}

/** For `status`: the same judgement, on the host. */
export const HEALTH_SCRIPT = `good=0
for each in ${OVN_DATABASE_NAMES.map((database) => `${database}:${OVN_DATABASES[database].schema}`).join(' ')}; do
  status=$(timeout 5 ovn-appctl -t "/run/ovn/ovn\${each%%:*}_db.ctl" cluster/status "\${each#*:}" 2>/dev/null) || status=
  printf '%s %s of %s ' "\${each%%:*}" "$(printf '%s\\n' "$status" | sed -n 's/^Role: //p')" "$(printf '%s\\n' "$status" | grep -c ' at [st][a-z]*:')"
  case "$status" in *'Status: cluster member'*) case "$status" in *'Leader: unknown'*) good=1 ;; esac ;; *) good=1 ;; esac
done
echo
[ "$good" = 0 ]`;

function formStep(ctx: ClusterContext, host: string): MemberStep {
  const create = OVN_DATABASE_NAMES.map((database) => {
    const { file } = OVN_DATABASES[database];
    const timer = `--election-timer=${ELECTION_TIMER_MS}`;
    const source = `/usr/share/ovn/ovn-${database}.ovsschema`;
    return sh`make ${file} ${timer} create-cluster ${`${file}.new`} ${source} ${raftAddress(ctx, host, database)}`;
  });
  const init = OVN_DATABASE_NAMES.map(
    (database) =>
      sh`${{ nb: 'ovn-nbctl', sb: 'ovn-sbctl' }[database]} --timeout=60 --no-leader-only ${`--db=unix:${localSocket(database)}`} init`,
  );
  return {
    host,
    does: 'form the OVN databases',
    script: {
      timeout: START_TIMEOUT + 130,
      text: ['set -e', MAKE, ...create, ...starts(), ...init, ''].join('\n'),
    },
  };
}

/** With its data a member comes back as itself; without, as a new one that copies everything. */
function joinStep(ctx: ClusterContext, host: string): MemberStep {
  const others = ctx.members('ovn-central').filter((each) => each.name !== host);
  const join = OVN_DATABASE_NAMES.map((database) => {
    const { schema, file } = OVN_DATABASES[database];
    const remotes = others.map((each) => raftAddress(ctx, each.name, database));
    return sh`make ${file} join-cluster ${`${file}.new`} ${schema} ${raftAddress(ctx, host, database)} ${remotes}`;
  });
  const settle = OVN_DATABASE_NAMES.map(
    (database) =>
      sh`settle ${controlSocket(database)} ${OVN_DATABASES[database].schema} ${raftAddress(ctx, host, database)}`,
  );
  return {
    host,
    does: 'join the OVN databases',
    script: {
      timeout: START_TIMEOUT + 2 * JOIN_DEADLINE + 30,
      text: ['set -e', MAKE, ...join, ...starts(), SETTLE, ...settle, ''].join('\n'),
    },
  };
}

function raftAddress(ctx: ClusterContext, host: string, database: OvnDatabase): string {
  return `ssl:${bracketed(ctx.addressOf(host, 'internal'))}:${OVN_DATABASES[database].raftPort}`;
}

function starts(): readonly string[] {
  return OVN_DATABASE_NAMES.map(
    (database) =>
      // In a shell of its own: it defines functions and may exit.
      `(\n${startUnitScript({ name: databaseUnit(database), startTimeout: START_TIMEOUT })})`,
  );
}

/** make FILE OPTION... : runs ovsdb-tool, which writes FILE.new, unless FILE is there. */
const MAKE = `make() {
  file=$1; shift
  [ ! -e "$file" ] || return 0
  mkdir -p "\${file%/*}"
  rm -f "$file.new" "\${file%/*}/.\${file##*/}.new.~lock~"
  ovsdb-tool "$@"
  sync -- "$file.new"
  mv -T -- "$file.new" "$file"
  rm -f "\${file%/*}/.\${file##*/}.new.~lock~"
}`;

/**
 * A member that lost its disk is a new server at an old address. The old one would count as a member that is down for
 * ever, and the next failure would cost the majority: it is removed as soon as the new one has joined.
 */
const SETTLE = `settle() {
  left=${JOIN_DEADLINE}
  while :; do
    status=$(ovn-appctl -T 5 -t "$1" cluster/status "$2" 2>/dev/null) || status=
    case "$status" in *'Leader: unknown'*) ;; *'Status: cluster member'*) break ;; esac
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "$2 did not join: $(printf '%s\\n' "$status" | sed -n 's/^Status: //p')" >&2; exit 1; }
    sleep 1
  done
  printf '%s\\n' "$status" | grep -F " at $3)" | grep -v -F '(self)' | while read -r id rest; do
    ovn-appctl -T 10 -t "$1" cluster/kick "$2" "$id" >&2
  done
}`;
