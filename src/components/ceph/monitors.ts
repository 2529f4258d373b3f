// How the monitors are read, formed and joined. Formation: every monitor gets the same map of all of them and the same
// keys, then they are started and elect a leader. A monitor whose data is gone takes the map of the others and copies
// the rest from them. What this host had begun to make is made anew; what was there before is never removed.
// Manual: https://docs.ceph.com/en/reef/dev/mon-bootstrap/, /rados/operations/add-or-rm-mons/
import type { ClusterContext } from '../../model/component.ts';
import type { MemberGroup, MemberState, MemberStep } from '../../model/member-group.ts';
import { sh } from '../../remote/shell.ts';
import { keyringText } from '../../resources/ceph.ts';
import { withInput } from '../../resources/script.ts';
import { startUnitScript } from '../../resources/unit-scripts.ts';
import { askDaemon } from './admin-socket.ts';
import { monitorAddresses } from './ceph-conf.ts';
import { ADMIN_SECRET, BOOTSTRAP_SECRET, FSID_SECRET, MON_SECRET, monitorHosts } from './layout.ts';
import { ADMIN_CAPABILITIES } from './users.ts';

const START_TIMEOUT = 180;

export function monitorGroup(ctx: ClusterContext): MemberGroup {
  const hosts = monitorHosts(ctx.cluster);
  return {
    id: 'ceph-mon',
    hosts,
    kind: 'quorum',
    units: hosts.map((host) => `unit:${monitorUnit(host)}`),
    startTimeout: START_TIMEOUT,
    restartOutage: { low: 0, expected: 0, high: 3 },
    read: (host) => ({ text: readScript(host), timeout: 20 }),
    parse: (_host, output) => parseMonitor(output),
    form: () => hosts.map((host) => step('make and start a monitor', host, makeMonitor(ctx, host, mapOfSpec(ctx)))),
    join: (host) => [step('start the monitor', host, makeMonitor(ctx, host, MAP_OF_OTHERS))],
  };
}

export function monitorUnit(host: string): string {
  return `ceph-mon@${host}`;
}

/** State of the monitor as it sees itself. */
export function askMonitor(host: string): string {
  return askDaemon(`mon.${host}`, 'mon_status', ['state', 'quorum']);
}

function dataOf(host: string): string {
  return `/var/lib/ceph/mon/ceph-${host}`;
}

function readScript(host: string): string {
  return `
printf 'unit %s\\n' "$(${sh`systemctl is-active ${`${monitorUnit(host)}.service`} 2>/dev/null`} || true)"
[ -z "$(${sh`ls -A -- ${dataOf(host)} 2>/dev/null`})" ] || echo trace
printf 'status %s\\n' "$(${askMonitor(host)} || true)"
`;
}

/** Lines: `unit active`, `trace`, `status {"state": "peon", "quorum": [0, 1, 2]}`. */
export function parseMonitor(output: string): MemberState {
  const lines = output.split('\n');
  const unit = lines.find((line) => line.startsWith('unit '))?.slice(5) ?? 'unknown';
  const status = parseStatus(lines.find((line) => line.startsWith('status '))?.slice(7) ?? '');
  const inQuorum = status.state === 'leader' || status.state === 'peon';
  return {
    trace: lines.includes('trace'),
    running: unit === 'active' && inQuorum,
    detail: `${unit}, ${inQuorum ? `${status.state} of ${status.size}` : (status.state ?? 'does not answer')}`,
  };
}

function parseStatus(text: string): { readonly state?: string; readonly size: number } {
  try {
    const { state, quorum } = JSON.parse(text) as { readonly state?: unknown; readonly quorum?: unknown };
    const size = Array.isArray(quorum) ? quorum.length : 0;
    return typeof state === 'string' ? { state, size } : { size };
  } catch {
    return { size: 0 }; // not started yet: shown as "does not answer"
  }
}

function step(does: string, host: string, text: string): MemberStep {
  return { host, does, script: { text, timeout: START_TIMEOUT } };
}

function mapOfSpec(ctx: ClusterContext): string {
  const all = monitorHosts(ctx.cluster).flatMap((host) => ['--addv', host, monitorAddresses(ctx, host)]);
  return sh`monmaptool --create --fsid ${ctx.secret(FSID_SECRET)} ${all} "$work/monmap" >&2`;
}

const MAP_OF_OTHERS = 'timeout 60 ceph --connect-timeout 30 mon getmap -o "$work/monmap" </dev/null >&2';

/** `making` says that what is in the directory was begun here and is not a monitor yet. */
function makeMonitor(ctx: ClusterContext, host: string, makeMap: string): string {
  const data = dataOf(host);
  return `set -e
making=/var/lib/ceph/mon/.hastack-making
${sh`[ ! -e "$making" ] || rm -rf -- ${data}`}
${sh`if [ -z "$(ls -A -- ${data} 2>/dev/null)" ]; then`}
  : >"$making"
  work=$(mktemp -d /run/hastack-ceph.XXXXXXXX)
  trap 'rm -rf -- "$work"' EXIT
  ${makeMap}
${withInput('  cat >"$work/keyring"', firstKeyring(ctx))}
  chown -R ceph:ceph -- "$work"
  ${sh`runuser -u ceph -- ceph-mon --mkfs -i ${host} --monmap "$work/monmap" --keyring "$work/keyring" </dev/null >&2`}
  rm -rf -- "$work"; trap - EXIT
  rm -f -- "$making"
fi
systemctl daemon-reload
${startUnitScript({ name: monitorUnit(host), startTimeout: START_TIMEOUT })}`;
}

/** The keys a new cluster knows from its first moment. In a directory that only root can enter, in memory. */
function firstKeyring(ctx: ClusterContext): string {
  return [
    { entity: 'mon.', key: ctx.secret(MON_SECRET), capabilities: { mon: 'allow *' } },
    { entity: 'client.admin', key: ctx.secret(ADMIN_SECRET), capabilities: ADMIN_CAPABILITIES },
    {
      entity: 'client.bootstrap-osd',
      key: ctx.secret(BOOTSTRAP_SECRET),
      capabilities: { mon: 'profile bootstrap-osd', mgr: 'allow r' },
    },
  ]
    .map(keyringText)
    .join('');
}
