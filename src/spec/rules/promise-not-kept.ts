// A promise that the layout cannot keep: what a tier is to survive holds half or more of a quorum, or its only member.
// The full proof is `hastack simulate`; this sees what needs no simulation.
import type { Cluster } from '../../model/cluster.ts';
import { listed } from '../../lib/text.ts';
import { hostNamed } from '../../model/cluster.ts';
import { own } from '../lookup.ts';
import { membersOf, specRule } from './rule.ts';

export default specRule({
  id: 'spec.promise-not-kept',
  severity: 'critical',
  impact: 'The promised service stops in exactly the failure it was to survive.',
  source: 'hastack simulate; Galera documentation, "Weighted quorum"',
  reads: ['hosts', 'services', 'preset', 'availability'],
  check: ({ cluster }) =>
    cluster.availability.tiers.flatMap((tier) =>
      tier.survives.flatMap((failure, index) => {
        const path = ['availability', 'tiers', tier.name, 'survives', index];
        return failuresOf(cluster, failure).map(({ why, remediation }) => ({
          path,
          message: `The tier ${tier.name} is to survive the loss of a ${failure}, but ${why}.`,
          remediation,
        }));
      }),
    ),
});

interface Reason {
  readonly why: string;
  readonly remediation: string;
}

function failuresOf(cluster: Cluster, failure: string): readonly Reason[] {
  return quorums(cluster).flatMap(({ title, members }) =>
    failure === 'host' ? hostLoss(title, members) : domainLoss(cluster, { service: title, members, kind: failure }),
  );
}

/** Services with the same members are one quorum for this purpose: they are told once. */
function quorums(cluster: Cluster): readonly { readonly title: string; readonly members: readonly string[] }[] {
  const voting = (['galera', 'rabbitmq'] as const).flatMap((service) => {
    const mode = own(cluster.services, service)?.['mode'];
    const members = membersOf(cluster, service) ?? [];
    return members.length === 0 || mode === 'active-standby' || mode === 'single' ? [] : [{ service, members }];
  });
  const byMembers = new Map<string, readonly string[]>();
  for (const { service, members } of voting) {
    const key = members.join();
    byMembers.set(key, [...(byMembers.get(key) ?? []), service]);
  }
  return [...byMembers].map(([members, services]) => ({ title: listed(services), members: members.split(',') }));
}

function hostLoss(service: string, members: readonly string[]): readonly Reason[] {
  if (members.length !== 1) return [];
  return [
    {
      why: `only ${members[0] ?? ''} runs ${service}`,
      remediation: `Run ${service} on three hosts, or do not promise it.`,
    },
  ];
}

interface Domain {
  readonly service: string;
  readonly members: readonly string[];
  readonly kind: string;
}

function domainLoss(cluster: Cluster, { service, members, kind }: Domain): readonly Reason[] {
  const places = members.map((name) => own(hostNamed(cluster, name)?.domains, kind));
  // Kinds that are no failure domain of hosts (process, nic ...) need simulation; unknown words have a rule.
  if (places.every((place) => place === undefined)) return [];
  const nowhere = members.filter((_, index) => places[index] === undefined);
  const unplaced: readonly Reason[] =
    nowhere.length === 0
      ? []
      : [
          {
            why: `no ${kind} is given for ${nowhere.join(', ')}`,
            remediation: `Write domains: { ${kind}: ... } for ${nowhere.join(', ')}.`,
          },
        ];
  const crowded = [...new Set(places)]
    .filter((place) => place !== undefined)
    .map((place) => ({ place, inside: members.filter((_, index) => places[index] === place) }))
    .filter(({ inside }) => inside.length * 2 >= members.length)
    .map(({ place, inside }) => ({
      why: `${inside.length} of the ${members.length} members of ${service} (${inside.join(', ')}) are in ${kind} ${place}`,
      remediation: `Spread them so that every ${kind} holds less than half, or do not promise it.`,
    }));
  return [...unplaced, ...crowded];
}
