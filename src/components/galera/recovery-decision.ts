// From what every member holds to what is done next. Pure; the rules, in order:
//  1. A living primary component, wherever anybody sees it, is never doubled: members join it, one at a time. One whose
//     data are of another cluster, or ahead of it, has them set aside first.
//  2. Without one, every member must be known not to live: read, off by its board, or given up (`--without`).
//  3. Every member of the last primary component must be read, or given up: it may hold later transactions.
//  4. Positions of one cluster can be compared, those of two cannot: then it is refused.
//  5. Members that run without a primary component are stopped, so that InnoDB itself tells their position. Not
//     `pc.bootstrap`: on two sides of a partition that heals late it makes two clusters; one way is tested, and nothing
//     is served meanwhile anyway.
//  6. The highest position starts the cluster. What is lost is said as a number of transactions, where it is known.
import type { HostView, RecoveryOptions, RecoveryStep, RecoveryVerdict } from '../../model/recovery.ts';
import { copyOf, NO_CLUSTER } from './evidence.ts';
import type { GaleraEvidence, Position } from './evidence.ts';
import { joinPrimary } from './recovery-join.ts';
import { bootstrapStep, joinStep, setAsideStep, stopStep } from './recovery-steps.ts';

type View = HostView<GaleraEvidence>;
type Read = Extract<View, { readonly read: true }>;

export interface GaleraMembers {
  /** Address at which each host's check answers. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** Members that see each other anew form a primary component by themselves, or never. */
const SETTLE_SECONDS = 15;

export function decideGalera(
  members: GaleraMembers,
  views: readonly View[],
  options: RecoveryOptions,
): RecoveryVerdict {
  const read = views.filter((view): view is Read => view.read);
  if (read.some(({ view }) => view.status?.cluster === 'Primary')) return joinPrimary(views, options);
  return (
    hiddenPrimary(members, read) ??
    unknownLife(views, options) ??
    unreadMember(views, options) ??
    stillRunning(read, options) ??
    afterOutage(views, options)
  );
}

/** A primary component that only the members can reach. */
function hiddenPrimary({ addresses }: GaleraMembers, read: readonly Read[]): RecoveryVerdict | undefined {
  const seen = read.flatMap(({ host, view }) => view.primaryPeers.map((address) => ({ host, address })));
  const [first] = seen;
  if (first === undefined) return undefined;
  const where = [...addresses].find(([, address]) => address === first.address)?.[0] ?? first.address;
  return {
    kind: 'refuse',
    reason: `a primary component lives on ${where}: ${first.host} reaches it, this machine does not`,
    hint: `mend the way from here to ${where}; the others join it by themselves`,
  };
}

function unknownLife(views: readonly View[], { without }: RecoveryOptions): RecoveryVerdict | undefined {
  const alive = views.filter((view) => !view.read && view.power !== 'off' && !without.includes(view.host));
  const [first] = alive;
  if (first === undefined) return undefined;
  const names = alive.map(({ host }) => host).join(', ');
  return {
    kind: 'refuse',
    reason: `${names} cannot be reached and may be alive with a primary component (${alive.map(lifeText).join('; ')})`,
    hint: `bring ${names} back; or make sure it is off, then give up what only it holds: --without ${first.host}`,
  };
}

function lifeText(view: View): string {
  if (view.read) return '';
  return `${view.reason}; ${view.power === 'on' ? 'its board says it is on' : 'no board tells whether it is on'}`;
}

function unreadMember(views: readonly View[], { without }: RecoveryOptions): RecoveryVerdict | undefined {
  const needed = lastPrimary(views) ?? views.map(({ host }) => host);
  const missing = views.filter(({ host, read }) => !read && needed.includes(host) && !without.includes(host));
  const [first] = missing;
  if (first === undefined) return undefined;
  const names = missing.map(({ host }) => host).join(', ');
  return {
    kind: 'refuse',
    reason: `${names} could not be read and may hold later transactions than the others`,
    hint: `switch ${names} on and run it again; or lose what only it holds: --without ${first.host}`,
  };
}

/**
 * The members of the last primary component, when every one of them was read and names that same view as its last:
 * no later one can have had a majority of them. Undefined when that cannot be told.
 */
export function lastPrimary(views: readonly View[]): readonly string[] | undefined {
  const read = views.filter((view): view is Read => view.read);
  for (const { view } of read) {
    const { lastView } = view;
    if (lastView === undefined || lastView.members.length === 0) continue;
    const hosts = lastView.members.map(
      (id) => read.find((each) => each.view.lastView?.me === id && each.view.lastView.id === lastView.id)?.host,
    );
    if (hosts.every((host) => host !== undefined)) return hosts;
  }
  return undefined;
}

function stillRunning(read: readonly Read[], { waited }: RecoveryOptions): RecoveryVerdict | undefined {
  const [first, ...rest] = read.filter(({ view }) => isUp(view));
  if (first === undefined) return undefined;
  const names = [first, ...rest].map(({ host }) => host).join(', ');
  if (waited < SETTLE_SECONDS) return { kind: 'wait', reason: `${names} may still form a primary component by itself` };
  return {
    kind: 'steps',
    steps: [stopStep(first.host), ...rest.map(({ host }) => stopStep(host))],
    warnings: [],
    left: [],
  };
}

function isUp({ process, unit }: GaleraEvidence): boolean {
  return process || !['inactive', 'failed'].includes(unit);
}

interface Copy extends Position {
  readonly host: string;
}

function afterOutage(views: readonly View[], options: RecoveryOptions): RecoveryVerdict {
  const { without } = options;
  const counted = views.filter((view): view is Read => view.read && !without.includes(view.host));
  const unknown = counted.filter(({ view }) => copyOf(view) === 'unknown').map(({ host }) => host);
  if (unknown.length > 0) return unreadable(unknown);
  const copies = counted.flatMap(({ host, view }): readonly Copy[] => {
    const copy = copyOf(view);
    return typeof copy === 'object' ? [{ host, ...copy }] : [];
  });
  if (new Set(copies.map(({ uuid }) => uuid)).size > 1) return twoClusters(copies);
  // Of equals the last: the load balancers prefer it as the writer.
  const best = copies.reduce<Copy | undefined>(
    (most, copy) => (most === undefined || copy.seqno >= most.seqno ? copy : most),
    undefined,
  );
  return best === undefined ? nothingHeld(counted) : startFrom(best, views, options);
}

function unreadable(hosts: readonly string[]): RecoveryVerdict {
  const names = hosts.join(', ');
  return {
    kind: 'refuse',
    reason: `the position of ${names} cannot be read: neither grastate.dat nor InnoDB tells it`,
    hint: `see \`galera_recovery\` on ${names}; or go on without what it holds: --without ${hosts[0] ?? ''}`,
  };
}

function twoClusters(copies: readonly Copy[]): RecoveryVerdict {
  const held = copies.map(({ host, uuid, seqno }) => `${host} holds ${uuid}:${seqno}`).join(', ');
  return {
    kind: 'refuse',
    reason: `the members are of different clusters, whose transactions cannot be compared: ${held}`,
    hint: 'find out which copy is the right one, then name the others: --without HOST; their data are set aside, not deleted',
  };
}

function nothingHeld(counted: readonly Read[]): RecoveryVerdict {
  return {
    kind: 'refuse',
    reason: `no copy of the databases was found on ${counted.map(({ host }) => host).join(', ') || 'any member'}`,
    hint: 'a cluster that never was formed is formed by `hastack apply`; otherwise restore a backup',
  };
}

function startFrom(best: Copy, views: readonly View[], { without }: RecoveryOptions): RecoveryVerdict {
  const givenUp = views.filter(({ host }) => without.includes(host));
  const fresh = givenUp.length > 0;
  const others = views.filter((view): view is Read => view.read && view.host !== best.host);
  const follow = others.map(({ host, view }): RecoveryStep => {
    const copy = copyOf(view);
    return fresh && typeof copy === 'object'
      ? setAsideStep(host, `position ${copy.seqno} of the cluster before`)
      : joinStep(host);
  });
  const off = views.filter((view) => !view.read).map(({ host }) => `${host} is off; it joins when it is back`);
  return {
    kind: 'steps',
    steps: [bootstrapStep(best.host, fresh), ...follow],
    warnings: fresh
      ? givenUp.map((view) => lossOf(view, best))
      : [`no transaction is lost: ${best.host} has the highest position, ${best.seqno}, of all that count`],
    left: off,
  };
}

/** What giving a host up may cost, in transactions. */
function lossOf(view: View, best: Copy): string {
  const { host } = view;
  if (!view.read)
    return `how many transactions are lost is not known: ${host} may hold later ones than ${best.seqno}, the position of ${best.host}`;
  const copy = copyOf(view.view);
  if (typeof copy !== 'object' || copy.uuid === NO_CLUSTER) return `${host} holds no copy whose position is known`;
  if (copy.uuid !== best.uuid)
    return `${host} holds ${copy.seqno} transactions of another cluster, ${copy.uuid}: they are set aside`;
  const lost = Math.max(0, copy.seqno - best.seqno);
  return `${lost} transactions are lost: ${host} is at ${copy.seqno}, ${best.host} at ${best.seqno}`;
}
