// How Galera is brought back after an outage. Evidence, rules and steps are in the files beside this one.
// Manual: https://galeracluster.com/library/documentation/crash-recovery.html
import type { ClusterContext } from '../../model/component.ts';
import type { Recovery } from '../../model/recovery.ts';
import { describeEvidence, parseEvidence, readEvidence } from './evidence.ts';
import type { GaleraEvidence } from './evidence.ts';
import { decideGalera } from './recovery-decision.ts';

export function galeraRecovery(ctx: ClusterContext): Recovery<GaleraEvidence> {
  const hosts = ctx.members('galera').map((host) => host.name);
  const addresses = new Map(hosts.map((host) => [host, ctx.addressOf(host, 'internal')]));
  return {
    id: 'galera',
    hosts,
    read: (host) => readEvidence(hosts.filter((each) => each !== host).map((each) => addresses.get(each) ?? '')),
    parse: (_host, output) => parseEvidence(output),
    decide: (views, options) => ({
      ...decideGalera({ addresses }, views, options),
      evidence: views.map((each) =>
        each.read
          ? describeEvidence(each.host, each.view)
          : `${each.host}: not read: ${each.reason}; power ${each.power}`,
      ),
    }),
  };
}
