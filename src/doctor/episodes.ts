// Matches of one signature on one host that follow each other closely are one episode: a thousand lines, one event.
//
// Memory is bounded whatever the log holds: an episode keeps three lines and five sets of groups, and a key has at
// most MOST_EPISODES of them (then the nearest grow). Pure.
import type { Match } from './matcher.ts';
import type { Signature } from './signature.ts';
import { earlier, later } from './template.ts';

/** Lines farther apart are two episodes. */
const GAP_MS = 60_000;
const MOST_EPISODES = 500;
const MOST_EVIDENCE = 3;
const MOST_GROUPS = 5;

export interface Evidence {
  readonly file: string;
  readonly line: number;
  readonly time?: number;
  readonly text: string;
}

export interface Episode {
  readonly signature: Signature;
  readonly host: string | undefined;
  first: number | undefined;
  last: number | undefined;
  count: number;
  readonly evidence: Evidence[];
  readonly groups: Readonly<Record<string, string>>[];
}

export interface Seen {
  readonly match: Match;
  readonly host: string | undefined;
  readonly evidence: Evidence;
}

export class Episodes {
  readonly #byKey = new Map<string, Episode[]>();

  add({ match, host, evidence }: Seen): void {
    const key = `${match.signature.id}\0${host ?? ''}`;
    const list = this.#byKey.get(key) ?? [];
    this.#byKey.set(key, list);
    const near =
      list.findLast((episode) => isNear(episode, evidence.time)) ??
      (list.length < MOST_EPISODES ? undefined : list.at(-1));
    if (near === undefined) {
      const { signature, groups } = match;
      const { time } = evidence;
      list.push({ signature, host, first: time, last: time, count: 1, evidence: [evidence], groups: [groups] });
      return;
    }
    near.count++;
    near.first = earlier(near.first, evidence.time);
    near.last = later(near.last, evidence.time);
    if (near.evidence.length < MOST_EVIDENCE) near.evidence.push(evidence);
    addGroups(near, match.groups);
  }

  all(): readonly Episode[] {
    return [...this.#byKey.values()].flat();
  }
}

/** Episodes of several files as one list: those of the same signature and host that touch are joined. */
export function joined(episodes: readonly Episode[]): readonly Episode[] {
  const sorted = episodes.toSorted((a, b) => (a.first ?? 0) - (b.first ?? 0));
  const open = new Map<string, Episode>();
  const result: Episode[] = [];
  for (const episode of sorted) {
    const key = `${episode.signature.id}\0${episode.host ?? ''}`;
    const before = open.get(key);
    if (before === undefined || !isNear(before, episode.first)) {
      const copy = { ...episode, evidence: [...episode.evidence], groups: [...episode.groups] };
      open.set(key, copy);
      result.push(copy);
      continue;
    }
    before.count += episode.count;
    before.last = later(before.last, episode.last);
    before.evidence.push(...episode.evidence.slice(0, MOST_EVIDENCE - before.evidence.length));
    for (const groups of episode.groups) addGroups(before, groups);
  }
  return result;
}

function isNear(episode: Episode, time: number | undefined): boolean {
  if (time === undefined || episode.first === undefined || episode.last === undefined) {
    return time === undefined && episode.first === undefined;
  }
  return time >= episode.first - GAP_MS && time <= episode.last + GAP_MS;
}

function addGroups(episode: Episode, groups: Readonly<Record<string, string>>): void {
  if (episode.groups.length >= MOST_GROUPS) return;
  const text = JSON.stringify(groups);
  if (!episode.groups.some((known) => JSON.stringify(known) === text)) episode.groups.push(groups);
}
