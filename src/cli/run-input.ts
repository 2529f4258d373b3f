// From a spec and the global flags to what a flow is given: the cluster, where its state is, how its hosts are reached.
// With --lab the whole command runs again inside the lab's network namespace (decision 3): `entered` is then the exit
// status of that run and there is nothing left to do here.
import { formatPosition } from '../model/error.ts';
import type { RunInput } from '../phases/run.ts';
import type { Call } from './command.ts';
import { labDirectory, stateDirectory } from './state-directory.ts';
import type { Emit } from '../model/event.ts';
import { limitOf } from './limit.ts';
import { withSpecFiles } from './spec-files.ts';

interface Request {
  readonly spec: string;
  /** Name of the command, for lock and journal. */
  readonly command: string;
  readonly emit: Emit;
  /** Leave the files that the spec names unread: for commands that do not deploy. */
  readonly withoutFiles?: boolean;
}

export type Prepared = { readonly entered: number } | { readonly input: RunInput };

export async function prepareRun(call: Call<object>, request: Request): Promise<Prepared> {
  const { flags, world } = call;
  const common = {
    command: request.command,
    clock: world.clock,
    random: world.randomBytes,
    emit: request.emit,
  };
  if (flags.lab) return prepareLabRun(call, request, common);
  const [{ loadSpec }, { requireCluster }] = await Promise.all([import('../spec/load.ts'), import('../spec/check.ts')]);
  const loaded = await loadSpec(request.spec);
  const cluster = requireCluster(loaded);
  // On real servers, before anything is confirmed: what `check` warns of, also for who never ran it.
  if (request.command === 'apply') {
    for (const { at, message, remediation, severity } of loaded.findings) {
      if (severity === 'warning')
        request.emit({ event: 'warning', message: `${formatPosition(at)}: ${message} ${remediation}` });
    }
  }
  const stateRoot = stateDirectory({ spec: request.spec, cluster: cluster.name, state: flags.state });
  return {
    input: {
      ...common,
      ...(request.withoutFiles ? { cluster } : await withSpecFiles(cluster, world)),
      ...limitOf(cluster, flags.limit),
      specText: loaded.text,
      stateRoot,
      signal: world.interruptible(),
    },
  };
}

async function prepareLabRun(
  call: Call<object>,
  request: Request,
  common: Pick<RunInput, 'command' | 'clock' | 'random' | 'emit'>,
): Promise<Prepared> {
  const [{ openTwins }, { enterLab }, { sshConfigForLab }] = await Promise.all([
    import('./lab/twins.ts'),
    import('../lab/enter.ts'),
    import('../lab/ssh.ts'),
  ]);
  const { flags, world } = call;
  const { cluster, lab, options } = await openTwins(call, request.spec);
  const entered = await enterLab(lab, [...world.program.slice(1), ...call.argv]);
  if (entered !== undefined) return { entered };
  const stateRoot = labDirectory({ spec: request.spec, cluster: cluster.name, state: flags.state });
  const { ssh, knownHosts } = sshConfigForLab(cluster, options.stateDir);
  const { bmcAccess } = await import('../lab/bmc.ts');
  return {
    input: {
      ...common,
      ...(request.withoutFiles ? { cluster } : await withSpecFiles(cluster, world)),
      ...limitOf(cluster, flags.limit),
      specText: await world.files.read(request.spec),
      stateRoot,
      access: { ssh, knownHosts, bmc: await bmcAccess(lab) },
      signal: world.interruptible(),
    },
  };
}
