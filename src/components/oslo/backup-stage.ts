// Where a small restored file waits on a host until it is put in place: a directory per restore, removed at its end.
import type { RestoreTarget } from '../../model/backup.ts';
import type { Script } from '../../model/resource.ts';
import { sh } from '../../remote/shell.ts';

const DIRECTORY = '/var/lib/hastack/restore';

export function stagePath({ key }: Pick<RestoreTarget, 'key'>, name: string): string {
  return `${DIRECTORY}/${sh`${key}`}/${name}`;
}

export function stagedScript(path: string): Script {
  return { text: sh`[ -e ${path} ]` };
}

/** Complete under its name, or not there. */
export function stageFileProgram(path: string, { streamBytes }: RestoreTarget): string {
  return `set -eu
umask 077
mkdir -p ${sh`${path.slice(0, path.lastIndexOf('/'))}`}
cat >${sh`${`${path}.new`}`}
[ "$(stat -c %s ${sh`${`${path}.new`}`})" = ${streamBytes} ] || { echo 'it arrived torn' >&2; exit 1; }
mv -fT ${sh`${`${path}.new`} ${path}`}
`;
}
