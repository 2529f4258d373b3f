// A primary component lives: the members outside of it are brought in, one at a time. Pure.
import type { HostView, RecoveryOptions, RecoveryStep, RecoveryVerdict } from '../../model/recovery.ts';
import { copyOf, NO_CLUSTER } from './evidence.ts';
import type { GaleraEvidence } from './evidence.ts';
import { joinStep, setAsideStep, stopStep } from './recovery-steps.ts';

type View = HostView<GaleraEvidence>;
type Read = Extract<View, { readonly read: true }>;
type Status = NonNullable<GaleraEvidence['status']>;

/** A view that has just changed is told by all members within a second. */
const AGREE_SECONDS = 10;
/** A member that runs outside of the component for so long does not find in by itself. */
const STUCK_SECONDS = 30;
/** A member that receives a full copy answers nothing and is not counted; it is given the time of a large copy. */
const COPY_SECONDS = 900;
/** The copy is written beside the old data. */
const SPACE_FACTOR = 1.2;

export function joinPrimary(views: readonly View[], options: RecoveryOptions): RecoveryVerdict {
  const read = views.filter((view): view is Read => view.read);
  const primaries = read.flatMap(({ view }) => (view.status?.cluster === 'Primary' ? [view.status] : []));
  // The one that has applied the most: the others may lag behind by their queues.
  const [first] = primaries.toSorted((a, b) => b.committed - a.committed);
  if (first === undefined) throw new Error('no member is primary');
  const doubt = disagreement(read);
  if (doubt !== undefined) {
    if (options.waited < AGREE_SECONDS) return { kind: 'wait', reason: doubt };
    return {
      kind: 'refuse',
      reason: doubt,
      hint: 'look at `hastack status` and the network between the members; two primary components must not be merged',
    };
  }
  const left = views.flatMap((view) => (view.read ? [] : [`${view.host} is not reached: ${view.reason}`]));
  const outside = read.filter(({ view }) => !isServing(view.status));
  if (outside.length === 0) return { kind: 'nothing-to-do', left };
  const dataKiB = Math.max(...read.map(({ view }) => (view.status?.cluster === 'Primary' ? view.dataKiB : 0)));
  const moves = outside.map((member) => bringIn(member, { primary: first, dataKiB, waited: options.waited }));
  const [step, ...more] = moves.flatMap((move) => ('step' in move ? [move.step] : []));
  const told = [...left, ...moves.flatMap((move) => ('left' in move ? [move.left] : []))];
  if (step !== undefined) return { kind: 'steps', steps: [step, ...more], warnings: [], left: told };
  const [wait] = moves.flatMap((move) => ('wait' in move ? [move.wait] : []));
  return wait === undefined ? { kind: 'nothing-to-do', left: told } : { kind: 'wait', reason: wait };
}

function isServing(status: Status | undefined): boolean {
  return status?.cluster === 'Primary' && (status.state === 'Synced' || status.state.startsWith('Donor'));
}

/** Members that call themselves primary must mean the same component: a thawed one still believes the old view. */
function disagreement(read: readonly Read[]): string | undefined {
  const told = read.flatMap(({ host, view }) => (view.status?.cluster === 'Primary' ? [{ host, ...view.status }] : []));
  const [first, ...others] = told;
  if (first === undefined) return undefined;
  const other = others.find(({ uuid, size }) => uuid !== first.uuid || size !== first.size);
  if (other !== undefined) {
    return `${first.host} and ${other.host} both say Primary, but not of the same component: ${told
      .map(({ host, uuid, size }) => `${host} sees ${size} members of ${uuid}`)
      .join(', ')}`;
  }
  return told.length > first.size ? `${told.length} members say Primary, of a component of ${first.size}` : undefined;
}

type Move = { readonly step: RecoveryStep } | { readonly wait: string } | { readonly left: string };

interface Component {
  readonly primary: Status;
  readonly dataKiB: number;
  readonly waited: number;
}

function bringIn({ host, view }: Read, { primary, dataKiB, waited }: Component): Move {
  if (view.status?.cluster === 'Primary') return { wait: `${host} is ${view.status.state}` };
  if (view.process || !['inactive', 'failed'].includes(view.unit)) {
    const patience = view.unit === 'activating' ? COPY_SECONDS : STUCK_SECONDS;
    return waited < patience ? { wait: `${host} is being taken in` } : { step: stopStep(host) };
  }
  const copy = copyOf(view);
  if (copy === 'none') return { step: joinStep(host) };
  // When InnoDB does not tell, the file at least says which cluster it was.
  const uuid = copy === 'unknown' ? (view.grastate?.uuid ?? NO_CLUSTER) : copy.uuid;
  const ahead = typeof copy === 'object' && copy.uuid === primary.uuid ? copy.seqno - primary.committed : 0;
  if (copy !== 'unknown' && uuid === primary.uuid && ahead <= 0) return { step: joinStep(host) };
  // Nothing is set aside on one glance.
  if (waited < AGREE_SECONDS) return { wait: `${host} seems not to belong to the running cluster` };
  const why =
    copy === 'unknown'
      ? 'their position cannot be read'
      : ahead > 0
        ? `${ahead} transactions that the running cluster does not have`
        : `position ${copy.seqno} of another cluster, ${uuid}`;
  const neededKiB = dataKiB * SPACE_FACTOR;
  if (view.freeKiB < neededKiB) return { left: `${host}: ${noSpace(view.freeKiB, neededKiB)}; its data: ${why}` };
  return { step: setAsideStep(host, why) };
}

function noSpace(freeKiB: number, neededKiB: number): string {
  const gib = (kib: number): string => (kib / 1024 / 1024).toFixed(1);
  return `a full copy beside its old data needs ${gib(neededKiB)} GiB, ${gib(freeKiB)} GiB are free: make room and run recover again`;
}
