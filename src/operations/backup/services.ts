// Stops what uses the databases while they are restored, and starts it again: the units of every component that has a
// database, as far as they bear its service's name. What instances need beside them (libvirt, iSCSI targets, the
// switches) goes on. What ran is written down on the host first, so that a run that died does not forget it.
import type { MemberStep } from '../../model/member-group.ts';
import { sh } from '../../remote/shell.ts';

/** Units per host. */
export type QuietUnits = ReadonlyMap<string, readonly string[]>;

const STOP_SECONDS = 300;

export function stopSteps(units: QuietUnits, directory: string): readonly MemberStep[] {
  const list = `${directory}/units`;
  return [...units].map(([host, names]) => ({
    host,
    does: 'stop the services that use the databases',
    script: {
      timeout: STOP_SECONDS,
      text: `set -u
mkdir -p ${sh`${directory}`}
[ -e ${sh`${list}`} ] || : >${sh`${`${list}.new`}`}
for unit in ${sh`${names}`}; do
  [ ! -e ${sh`${`${list}.new`}`} ] || ! systemctl --quiet is-active "$unit" || echo "$unit" >>${sh`${`${list}.new`}`}
done
[ ! -e ${sh`${`${list}.new`}`} ] || mv -fT ${sh`${`${list}.new`} ${list}`}
[ ! -s ${sh`${list}`} ] || xargs systemctl stop <${sh`${list}`}
`,
    },
  }));
}

export function startSteps(units: QuietUnits, directory: string): readonly MemberStep[] {
  const list = `${directory}/units`;
  return [...units.keys()].map((host) => ({
    host,
    does: 'start the services again',
    script: { timeout: STOP_SECONDS, text: sh`[ ! -s ${list} ] || xargs systemctl start <${list}` },
  }));
}
