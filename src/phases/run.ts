// One run of hastack on a cluster: its state directory, journal, desired state and the way to its hosts.
// Twins and real servers differ here in nothing but the state directory and the ssh options that come in.
import { COMPONENTS } from '../components/registry.gen.ts';
import type { EngineContext } from '../engine/context.ts';
import type { DesiredState } from '../engine/desired.ts';
import { limitTo } from '../engine/limit.ts';
import type { Clock, RandomBytes } from '../model/clock.ts';
import type { Cluster, SshOptions } from '../model/cluster.ts';
import type { Emit } from '../model/event.ts';
import { opensshTransport } from '../remote/openssh.ts';
import { resourceKinds } from '../resources/registry.ts';
import { newRunId, openJournal } from '../store/journal.ts';
import { openSecrets } from '../store/secrets.ts';
import { openStateDirectory } from '../store/state-directory.ts';
import type { StateDirectory } from '../store/state-directory.ts';
import type { ContextInput } from './context.ts';
import { clusterComponents, desiredState } from './desired.ts';
import { ensureIdentity } from './identity.ts';
import type { UserCertificate } from './identity.ts';

export interface RunInput {
  /** With the twin profile laid over it when twins are acted upon. */
  readonly cluster: Cluster;
  /** `.hastack/<name>`, or `.hastack/<name>/lab` for twins. */
  readonly stateRoot: string;
  /** `apply`; for the lock and the journal. */
  readonly command: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly emit: Emit;
  readonly signal?: AbortSignal;
  /** ssh options and host keys of twins; absent: those of the spec and of the state directory. */
  readonly access?: {
    readonly ssh: SshOptions;
    readonly knownHosts: string;
    /** Log-in of the boards and, where they have no certificate of a known CA, the only one to accept. */
    readonly bmc?: { readonly password: string; readonly fingerprint256?: string };
  };
  /** The spec as it was written, for the copy of the operator's state. */
  readonly specText?: string;
  /** Only these hosts are changed or shown; absent: all. */
  readonly limit?: readonly string[];
  /** The user's own certificate for the public VIP, as PEM. */
  readonly publicCertificate?: UserCertificate;
}

export interface Run {
  readonly id: string;
  readonly input: RunInput;
  readonly state: StateDirectory;
  readonly engine: EngineContext;
  /** What components were given; for health checks and predictions. */
  readonly context: ContextInput;
  readonly desired: DesiredState;
  readonly started: number;
}

/** Opens the run, calls `act` and closes the journal whatever happens. */
export async function withRun<T>(input: RunInput, act: (run: Run) => Promise<T>): Promise<T> {
  const state = openStateDirectory(input.stateRoot);
  const id = newRunId(input.clock.now(), input.random(3));
  const journal = openJournal(state.runs, id, input.clock);
  const emit: Emit = (event) => {
    journal.append(event);
    input.emit(event);
  };
  try {
    emit({
      event: 'run-started',
      runId: id,
      command: input.command,
      cluster: input.cluster.name,
      hosts: input.cluster.hosts.length,
    });
    return await act(await openRun(input, { state, id, emit }));
  } finally {
    journal.close();
  }
}

async function openRun(
  input: RunInput,
  { state, id, emit }: { readonly state: StateDirectory; readonly id: string; readonly emit: Emit },
): Promise<Run> {
  const { cluster, clock, random, signal } = input;
  const deployed = clusterComponents(cluster, COMPONENTS);
  const keeper = await openSecrets({
    secrets: state.secrets,
    identity: state.identity,
    recipients: cluster.recipients,
    random,
  });
  const identity = await ensureIdentity({
    cluster,
    deployed,
    keeper,
    clock,
    ...(input.publicCertificate === undefined ? {} : { publicCertificate: input.publicCertificate }),
  });
  const transport = opensshTransport({
    hosts: cluster.hosts.map((host) => ({ name: host.name, address: host.sshAddress })),
    ssh: input.access?.ssh ?? cluster.ssh,
    configFile: state.sshConfig,
    knownHosts: input.access?.knownHosts ?? state.knownHosts,
    clock,
  });
  return {
    id,
    input,
    state,
    engine: { transport, kinds: resourceKinds, clock, random, emit, ...(signal === undefined ? {} : { signal }) },
    context: { cluster, deployed, identity },
    desired: limitTo(desiredState(cluster, deployed, identity), input.limit),
    started: clock.monotonic(),
  };
}
