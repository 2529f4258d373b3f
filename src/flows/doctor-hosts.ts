// `hastack doctor --spec SPEC`: the logs of all hosts, one host after another, so that one log at a time is in memory.
// A host that does not answer is named; the others are read without it. Changes nothing; no journal, no lock.
import { HastackError } from '../model/error.ts';
import { hostLogs } from '../phases/host-logs.ts';
import type { RunInput } from '../phases/run.ts';
import { opensshTransport } from '../remote/openssh.ts';
import type { LogFile } from '../sources/log-files.ts';
import type { Skipped } from '../sources/source-file.ts';
import { openStateDirectory } from '../store/state-directory.ts';

export interface LogsOfHosts {
  readonly hours: number;
  readonly skip: (skipped: Skipped) => void;
  readonly unreachable: (host: string, error: HastackError) => void;
}

export async function* doctorHostsFlow(input: RunInput, request: LogsOfHosts): AsyncGenerator<LogFile> {
  const { cluster, clock, access, limit, signal } = input;
  const state = openStateDirectory(input.stateRoot);
  const transport = opensshTransport({
    hosts: cluster.hosts.map((host) => ({ name: host.name, address: host.sshAddress })),
    ssh: access?.ssh ?? cluster.ssh,
    configFile: state.sshConfig,
    knownHosts: access?.knownHosts ?? state.knownHosts,
    clock,
  });
  for (const { name } of cluster.hosts.filter((host) => limit?.includes(host.name) ?? true)) {
    try {
      const session = await transport.connect(name, signal);
      try {
        const { hours, skip } = request;
        yield* hostLogs(session, { hours, now: clock.now(), skip, ...(signal === undefined ? {} : { signal }) });
      } finally {
        await session.close();
      }
    } catch (error) {
      if (!(error instanceof HastackError)) throw error;
      request.unreachable(name, error);
    }
  }
}
