// After a successful apply every control host gets an encrypted copy of the operator's state (decision 5), so that it
// is not on one laptop only: /var/lib/hastack/state/CLUSTER.age, 0600. Written only where it differs: a run that
// changes nothing writes nothing. A host that cannot take it is a warning, never a failure of the run.
import type { Run } from './run.ts';
import { onHosts } from '../engine/parallel.ts';
import { sha256Hex } from '../lib/hash.ts';
import { HastackError } from '../model/error.ts';
import { quote, sh } from '../remote/shell.ts';
import type { Session } from '../remote/transport.ts';
import { sealedState } from '../store/state-bundle.ts';
import type { SealedState } from '../store/state-bundle.ts';

const DIRECTORY = '/var/lib/hastack/state';
const SECONDS = 20;

export async function copyState(run: Run, sessions: ReadonlyMap<string, Session>): Promise<void> {
  const { input, state, desired, engine } = run;
  const sealed = sealedState({
    cluster: input.cluster.name,
    secrets: state.secrets,
    knownHosts: input.access?.knownHosts ?? state.knownHosts,
    specText: input.specText,
  });
  if (sealed === undefined) return;
  const may = (host: string): boolean => sessions.has(host) && input.limit?.includes(host) !== false;
  const { failed } = await onHosts({}, desired.lockHosts.filter(may), async (host) => {
    const session = sessions.get(host);
    if (session !== undefined) await copyTo(session, { sealed, cluster: input.cluster.name, now: engine.clock.now() });
  });
  for (const [host, error] of failed) {
    engine.emit({ event: 'warning', host, message: `no copy of the state was left there: ${error.message}` });
  }
}

interface Copy {
  readonly sealed: SealedState;
  readonly cluster: string;
  readonly now: number;
}

async function copyTo(session: Session, { sealed, cluster, now }: Copy): Promise<void> {
  const kept = parseCopy((await session.run({ text: lookScript(cluster), timeout: SECONDS })).stdout);
  if (kept.whole && kept.hash === sealed.hash) return;
  const text = await sealed.seal();
  const about = `${sealed.hash} ${sha256Hex(text)} ${new Date(now).toISOString()}`;
  const result = await session.run({ text: writeScript(cluster, text, about), timeout: SECONDS });
  if (result.code === 0) return;
  throw new HastackError({
    code: 'environment',
    host: session.host,
    message: result.stderr.trim().split('\n').at(-1) ?? `exit status ${result.code}`,
    hint: 'Is there room in /var?',
  });
}

export interface KeptCopy {
  /** What it is a copy of; empty: there is none. */
  readonly hash: string;
  /** When it was made, ISO 8601. */
  readonly time: string;
  /** It is as it was written. */
  readonly whole: boolean;
}

/** Prints what the copy says of itself, and the sum of the file as it is. */
export function lookScript(cluster: string): string {
  const path = copyPath(cluster);
  return sh`cat ${`${path}.sum`} 2>/dev/null || echo none; sha256sum ${path} 2>/dev/null || :`;
}

export function parseCopy(output: string): KeptCopy {
  const [about = '', sum = ''] = output.split('\n');
  const [hash = '', written = '', time = ''] = about.split(' ');
  return { hash: time === '' ? '' : hash, time, whole: written !== '' && sum.split(' ')[0] === written };
}

export function readScript(cluster: string): string {
  return sh`cat ${copyPath(cluster)}`;
}

/** The copy first and what it says of itself after it: a kill in between leaves one that is not whole. */
function writeScript(cluster: string, text: string, about: string): string {
  const path = copyPath(cluster);
  return `set -e
umask 077
mkdir -p ${quote(DIRECTORY)}
chmod 0700 ${quote(DIRECTORY)}
cat >${quote(`${path}.tmp`)} <<'HASTACK_STATE'
${text}
HASTACK_STATE
truncate -s -1 ${quote(`${path}.tmp`)}
sync ${quote(`${path}.tmp`)}
mv -fT ${quote(`${path}.tmp`)} ${quote(path)}
printf '%s\\n' ${quote(about)} >${quote(`${path}.sum.tmp`)}
mv -fT ${quote(`${path}.sum.tmp`)} ${quote(`${path}.sum`)}
`;
}

function copyPath(cluster: string): string {
  return `${DIRECTORY}/${cluster}.age`;
}
