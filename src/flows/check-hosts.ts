// `hastack check --hosts`: looks at the servers before anything is installed, and changes nothing on them.
//   connect to all → facts of every host, probes between them, log-in to the BMCs, side by side → checks → findings
// A host that does not answer is a finding; what could not be decided is listed with what lacked. No journal, no lock.
import { KEY_PACKAGES } from '../checks/package-source.ts';
import type { CheckInput, HostCheck } from '../checks/check.ts';
import { CHECKS } from '../checks/registry.gen.ts';
import { COMPONENTS } from '../components/registry.gen.ts';
import { onHosts } from '../engine/parallel.ts';
import type { HostFacts } from '../facts/host-facts.ts';
import type { Position } from '../model/error.ts';
import type { Finding, FindingReport, Undecided } from '../model/finding.ts';
import { opensshTransport } from '../remote/openssh.ts';
import { bmcFacts } from '../phases/bmc-facts.ts';
import { clusterComponents } from '../phases/desired.ts';
import { gatherHostFacts } from '../phases/host-facts.ts';
import { hostNeeds } from '../phases/host-needs.ts';
import type { RunInput } from '../phases/run.ts';
import { openStateDirectory } from '../store/state-directory.ts';
import type { StateDirectory } from '../store/state-directory.ts';

export interface HostReport extends FindingReport {
  /** Hosts that answered. */
  readonly reached: readonly string[];
}

/** Where a path of the spec stands in its file. */
export type Locate = (path: readonly (string | number)[]) => Position;

export async function checkHostsFlow(input: RunInput, locate: Locate): Promise<HostReport> {
  const { cluster } = input;
  const state = openStateDirectory(input.stateRoot);
  const [gathered, bmcs] = await Promise.all([gather(input, state), bmcFacts(input, state)]);
  input.signal?.throwIfAborted();
  const { done: facts, failed: unreachable } = gathered;
  const needs = hostNeeds(cluster, clusterComponents(cluster, COMPONENTS));
  return { ...judge({ cluster, facts, unreachable, needs, bmcs }, locate), reached: [...facts.keys()] };
}

/** Pure: what all checks say about these facts. */
function judge(input: CheckInput, locate: Locate): FindingReport {
  const checks: readonly HostCheck[] = CHECKS;
  const said = checks.flatMap((check) => check.check(input).map((outcome) => ({ check, outcome })));
  const findings = said.flatMap(({ check, outcome }): readonly Finding[] => {
    if ('missing' in outcome) return [];
    const { path, ...hit } = outcome;
    const { id, severity, impact, source } = check;
    return [{ rule: id, severity, impact, source, ...hit, at: locate(path) }];
  });
  const undecided = said.flatMap(({ check, outcome }): readonly Undecided[] =>
    'missing' in outcome ? [{ rule: check.id, missing: outcome.missing }] : [],
  );
  return { findings, undecided };
}

async function gather(input: RunInput, state: StateDirectory) {
  const { cluster, clock, random, signal, access } = input;
  const transport = opensshTransport({
    hosts: cluster.hosts.map((host) => ({ name: host.name, address: host.sshAddress })),
    ssh: access?.ssh ?? cluster.ssh,
    configFile: state.sshConfig,
    knownHosts: access?.knownHosts ?? state.knownHosts,
    clock,
  });
  const names = cluster.hosts.map((host) => host.name);
  return onHosts<HostFacts>({}, names, async (name) => {
    const host = cluster.hosts.find((each) => each.name === name);
    if (host === undefined) throw new Error(`${name} is not a host of the cluster`);
    const session = await transport.connect(name, signal);
    try {
      return await gatherHostFacts(session, { cluster, host, packages: KEY_PACKAGES }, { clock, random, signal });
    } finally {
      await session.close();
    }
  });
}
