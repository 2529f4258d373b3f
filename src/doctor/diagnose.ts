// From what was read of every file to what is said: incidents with their story, findings, errors without explanation.
// Pure: hosts of files and findings of the configuration audit are handed in.
import { listed } from '../lib/text.ts';
import type { Position } from '../model/error.ts';
import type { Finding, FindingReport } from '../model/finding.ts';
import { joined } from './episodes.ts';
import type { Episode } from './episodes.ts';
import { incidentsOf } from './incidents.ts';
import type { Incident } from './incidents.ts';
import type { FileStory } from './scan.ts';
import { earlier, later } from './template.ts';

export interface DoctorFinding extends Finding {
  readonly title: string;
  readonly incident: number;
  readonly count: number;
  readonly hosts: readonly string[];
  readonly evidence: readonly {
    readonly at: Position;
    readonly text: string;
    readonly time?: string;
    readonly host?: string;
  }[];
}

export interface Unknown {
  readonly template: string;
  readonly program?: string;
  readonly count: number;
  readonly hosts: readonly string[];
  readonly first?: string;
  readonly last?: string;
  readonly example: { readonly at: Position; readonly text: string };
}

export interface ReadFile {
  readonly path: string;
  readonly host?: string;
  readonly lines: number;
  readonly first?: string;
  readonly last?: string;
}

export interface DoctorReport extends FindingReport {
  readonly findings: readonly DoctorFinding[];
  readonly incidents: readonly Incident[];
  readonly unexplained: readonly Unknown[];
  /** Lines that are known and mean nothing, or too few in a row to mean something. */
  readonly noise: Readonly<Record<string, number>>;
  readonly files: readonly ReadFile[];
  /** What the configuration that lay beside the logs has to do with it. */
  readonly configuration: readonly Finding[];
}

export interface DiagnoseInput {
  readonly stories: readonly FileStory[];
  /** The host of a file, as far as where it lies tells. */
  readonly hostOf: (path: string) => string | undefined;
  readonly undecided?: FindingReport['undecided'];
  readonly configuration?: readonly Finding[];
}

export function diagnose({ stories, hostOf, undecided = [], configuration = [] }: DiagnoseInput): DoctorReport {
  const names = new HostNames(stories, hostOf);
  const noise = new Map<string, number>();
  const everyday = (episode: Episode) => {
    const few = episode.count < (episode.signature.atLeast ?? 1);
    if (few) noise.set(episode.signature.id, (noise.get(episode.signature.id) ?? 0) + episode.count);
    return few;
  };
  for (const { noise: own } of stories) for (const [id, count] of own) noise.set(id, (noise.get(id) ?? 0) + count);
  const all = stories.flatMap((story) =>
    story.episodes.map((each) => ({ ...each, host: names.of(each.host, story.path) })),
  );
  const incidents = incidentsOf(joined(all).filter((episode) => !everyday(episode)));
  const findings = incidents.flatMap(findingsOf);
  const rules = new Set(incidents.flatMap(({ story }) => story.flatMap(({ signature }) => signature.audit ?? [])));
  return {
    findings,
    undecided: [...undecided, ...missingHosts(incidents, names.known)],
    incidents,
    unexplained: unknowns(stories, names),
    noise: Object.fromEntries([...noise].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    files: stories.map((story) => readFile(story, names.of(undefined, story.path))),
    configuration: configuration.filter(({ rule }) => rules.has(rule)),
  };
}

/** One name per host: `ctl1` and `ctl1.example.org` are one; what only says `localhost` has the name its lines have. */
class HostNames {
  readonly #hostOf: DiagnoseInput['hostOf'];
  readonly #short: ReadonlySet<string>;
  readonly #only: string | undefined;
  readonly known: ReadonlySet<string>;

  constructor(stories: readonly FileStory[], hostOf: DiagnoseInput['hostOf']) {
    this.#hostOf = hostOf;
    const written = new Set(stories.flatMap(({ episodes }) => episodes.flatMap(({ host }) => host ?? [])));
    const found = stories.flatMap(({ path }) => hostOf(path) ?? []);
    this.#short = new Set([...written, ...found].filter((name) => !name.includes('.')));
    this.known = new Set([...written, ...found].map((name) => name.split('.')[0] ?? name));
    const [only, ...others] = written;
    this.#only = others.length === 0 ? only : undefined;
  }

  of(written: string | undefined, path: string): string | undefined {
    const name = written ?? this.#hostOf(path);
    if (name === 'localhost' || name === undefined || name === '-') return this.#only ?? name;
    const short = name.split('.')[0] ?? name;
    return this.#short.has(short) ? short : name;
  }
}

/** Hosts that a story speaks of and of which no log is here: what they say may be the cause. */
function missingHosts(incidents: readonly Incident[], known: ReadonlySet<string>): FindingReport['undecided'] {
  if (known.size < 2) return [];
  const missing = new Map<string, { rule: string; missing: string }>();
  for (const { story } of incidents) {
    for (const { signature, groups, first } of story) {
      for (const { peer, target, node } of groups) {
        const host = (peer ?? target ?? node ?? '').replace(/^.*@/, '').split('.')[0] ?? '';
        if (!/^[a-z][\w-]*\d$/i.test(host) || known.has(host) || missing.has(host)) continue;
        const when = first === undefined ? '' : ` around ${isoTime(first)}`;
        missing.set(host, { rule: signature.id, missing: `the logs of ${host}${when}` });
      }
    }
  }
  return [...missing.values()];
}

function findingsOf(incident: Incident): readonly DoctorFinding[] {
  const bySignature = new Map<string, Episode[]>();
  for (const episode of [incident.cause, ...incident.story]) {
    const known = bySignature.get(episode.signature.id) ?? [];
    if (!known.includes(episode)) bySignature.set(episode.signature.id, [...known, episode]);
  }
  return [...bySignature.values()].flatMap((episodes) => {
    const [first] = episodes;
    return first === undefined ? [] : [findingOf(incident, first, episodes)];
  });
}

function findingOf(incident: Incident, first: Episode, episodes: readonly Episode[]): DoctorFinding {
  const { signature } = first;
  const hosts = [...new Set(episodes.flatMap(({ host }) => host ?? []))];
  const count = episodes.reduce((sum, each) => sum + each.count, 0);
  const [line] = first.evidence;
  const where = hosts.length === 0 ? '' : ` on ${listed(hosts)}`;
  return {
    rule: signature.id,
    severity: signature.severity,
    impact: signature.symptom,
    message: `${sentence(first)}${where}${count === 1 ? '' : ` (${count} lines)`}`,
    at: line === undefined ? { file: '' } : { file: line.file, line: line.line },
    ...(first.host === undefined ? {} : { host: first.host }),
    remediation: [...signature.now, `So that it does not come back: ${signature.prevent}`].join('\n'),
    source: signature.source,
    title: signature.title,
    incident: incident.id,
    count,
    hosts,
    evidence: episodes.flatMap((episode) =>
      episode.evidence.map(({ file, line: number, time, text }) => ({
        at: { file, line: number },
        text,
        ...optionalTime('time', time),
        ...(episode.host === undefined ? {} : { host: episode.host }),
      })),
    ),
  };
}

/** What happened, in the words of the signature with the names that the lines hold. */
export function sentence({ signature, groups }: Episode): string {
  return signature.says
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const values = [...new Set(groups.flatMap((each) => each[name] ?? []))];
      return values.length > 3 ? `${values.slice(0, 3).join(', ')} and others` : values.join(', ');
    })
    .replaceAll(/ ?\(\s*\)/g, '')
    .replaceAll(/: *$/g, '')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
}

function unknowns(stories: readonly FileStory[], names: HostNames): readonly Unknown[] {
  const byTemplate = new Map<
    string,
    { count: number; hosts: Set<string>; first?: number | undefined; last?: number | undefined; unknown: Unknown }
  >();
  for (const story of stories) {
    const host = names.of(undefined, story.path);
    for (const { template, program, count, first, last, example } of story.unexplained) {
      const key = `${program ?? ''}\0${template}`;
      const at = { file: story.path, line: example.line };
      const unknown: Unknown = {
        template,
        ...(program === undefined ? {} : { program }),
        count: 0,
        hosts: [],
        example: { at, text: example.text },
      };
      const known = byTemplate.get(key) ?? { count: 0, hosts: new Set<string>(), unknown };
      known.count += count;
      if (host !== undefined) known.hosts.add(host);
      known.first = earlier(known.first, first);
      known.last = later(known.last, last);
      byTemplate.set(key, known);
    }
  }
  return [...byTemplate.values()]
    .map(({ unknown, count, hosts, first, last }) => ({
      ...unknown,
      count,
      hosts: [...hosts],
      ...optionalTime('first', first),
      ...optionalTime('last', last),
    }))
    .toSorted((a, b) => b.count - a.count);
}

function readFile({ path, lines, first, last }: FileStory, host: string | undefined): ReadFile {
  return {
    path,
    lines,
    ...(host === undefined ? {} : { host }),
    ...optionalTime('first', first),
    ...optionalTime('last', last),
  };
}

function optionalTime<K extends string>(name: K, time: number | undefined): { readonly [key in K]?: string } {
  return time === undefined ? {} : ({ [name]: isoTime(time) } as { readonly [key in K]?: string });
}

/** `2026-11-21T12:03:04.123Z`; times beyond what a date can hold are shown as numbers. */
export function isoTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
