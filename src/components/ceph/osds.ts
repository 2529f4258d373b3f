// How the OSDs of a host are read, started and restarted: all of a host together, for the host is the failure domain.
// A restart begins only when every placement group is whole, and the next host waits until that is so again; in between
// `noout` on the host keeps Ceph from copying its data elsewhere. PG states come from the active manager, so they are
// believed only when they stay: those of a manager that just died look well.
// Manual: https://docs.ceph.com/en/reef/rados/troubleshooting/troubleshooting-osd/
import type { ClusterContext } from '../../model/component.ts';
import type { MemberGroup, MemberState, MemberStep } from '../../model/member-group.ts';
import { sh } from '../../remote/shell.ts';
import { restartUnitScript, startUnitScript } from '../../resources/unit-scripts.ts';
import { askNumbered } from './admin-socket.ts';
import { monitorHosts, osdHosts } from './layout.ts';

const START_TIMEOUT = 300;
/** Seconds until all placement groups are whole again after a restart. */
const CLEAN_DEADLINE = 900;
export const OSD_TARGET = 'ceph-osd.target';

export function osdGroup(ctx: ClusterContext): MemberGroup {
  const monitors = monitorHosts(ctx.cluster);
  return {
    id: 'ceph-osd',
    hosts: osdHosts(ctx.cluster),
    // Not a quorum of its own: the monitors decide what is served, and starting an OSD never harms. That the others
    // are well before one restarts is asked of Ceph itself (drain).
    kind: 'stateless',
    units: [`unit:${OSD_TARGET}`],
    startTimeout: START_TIMEOUT,
    restartOutage: { low: 0, expected: 1, high: 5 },
    read: () => ({ text: READ, timeout: 60 }),
    parse: (_host, output) => parseOsds(output),
    join: (host) => [{ host, does: 'start the OSDs', script: { text: startScript(), timeout: START_TIMEOUT } }],
    restart: (host) => [{ host, does: 'restart the OSDs', script: { text: restartScript(), timeout: START_TIMEOUT } }],
    drain: (host) => monitors.map((monitor) => drainStep(monitor, host)),
    undrain: (host) => monitors.map((monitor) => undrainStep(monitor, host)),
  };
}

const EACH_OSD = 'for data in /var/lib/ceph/osd/ceph-*; do [ -e "$data/ready" ] || continue; id=${data##*-}';

const READ = `${EACH_OSD}
  printf 'osd %s %s %s\\n' "$id" "$(systemctl is-active "ceph-osd@$id.service" 2>/dev/null || true)" "$(${askNumbered('osd', 'status', ['state'])} || true)"
done
`;

/** For `status`: one line per OSD that is not up. */
export const OSD_HEALTH = `bad=; count=0
${EACH_OSD}
  count=$((count + 1))
  case "$(${askNumbered('osd', 'status', ['state'])} || true)" in *'"active"'*) ;; *) bad="$bad osd.$id" ;; esac
done
if [ "$count" = 0 ]; then echo 'no OSD'; else echo "$count on this host\${bad:+, not up:$bad}"; fi
[ "$count" -gt 0 ] && [ -z "$bad" ]`;

/** Lines: `osd 3 active {"state": "active"}`. The state is active when the monitors count it as up. */
export function parseOsds(output: string): MemberState {
  const osds = output
    .split('\n')
    .map((line) => /^osd (\d+) (\S*) ?(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, id = '', unit = '', answer = '']) => {
      const state = /"state":\s*"([^"]+)"/.exec(answer)?.[1];
      return { id, up: unit === 'active' && state === 'active', seen: state ?? unit };
    });
  const down = osds.filter(({ up }) => !up);
  const detail = down.map(({ id, seen }) => `osd.${id} ${seen}`).join(', ');
  return {
    trace: false,
    running: osds.length > 0 && down.length === 0,
    detail:
      osds.length === 0
        ? 'no OSD'
        : `${osds.length - down.length} of ${osds.length} up${detail === '' ? '' : ` (${detail})`}`,
  };
}

function startScript(): string {
  return `set -e
systemctl daemon-reload
${EACH_OSD}
  systemctl reset-failed "ceph-osd@$id.service" 2>/dev/null || :
  systemctl start "ceph-osd@$id.service" </dev/null
done
${startUnitScript({ name: OSD_TARGET, startTimeout: START_TIMEOUT })}`;
}

/** The target takes its OSDs along (PartOf). */
function restartScript(): string {
  return `set -e
systemctl daemon-reload
${EACH_OSD}; systemctl reset-failed "ceph-osd@$id.service" 2>/dev/null || :; done
${restartUnitScript({ name: OSD_TARGET, startTimeout: START_TIMEOUT })}`;
}

const WHOLE = `import json, sys
summary = json.load(sys.stdin)
states = (summary.get("pg_summary") or summary)["num_pg_by_state"]
bad = {state["name"]: state["num"] for state in states if not state["name"].startswith("active+clean")}
print(", ".join(f"{count} {name}" for name, count in bad.items()))
sys.exit(1 if bad else 0)`;

/** Whole three times in a row. */
const AWAIT_WHOLE = `deadline=$(($(date +%s) + ${CLEAN_DEADLINE})); good=0; seen=
while [ "$good" -lt 3 ]; do
  if answer=$(timeout 20 ceph --connect-timeout 10 pg stat --format json </dev/null 2>/dev/null) \\
    && seen=$(printf '%s' "$answer" | ${sh`python3 -c ${WHOLE}`}); then good=$((good + 1)); else good=0; fi
  [ "$good" -lt 3 ] || break
  [ "$(date +%s)" -lt "$deadline" ] || { echo "placement groups are not whole: \${seen:-Ceph does not answer}" >&2; exit 1; }
  sleep 2
done`;

function drainStep(monitor: string, host: string): MemberStep {
  return {
    host: monitor,
    does: `wait until all data has its copies, then hold ${host} in`,
    script: {
      text: `${AWAIT_WHOLE}\n${sh`timeout 30 ceph --connect-timeout 10 osd set-group noout ${host} </dev/null >&2`}\n`,
      timeout: CLEAN_DEADLINE + 90,
    },
  };
}

function undrainStep(monitor: string, host: string): MemberStep {
  return {
    host: monitor,
    does: `wait until all data has its copies again`,
    script: {
      text: `${AWAIT_WHOLE}\n${sh`timeout 30 ceph --connect-timeout 10 osd unset-group noout ${host} </dev/null >&2`}\n`,
      timeout: CLEAN_DEADLINE + 90,
    },
  };
}
