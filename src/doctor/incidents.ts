// From episodes on several hosts to incidents: what began together is one, its cause first. Pure.
//
// Episodes that begin within WINDOW of the one before belong together (at most LONGEST in all). The cause is the event
// in the deepest layer among those that were there early: a host without power explains its lost quorum, a lost quorum
// explains errors of services, never the other way round. It is a judgement by time and layer, and the report says so.
// Incidents with the same cause on the same host that come again and again are one, with all their times.
import type { Severity } from '../model/finding.ts';
import type { Episode } from './episodes.ts';
import { LAYERS } from './signature.ts';
import type { Layer } from './signature.ts';

const WINDOW_MS = 90_000;
const LONGEST_MS = 15 * 60_000;
/** Logs of a dead host end some seconds before others notice; clocks differ a little. */
const EARLY_MS = 30_000;

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];
const LAYER_ORDER = Object.keys(LAYERS) as Layer[];

export interface Incident {
  readonly id: number;
  readonly severity: Severity;
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly cause: Episode;
  /** In the order of time, the cause among them. */
  readonly story: readonly Episode[];
  /** When it happened, the first time first: more than one when the same came again. */
  readonly times: readonly number[];
}

export function incidentsOf(episodes: readonly Episode[]): readonly Incident[] {
  const timed = episodes.filter(({ first }) => first !== undefined).toSorted((a, b) => at(a) - at(b));
  const timeless = episodes.filter(({ first }) => first === undefined);
  const groups = [...grouped(timed), ...byHost(timeless)];
  const incidents = groups.map(incidentOf).filter((incident) => incident !== undefined);
  return folded(incidents)
    .toSorted((a, b) => rank(a.severity) - rank(b.severity) || (b.last ?? 0) - (a.last ?? 0))
    .map((incident, index) => ({ ...incident, id: index + 1 }));
}

function grouped(episodes: readonly Episode[]): readonly (readonly Episode[])[] {
  const groups: Episode[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const episode of episodes) {
    const group = groups.at(-1);
    const begin = group?.[0] === undefined ? 0 : at(group[0]);
    if (group === undefined || at(episode) > last + WINDOW_MS || at(episode) > begin + LONGEST_MS)
      groups.push([episode]);
    else group.push(episode);
    last = at(episode);
  }
  return groups;
}

function byHost(episodes: readonly Episode[]): readonly (readonly Episode[])[] {
  const hosts = new Map<string, Episode[]>();
  for (const episode of episodes) hosts.set(episode.host ?? '', [...(hosts.get(episode.host ?? '') ?? []), episode]);
  return [...hosts.values()];
}

function incidentOf(story: readonly Episode[]): Incident | undefined {
  const worst = SEVERITIES.find((severity) => story.some(({ signature }) => signature.severity === severity));
  const cause = causeOf(story);
  if (worst === undefined || cause === undefined) return undefined;
  const times = story.flatMap(({ first }) => (first === undefined ? [] : [first]));
  const ends = story.flatMap(({ last }) => (last === undefined ? [] : [last]));
  const first = times.length === 0 ? undefined : Math.min(...times);
  const last = ends.length === 0 ? undefined : Math.max(...ends);
  return { id: 0, severity: worst, first, last, cause, story, times: first === undefined ? [] : [first] };
}

function causeOf(story: readonly Episode[]): Episode | undefined {
  const serious = story.filter(({ signature }) => signature.severity !== 'info');
  const candidates = serious.length === 0 ? story : serious;
  const begin = Math.min(...candidates.map(at));
  const early = candidates.filter((episode) => at(episode) <= begin + EARLY_MS);
  return early.toSorted((a, b) => depth(a) - depth(b) || at(a) - at(b))[0];
}

/** The fullest story stands for all of its kind. */
function folded(incidents: readonly Incident[]): readonly Incident[] {
  const byKind = new Map<string, Incident>();
  for (const incident of incidents) {
    const key = [incident.severity, incident.cause.signature.id, incident.cause.host ?? ''].join('\0');
    const known = byKind.get(key);
    if (known === undefined) byKind.set(key, incident);
    else {
      const fuller = incident.story.length > known.story.length ? incident : known;
      const times = [...known.times, ...incident.times].toSorted((a, b) => a - b);
      byKind.set(key, { ...fuller, times, last: Math.max(known.last ?? 0, incident.last ?? 0) || undefined });
    }
  }
  return [...byKind.values()];
}

function at(episode: Episode): number {
  return episode.first ?? 0;
}

function depth(episode: Episode): number {
  return LAYER_ORDER.indexOf(episode.signature.layer);
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
