// The change of the spec that helps most against one effect. What failed decides first: against the loss of a whole
// network or feed no timer of a service helps, only a second one. Then what the component states, and for those that
// state nothing what its kind of fault allows. Pure; every effect gets an answer.
import type { LossReason } from './effect.ts';

export interface Effect {
  /** Elements that failed: `network/data`. */
  readonly failed: readonly string[];
  /** Absent: interrupted, not down. */
  readonly reason?: LossReason;
  /** What the component states. */
  readonly stated: string | undefined;
  /** `Keystone` */
  readonly title: string;
}

export function adviceFor({ failed, reason, stated, title }: Effect): string {
  if (reason !== undefined) {
    const shared = failed.map((name) => againstShared(name, reason)).find((advice) => advice !== undefined);
    if (shared !== undefined) return shared;
  }
  return stated ?? `more members of ${title} on other hosts make the share of requests that meet a failed one smaller`;
}

/** What several hosts have in common and lose together. */
function againstShared(element: string, reason: LossReason): string | undefined {
  const [kind = '', name = ''] = element.split('/');
  switch (kind) {
    case 'network':
      return `no timer helps when all of ${name} is gone: build it of two switches with bonded interfaces and name them (domains: { switch-${name}: s1+s2 }), so that no single part of it is all of it`;
    case 'switch':
      return 'connect every host to two switches by a bond: domains: { switch: s1+s2 }';
    case 'power':
      return reason === 'unfenced'
        ? 'a board without power confirms nothing: feed hosts and boards from both feeds (domains: { power: a+b })'
        : 'feed each host from two feeds (domains: { power: a+b }), or spread the members over three feeds';
    case 'rack':
      return reason === 'unfenced'
        ? 'a board without power confirms nothing: feed hosts and boards from two feeds that are not both of one rack (domains: { power: a+b })'
        : undefined;
    case 'external':
      if (name === 'uplink') return 'a second uplink over another router; nothing inside of the cluster helps';
      return name === 'dns' || name === 'ntp' ? `a second server for ${name}` : undefined;
    default:
      return undefined;
  }
}
