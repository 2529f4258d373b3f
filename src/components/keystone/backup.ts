// Keystone's keys: fernet for tokens, credential for what is encrypted in its database. They are secrets of the
// operator and the same on all hosts; rows that were encrypted with older ones can be read with those only.
import type { Backup } from '../../model/backup.ts';
import type { ClusterContext } from '../../model/component.ts';
import type { MemberStep } from '../../model/member-group.ts';
import { sh } from '../../remote/shell.ts';
import { CREDENTIAL_KEYS, FERNET_KEYS } from './config.ts';

const REPOSITORIES = { 'keystone/fernet/': FERNET_KEYS, 'keystone/credential/': CREDENTIAL_KEYS };

export function keystoneBackup(ctx: ClusterContext): Backup {
  return {
    title: 'the keys of Keystone',
    destroys: 'the present keys of Keystone: where they are others, everybody logs in anew',
    needsQuiet: false,
    secrets: {
      names: ctx
        .contributions('secret')
        .filter(({ component, kind }) => component === 'keystone' && kind === 'fernet-key')
        .map(({ name }) => name),
      install: (values) => ctx.members('keystone').map(({ name }) => installStep(name, values)),
    },
  };
}

function installStep(host: string, values: Readonly<Record<string, string>>): MemberStep {
  const files = Object.entries(REPOSITORIES).flatMap(([prefix, directory]) =>
    Object.entries(values)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => ({ path: `${directory}/${name.slice(prefix.length)}`, value })),
  );
  const writes = files.map(
    ({ path, value }) => sh`printf %s ${value} >${`${path}.new`}
chown keystone:keystone ${`${path}.new`}
mv -fT ${`${path}.new`} ${path}`,
  );
  return {
    host,
    does: 'install the keys of Keystone',
    script: { text: ['set -eu', 'umask 077', ...writes, ''].join('\n') },
  };
}
