// The northbound database of OVN: what Neutron asked for. The southbound one is made from it by northd and by the
// chassis themselves, so it is neither kept nor restored.
// Any member answers and hands a restore on to the leader. Manual: ovsdb-client(1), backup and restore.
import type { Backup, RestoreTarget } from '../../model/backup.ts';
import type { ClusterContext } from '../../model/component.ts';
import { sh } from '../../remote/shell.ts';
import { stageFileProgram, stagedScript, stagePath } from '../oslo/backup-stage.ts';
import { OVN_DATABASES } from '../oslo/ovn.ts';
import { localSocket } from './databases.ts';

const SERVER = `unix:${localSocket('nb')}`;
const SCHEMA = OVN_DATABASES.nb.schema;

export function ovnBackup(ctx: ClusterContext): Backup {
  const path = (target: RestoreTarget): string => stagePath(target, 'ovn-nb');
  return {
    title: 'the northbound database of OVN',
    destroys: 'the virtual networks as they are now in OVN; Neutron must have the same state',
    needsQuiet: true,
    stream: {
      hosts: ctx.members('ovn-central').map((host) => host.name),
      rank: () => ({
        text: sh`timeout 10 ovsdb-client --no-leader-only get-schema-version ${SERVER} ${SCHEMA} >/dev/null && echo 0`,
      }),
      info: () => ({ text: sh`echo "schema $(ovsdb-client --no-leader-only get-schema-version ${SERVER} ${SCHEMA})"` }),
      export: () => sh`exec ovsdb-client --no-leader-only --timeout=300 backup ${SERVER} ${SCHEMA}`,
      staged: (target) => stagedScript(path(target)),
      stage: (target) => stageFileProgram(path(target), target),
      replace: (target) => [
        {
          host: target.host,
          does: 'restore the northbound database of OVN',
          script: {
            timeout: 320,
            text: sh`ovsdb-client --no-leader-only --timeout=300 restore ${SERVER} ${SCHEMA} <${path(target)}`,
          },
        },
      ],
      finish: () => [],
    },
  };
}
