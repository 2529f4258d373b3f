// Removes what verifications made: everything in their projects, then what has their name, then the projects. The one
// way of cleaning up, whether a run ended well, failed half-way or was killed: it looks at the cloud, never at a list
// of its own. Passes are repeated until one finds nothing, so that what depends on something else goes in a later pass,
// and an API that fails over is asked again. What is still there at the deadline is returned.
import { isStatus } from '../../openstack/api-error.ts';
import { openSession } from '../../openstack/session.ts';
import type { Login, Session } from '../../openstack/session.ts';
import type { Clock } from '../../model/clock.ts';
import type { HttpClient } from '../../net/http.ts';
import { errorText } from './error-text.ts';
import { runOfName } from './names.ts';
import { grant } from './steps/account.ts';
import { CLOUD_KINDS, PROJECT_KINDS } from './sweep-kinds.ts';
import type { Item, Kind, Where } from './sweep-kinds.ts';

export interface SweepOptions {
  readonly client: HttpClient;
  readonly clock: Clock;
  readonly admin: Login;
  /** Whose things go. */
  readonly which: (runId: string) => boolean;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

const PAUSE_MS = 1000;
/** A project's log-in is kept over passes; its token outlives any sweep. */
type Sessions = Map<string, Session>;

export async function sweep(options: SweepOptions): Promise<readonly string[]> {
  const { clock, signal } = options;
  const end = clock.monotonic() + options.deadlineMs;
  const sessions: Sessions = new Map();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const left = await pass(options, sessions);
    if (left.length === 0 || clock.monotonic() >= end) return left;
    // oxlint-disable-next-line no-await-in-loop
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** Runs that left something, as their names in identity and compute say. */
export async function runsThatLeft(session: Session, signal?: AbortSignal): Promise<readonly string[]> {
  const names = (await projectsOf(session, signal)).map(({ name }) => name);
  for (const kind of CLOUD_KINDS) {
    if (!session.has(kind.service)) continue;
    // oxlint-disable-next-line no-await-in-loop
    names.push(...(await kind.list({ admin: session, session, projectId: '', signal })).map(({ name }) => name));
  }
  return [...new Set(names.flatMap((name) => runOfName(name) ?? []))].toSorted();
}

/** What was found, with why it could not be removed; empty when all is gone. */
async function pass(options: SweepOptions, sessions: Sessions): Promise<readonly string[]> {
  const found: string[] = [];
  try {
    const admin = sessions.get('') ?? (await openSession(options.client, options.admin, options.signal));
    sessions.set('', admin);
    const ours = ({ name }: Item): boolean => {
      const run = runOfName(name);
      return run !== undefined && options.which(run);
    };
    const projects = (await projectsOf(admin, options.signal)).filter(ours);
    for (const project of projects) {
      // oxlint-disable-next-line no-await-in-loop
      found.push(...(await emptyProject(options, { admin, project, sessions })));
    }
    const cloud = { admin, session: admin, projectId: '', signal: options.signal };
    for (const kind of CLOUD_KINDS) {
      // Users and external networks are in use as long as a project of ours has things.
      const remove = projects.length === 0;
      // oxlint-disable-next-line no-await-in-loop
      found.push(...(await findAll({ kind, ours, remove }, cloud)));
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    found.push(errorText(error));
  }
  return found;
}

interface ProjectSweep {
  readonly admin: Session;
  readonly project: Item;
  readonly sessions: Sessions;
}

async function emptyProject(options: SweepOptions, { admin, project, sessions }: ProjectSweep) {
  const { signal } = options;
  let session = sessions.get(project.id);
  if (session === undefined) {
    await grant(admin, { project: project.id, user: admin.userId, role: 'admin' }, signal);
    session = await openSession(options.client, { ...options.admin, project: { id: project.id } }, signal);
    sessions.set(project.id, session);
  }
  const found: string[] = [];
  for (const kind of PROJECT_KINDS) {
    // Kinds are in order of dependence; what is left of one makes those that hold it wait.
    // oxlint-disable-next-line no-await-in-loop
    found.push(
      // oxlint-disable-next-line no-await-in-loop
      ...(await findAll({ kind, ours: () => true, remove: true }, { admin, session, projectId: project.id, signal })),
    );
  }
  if (found.length > 0) return found;
  // Back to the defaults: the row of a project that is gone would stay for ever.
  if (admin.has('compute')) {
    await attempt(() => admin.request('compute', { method: 'DELETE', path: `/os-quota-sets/${project.id}`, signal }));
  }
  const why = await attempt(() =>
    admin.request('identity', { method: 'DELETE', path: `/projects/${project.id}`, signal }),
  );
  return [`project ${project.name} ${project.id}${why === undefined ? '' : ` (${why})`}`];
}

interface Finding {
  readonly kind: Kind;
  readonly ours: (item: Item) => boolean;
  readonly remove: boolean;
}

async function findAll({ kind, ours, remove }: Finding, where: Where): Promise<readonly string[]> {
  if (!where.admin.has(kind.service)) return [];
  let items: readonly Item[];
  try {
    items = (await kind.list(where)).filter(ours);
  } catch (error) {
    where.signal?.throwIfAborted();
    return [`${kind.name}: ${errorText(error)}`];
  }
  const found: string[] = [];
  for (const item of items) {
    // oxlint-disable-next-line no-await-in-loop
    const why = remove ? await attempt(async () => kind.remove(where, item)) : undefined;
    found.push(`${kind.name} ${item.name} ${item.id}${why === undefined ? '' : ` (${why})`}`);
  }
  where.signal?.throwIfAborted();
  return found;
}

/** Undefined: accepted, or it was gone already. */
async function attempt(act: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    return isStatus(error, 404) ? undefined : errorText(error);
  }
}

async function projectsOf(admin: Session, signal: AbortSignal | undefined): Promise<readonly Item[]> {
  const { projects } = await admin.request<{ readonly projects: readonly Item[] }>('identity', {
    path: '/projects',
    signal,
  });
  return projects.filter(({ name }) => runOfName(name) !== undefined);
}
