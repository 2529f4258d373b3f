// Reads hosts: all resources of a host in one script, its group members side by side in another, one round trip.
// A read that fails makes its items unknown; a host that is lost is reported with its reason. Nothing is changed.
import type { MemberGroup } from '../model/member-group.ts';
import type { Reading, Resource, ResourceId } from '../model/resource.ts';
import type { Session } from '../remote/transport.ts';
import { kindOf } from './context.ts';
import type { AnyKind, Connections, EngineContext } from './context.ts';
import type { DesiredState } from './desired.ts';
import { markName, parseMarks, readMarks } from './marks.ts';
import { onHosts } from './parallel.ts';
import { fullDesired } from './readings.ts';
import type { ClusterReadings, MemberReading, ResourceReadings } from './readings.ts';
import { readSections } from './sections.ts';
import type { SectionResult } from './sections.ts';

export type ReadContext = Pick<EngineContext, 'kinds' | 'random' | 'signal' | 'concurrency'>;

/** Everything the desired state speaks of, on all hosts that are connected. */
export async function readCluster(
  context: ReadContext,
  desired: DesiredState,
  connections: Connections,
): Promise<ClusterReadings> {
  const guesses = guessChosen(desired, connections);
  const wanted = wantedOn(desired, guesses);
  const hosts = desired.hosts.filter((host) => connections.sessions.has(host));
  const outcome = await onHosts(context, hosts, async (host) => {
    const session = sessionOf(connections, host);
    const { resources = [], groups = [] } = wanted.get(host) ?? {};
    const [read, members] = await Promise.all([
      readResources(context, session, resources),
      readMembers(context, session, groups),
    ]);
    return { read, members };
  });
  const members = new Map<string, Map<string, MemberReading>>();
  for (const [host, { members: found }] of outcome.done) {
    for (const [group, reading] of found) members.set(group, (members.get(group) ?? new Map()).set(host, reading));
  }
  const unread = new Map<string, string>();
  for (const [host, error] of [...connections.unreachable, ...outcome.failed]) unread.set(host, error.message);
  const resources = new Map([...outcome.done].map(([host, { read }]) => [host, read] as const));
  const first: ClusterReadings = { resources, members, chosen: guesses, unread };
  return readElsewhere(context, { desired, connections, first });
}

/** Steps done on one host, whose first guess is no running member while another is: a second round trip. */
async function readElsewhere(
  context: ReadContext,
  given: { readonly desired: DesiredState; readonly connections: Connections; readonly first: ClusterReadings },
): Promise<ClusterReadings> {
  const { desired, connections, first } = given;
  const chosen = new Map(first.chosen);
  const more = new Map<string, Resource[]>();
  forEachOneStep(desired, (key, step) => {
    const better = chooseHost(step, connections, first.members);
    if (better === undefined || better === first.chosen.get(key)) return;
    chosen.set(key, better);
    more.set(better, [...(more.get(better) ?? []), ...step.resources]);
  });
  if (more.size === 0) return first;
  const outcome = await onHosts(context, [...more.keys()], (host) =>
    readResources(context, sessionOf(connections, host), more.get(host) ?? []),
  );
  const resources = new Map(first.resources);
  for (const [host, read] of outcome.done) resources.set(host, new Map([...(resources.get(host) ?? []), ...read]));
  const unread = new Map(first.unread);
  for (const [host, error] of outcome.failed) unread.set(host, error.message);
  return { resources, members: first.members, chosen, unread };
}

export async function readResources(
  context: ReadContext,
  session: Session,
  resources: readonly Resource[],
): Promise<ResourceReadings> {
  const readings = new Map<ResourceId, Reading<unknown>>();
  if (resources.length === 0) return readings;
  const byKind = [...groupedByKind(resources)];
  const parts = byKind.map(([name, items]) => ({ kind: kindOf(context.kinds, name), items }));
  const sections = readSections(
    parts.map(({ kind, items }) => kind.read(items.map(fullDesired))),
    context.random,
  );
  const results = sections.parse(await session.run(sections.script, context.signal));
  parts.forEach((part, index) => {
    const parsed = parsePart(part, results[index]);
    part.items.forEach((item, position) => {
      readings.set(item.id, parsed[position] ?? { known: false, reason: 'the read said nothing about it' });
    });
  });
  return readings;
}

export async function readMembers(
  context: Pick<ReadContext, 'random' | 'signal'>,
  session: Session,
  groups: readonly MemberGroup[],
): Promise<ReadonlyMap<string, MemberReading>> {
  if (groups.length === 0) return new Map();
  const { host } = session;
  const sections = readSections([{ text: readMarks() }, ...groups.map((group) => group.read(host))], context.random);
  const [marksRead, ...results] = sections.parse(await session.run(sections.script, context.signal));
  const marks = parseMarks(marksRead?.stdout ?? '');
  return new Map(
    groups.map((group, index) => [group.id, parseMember({ group, host, marks }, results[index])] as const),
  );
}

export function chooseHost(
  step: { readonly candidates: readonly string[]; readonly group?: string },
  connections: Connections,
  members: ClusterReadings['members'],
): string | undefined {
  const reachable = step.candidates.filter((host) => connections.sessions.has(host));
  const states = step.group === undefined ? undefined : members.get(step.group);
  const serves = (host: string): boolean => {
    const reading = states?.get(host);
    return reading?.read === true && reading.state.running;
  };
  return reachable.find(serves) ?? reachable[0];
}

export function oneStepKey(component: string, step: number): string {
  return `${component}/${step}`;
}

export function sessionOf(connections: Connections, host: string): Session {
  const session = connections.sessions.get(host);
  if (session !== undefined) return session;
  throw connections.unreachable.get(host) ?? new Error(`no session was opened to ${host}`);
}

function forEachOneStep(
  desired: DesiredState,
  visit: (
    key: string,
    step: { readonly candidates: readonly string[]; readonly group?: string; readonly resources: readonly Resource[] },
  ) => void,
): void {
  for (const component of desired.components) {
    component.steps.forEach((step, index) => {
      if (step.on === 'one') visit(oneStepKey(component.id, index), step);
    });
  }
}

function guessChosen(desired: DesiredState, connections: Connections): ReadonlyMap<string, string> {
  const chosen = new Map<string, string>();
  forEachOneStep(desired, (key, step) => {
    const host = chooseHost(step, connections, new Map());
    if (host !== undefined) chosen.set(key, host);
  });
  return chosen;
}

interface Wanted {
  readonly resources: Resource[];
  readonly groups: MemberGroup[];
}

function wantedOn(desired: DesiredState, chosen: ReadonlyMap<string, string>): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>(desired.hosts.map((host) => [host, { resources: [], groups: [] }]));
  for (const component of desired.components) {
    component.steps.forEach((step, index) => {
      if (step.on === 'each') for (const [host, list] of step.resources) wanted.get(host)?.resources.push(...list);
      else if (step.on === 'members') for (const host of step.group.hosts) wanted.get(host)?.groups.push(step.group);
      else wanted.get(chosen.get(oneStepKey(component.id, index)) ?? '')?.resources.push(...step.resources);
    });
  }
  return wanted;
}

function groupedByKind(resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const grouped = new Map<string, Resource[]>();
  for (const resource of new Map(resources.map((item) => [item.id, item])).values()) {
    const items = grouped.get(resource.kind);
    if (items === undefined) grouped.set(resource.kind, [resource]);
    else items.push(resource);
  }
  return grouped;
}

function parsePart(
  part: { readonly kind: AnyKind; readonly items: readonly Resource[] },
  result: SectionResult | undefined,
): readonly Reading<unknown>[] {
  const failure = whyFailed(result);
  if (result === undefined || failure !== undefined) {
    return part.items.map(() => ({ known: false, reason: failure ?? 'the read did not finish' }));
  }
  try {
    return part.kind.parse(result.stdout, part.items.map(fullDesired));
  } catch (error) {
    // What a service prints is not ours to rely on: unreadable is a state like any other, and shows in the plan.
    return part.items.map(() => ({ known: false, reason: `cannot be understood: ${(error as Error).message}` }));
  }
}

function parseMember(
  about: { readonly group: MemberGroup; readonly host: string; readonly marks: ReadonlySet<string> },
  result: SectionResult | undefined,
): MemberReading {
  const { group, host, marks } = about;
  const failure = whyFailed(result);
  if (result === undefined || failure !== undefined)
    return { read: false, reason: failure ?? 'the read did not finish' };
  try {
    return {
      read: true,
      state: group.parse(host, result.stdout),
      forming: marks.has(markName('forming', group.id)),
      drained: marks.has(markName('drained', group.id)),
    };
  } catch (error) {
    return { read: false, reason: `cannot be understood: ${(error as Error).message}` };
  }
}

function whyFailed(result: SectionResult | undefined): string | undefined {
  if (result?.code === undefined) return 'the read did not finish';
  if (result.code === 0) return undefined;
  const said = result.stderr.trim().split('\n').at(-1) ?? '';
  return `the read failed (exit status ${result.code})${said === '' ? '' : `: ${said.slice(0, 200)}`}`;
}
