// `hastack state pull`: brings the operator's state back from the control hosts to an empty state directory.
//   refuse over a state that is there → ask all control hosts → take the newest whole copy → decrypt → write
// One reachable control host is enough. Nothing is changed on the hosts.
import { onHosts } from '../engine/parallel.ts';
import { hostsWithRole } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';
import { lookScript, parseCopy, readScript } from '../phases/state-copy.ts';
import type { KeptCopy } from '../phases/state-copy.ts';
import type { RunInput } from '../phases/run.ts';
import { opensshTransport } from '../remote/openssh.ts';
import type { Session } from '../remote/transport.ts';
import { openSealedState, refuseState, restoreState } from '../store/state-bundle.ts';
import { openStateDirectory } from '../store/state-directory.ts';
import type { StateDirectory } from '../store/state-directory.ts';

export interface PulledState {
  readonly host: string;
  /** When the copy was made. */
  readonly time: string;
  /** Files that were written. */
  readonly files: readonly string[];
  /** Control hosts that could not be asked. */
  readonly unreachable: readonly string[];
}

const SECONDS = 20;

/** `identity`: the text of an age identity file of one of the recipients. */
export async function statePullFlow(input: RunInput, identity: string): Promise<PulledState> {
  const state = openStateDirectory(input.stateRoot);
  refuseState(state);
  const { name } = input.cluster;
  const { done, failed } = await askHosts(input, state);
  const [newest] = [...done]
    .filter(([, { kept }]) => kept.whole)
    .toSorted(([, a], [, b]) => (a.kept.time < b.kept.time ? 1 : -1));
  if (newest === undefined) throw noCopy(name, done.size, [...failed.values()][0]);
  const [host, { kept, text }] = newest;
  const bundle = await openSealedState(text, identity, name);
  return { host, time: kept.time, files: restoreState(state, bundle, identity), unreachable: [...failed.keys()] };
}

async function askHosts(input: RunInput, state: StateDirectory) {
  const { cluster, access, clock, signal } = input;
  const control = hostsWithRole(cluster, 'control');
  const hosts = control.length > 0 ? control : cluster.hosts;
  const transport = opensshTransport({
    hosts: hosts.map(({ name, sshAddress }) => ({ name, address: sshAddress })),
    ssh: access?.ssh ?? cluster.ssh,
    configFile: state.sshConfig,
    knownHosts: access?.knownHosts ?? state.knownHosts,
    clock,
  });
  return onHosts(
    {},
    hosts.map(({ name }) => name),
    async (host) => {
      const session = await transport.connect(host, signal);
      try {
        return await readCopy(session, cluster.name, signal);
      } finally {
        await session.close();
      }
    },
  );
}

async function readCopy(
  session: Session,
  cluster: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly kept: KeptCopy; readonly text: string }> {
  const kept = parseCopy((await session.run({ text: lookScript(cluster), timeout: SECONDS }, signal)).stdout);
  if (!kept.whole) return { kept, text: '' };
  return { kept, text: (await session.run({ text: readScript(cluster), timeout: SECONDS }, signal)).stdout };
}

function noCopy(cluster: string, asked: number, first: HastackError | undefined): HastackError {
  if (asked === 0 && first !== undefined) return first;
  return new HastackError({
    code: 'environment',
    message: `no control host that answers has a copy of the state of ${cluster}`,
    hint: 'Copies are left by `hastack apply`. Is this the right spec? Otherwise bring the state back from a backup.',
  });
}
