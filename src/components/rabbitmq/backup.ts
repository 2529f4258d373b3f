// RabbitMQ's definitions: users, virtual hosts, policies, exchanges and queues by name, as JSON. Messages are not in it:
// they are requests under way, and their senders have long given them up when a backup is restored.
// rabbitmqctl runs as another user, who cannot reach files of root; of standard input it waits for more than comes.
// Importing adds and overwrites; what came later stays. Manual: https://www.rabbitmq.com/docs/definitions
import type { Backup, RestoreTarget } from '../../model/backup.ts';
import type { ClusterContext } from '../../model/component.ts';
import { stageFileProgram, stagedScript, stagePath } from '../oslo/backup-stage.ts';

export function rabbitmqBackup(ctx: ClusterContext): Backup {
  const path = (target: RestoreTarget): string => stagePath(target, 'rabbitmq');
  return {
    title: 'the definitions of the message broker',
    destroys: 'users, policies and queues of the broker that have the same name as one of the backup',
    needsQuiet: false,
    stream: {
      hosts: ctx.members('rabbitmq').map((host) => host.name),
      rank: () => ({ text: 'rabbitmqctl -q await_startup --timeout 10 >/dev/null && echo 0', timeout: 40 }),
      info: () => ({ text: 'echo "version $(rabbitmqctl -q version)"', timeout: 40 }),
      export: () => 'exec rabbitmqctl -q export_definitions -',
      staged: (target) => stagedScript(path(target)),
      stage: (target) => stageFileProgram(path(target), target),
      replace: (target) => [
        {
          host: target.host,
          does: 'import the definitions of RabbitMQ',
          script: { timeout: 180, text: importScript(path(target)) },
        },
      ],
      finish: () => [],
    },
  };
}

function importScript(path: string): string {
  return `set -eu
file=$(mktemp /run/hastack-definitions.XXXXXX)
trap 'rm -f "$file"' EXIT
cat ${path} >"$file"
chown rabbitmq "$file"
timeout 150 rabbitmqctl -q import_definitions "$file" >/dev/null
`;
}
