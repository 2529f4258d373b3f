// `hastack audit --spec SPEC --hosts`: fetches the configuration of all hosts side by side and changes nothing on them.
// A host that does not answer is named; the others are audited without it. No journal, no lock.
import { onHosts } from '../engine/parallel.ts';
import type { HastackError } from '../model/error.ts';
import { CONFIGURATION, configurationOf } from '../phases/host-configuration.ts';
import type { RunInput } from '../phases/run.ts';
import { opensshTransport } from '../remote/openssh.ts';
import type { Transport } from '../remote/transport.ts';
import type { SourceTree } from '../sources/source-file.ts';
import { openStateDirectory } from '../store/state-directory.ts';

export interface HostTrees {
  readonly tree: SourceTree;
  readonly reached: readonly string[];
  readonly unreachable: ReadonlyMap<string, HastackError>;
}

export async function auditHostsFlow(input: RunInput): Promise<HostTrees> {
  const { cluster, clock, access, limit } = input;
  const state = openStateDirectory(input.stateRoot);
  const transport = opensshTransport({
    hosts: cluster.hosts.map((host) => ({ name: host.name, address: host.sshAddress })),
    ssh: access?.ssh ?? cluster.ssh,
    configFile: state.sshConfig,
    knownHosts: access?.knownHosts ?? state.knownHosts,
    clock,
  });
  const names = cluster.hosts.map((host) => host.name).filter((name) => limit?.includes(name) ?? true);
  return fetchConfiguration(transport, names, input.signal);
}

export async function fetchConfiguration(
  transport: Transport,
  hosts: readonly string[],
  signal?: AbortSignal,
): Promise<HostTrees> {
  const { done, failed } = await onHosts<SourceTree>({}, hosts, async (host) => {
    const session = await transport.connect(host, signal);
    try {
      return configurationOf(host, (await session.run(CONFIGURATION, signal)).stdout);
    } finally {
      await session.close();
    }
  });
  const trees = [...done.values()];
  return {
    tree: {
      files: trees.flatMap(({ files }) => files),
      links: trees.flatMap(({ links }) => links),
      skipped: trees.flatMap(({ skipped }) => skipped),
    },
    reached: [...done.keys()],
    unreachable: failed,
  };
}
