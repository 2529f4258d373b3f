// Which step a member group needs next. Pure: member states in, one move out; the engine makes the move, reads all
// members again and asks again. So every decision is made on what is true now, whoever was killed in between.
//
// Guarantees (decision 1 and quorum):
//  - a group is formed only when every member was read and none holds a trace of an earlier life; an interrupted
//    first formation, marked on every member, goes on (nobody can have written anything yet);
//  - data without a running member, or a member that cannot be read while none runs, is refused: `recover` decides;
//  - members of a quorum join and restart one at a time, and a restart only while all others run;
//  - a member of a stateless group restarts only while another one serves, or when it is the only member;
//  - under a limit only its hosts are moved, judged by what all members say, and a group is never formed by it.
import type { MemberState } from '../model/member-group.ts';
import type { UnitNeed } from './readings.ts';

export type MemberView =
  | {
      readonly host: string;
      readonly read: true;
      readonly state: MemberState;
      readonly forming: boolean;
      readonly drained: boolean;
      readonly needs: UnitNeed;
    }
  | { readonly host: string; readonly read: false; readonly reason: string };

type ReadView = Extract<MemberView, { readonly read: true }>;

export interface Waiting {
  readonly host: string;
  readonly reason: string;
}

export type Move =
  /** First-time formation, over all members. */
  | { readonly kind: 'form'; readonly hosts: readonly string[] }
  | { readonly kind: 'undrain'; readonly host: string }
  /** Bring these into the running group, side by side. */
  | { readonly kind: 'join'; readonly hosts: readonly string[] }
  | { readonly kind: 'restart'; readonly host: string }
  /** Something about the units that stops nothing: enabling, a reload. */
  | { readonly kind: 'adjust'; readonly hosts: readonly string[] }
  /** The formation is complete: its marks go. */
  | { readonly kind: 'formed'; readonly hosts: readonly string[] }
  | { readonly kind: 'refuse'; readonly reason: string; readonly hint: string }
  | { readonly kind: 'done'; readonly waiting: readonly Waiting[] };

export interface GroupShape {
  readonly id: string;
  readonly kind: 'quorum' | 'stateless';
  /** Only these may be moved; absent: all. */
  readonly limit?: readonly string[] | undefined;
}

/** `views` holds every member, in the order of the group. */
export function nextMove(group: GroupShape, views: readonly MemberView[]): Move {
  const may = ({ host }: { readonly host: string }): boolean => group.limit?.includes(host) !== false;
  if (!views.some(may)) return { kind: 'done', waiting: [] };
  const running = views.filter((view): view is ReadView => view.read && view.state.running);
  if (running.length === 0)
    return group.kind === 'quorum' ? startQuorum(group, views) : startStateless(views.filter(may));
  const read = views.filter((view): view is ReadView => view.read && may(view));
  const own = running.filter(may);
  const drained = own.find((view) => view.drained);
  if (drained !== undefined) return { kind: 'undrain', host: drained.host };
  const stopped = read.filter((view) => !view.state.running).map((view) => view.host);
  if (stopped.length > 0) return { kind: 'join', hosts: group.kind === 'quorum' ? stopped.slice(0, 1) : stopped };
  const forming = read.filter((view) => view.forming).map((view) => view.host);
  if (forming.length > 0) return { kind: 'formed', hosts: forming };
  const adjust = own.filter((view) => view.needs === 'adjust').map((view) => view.host);
  if (adjust.length > 0) return { kind: 'adjust', hosts: adjust };
  const restart = own.find((view) => view.needs === 'restart' && mayRestart(group, views, view));
  if (restart !== undefined) return { kind: 'restart', host: restart.host };
  return { kind: 'done', waiting: whoWaits(group, views).filter(may) };
}

function startQuorum(group: GroupShape, views: readonly MemberView[]): Move {
  const unread = views.flatMap((view) => (view.read ? [] : [view]));
  const traces = views.filter((view) => view.read && view.state.trace);
  if (unread.length > 0) {
    const names = unread.map(({ host }) => host).join(', ');
    const why = unread.map(({ reason }) => reason).join('; ');
    return refuse(
      `${group.id} runs nowhere, and ${names} cannot be read: it may hold the newest data (${why})`,
      'Nothing was started, so nothing is lost. Bring the host back and run the same command again; when it is lost for good, see `hastack recover --dry-run`.',
    );
  }
  const goesOn = views.every((view) => view.read && view.forming);
  if (traces.length > 0 && !goesOn) {
    const held = traces.map((view) => `${view.host} (${view.read ? view.state.detail : ''})`).join(', ');
    return refuse(
      `${group.id} runs nowhere, but there is data of an earlier life on ${held}`,
      'Nothing was started, so nothing is lost. See what is left with `hastack recover --dry-run`, then repair with `hastack recover`.',
    );
  }
  const left = views.filter(({ host }) => group.limit?.includes(host) === false).map(({ host }) => host);
  if (left.length > 0) {
    const reason = `${group.id} runs nowhere and would be formed for the first time, but the run leaves out ${left.join(', ')}: a limited run never forms a cluster`;
    return { kind: 'refuse', reason, hint: 'Run it without --limit.' };
  }
  return { kind: 'form', hosts: views.map(({ host }) => host) };
}

function startStateless(views: readonly MemberView[]): Move {
  const hosts = views.filter((view) => view.read).map(({ host }) => host);
  return hosts.length > 0 ? { kind: 'join', hosts } : { kind: 'done', waiting: unreadWait(views) };
}

function mayRestart(group: GroupShape, views: readonly MemberView[], one: MemberView): boolean {
  const others = views.filter((view) => view !== one);
  const serving = others.filter((view) => view.read && view.state.running);
  if (others.length === 0) return true;
  return group.kind === 'quorum' ? serving.length === others.length : serving.length > 0;
}

function whoWaits(group: GroupShape, views: readonly MemberView[]): readonly Waiting[] {
  const missing = views.filter((view) => !view.read || !view.state.running).map(({ host }) => host);
  const held = views.filter((view) => view.read && view.needs === 'restart');
  const because = group.kind === 'quorum' ? 'all other members of a quorum must run' : 'another member must serve';
  return [
    ...unreadWait(views),
    ...held.map(({ host }) => ({
      host,
      reason: `restart of ${group.id} waits: ${because} (missing: ${missing.join(', ')})`,
    })),
  ];
}

function unreadWait(views: readonly MemberView[]): readonly Waiting[] {
  return views.flatMap((view) => (view.read ? [] : [{ host: view.host, reason: view.reason }]));
}

function refuse(reason: string, hint: string): Move {
  return { kind: 'refuse', reason, hint };
}
