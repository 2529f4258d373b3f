// Takes the lock, reads again, applies, waits until everything is healthy, releases the lock.
// Without changes no lock is taken and nothing is waited for: a no-op is one connection and one round trip.
import { applyCluster } from '../engine/apply.ts';
import type { ApplyOutcome } from '../engine/apply.ts';
import type { Connections, EngineContext } from '../engine/context.ts';
import { takeLock } from '../engine/lock.ts';
import { planCluster } from '../engine/plan.ts';
import type { PlannedCluster } from '../engine/plan.ts';
import { currentOwner, isOwnerGone } from '../store/lock-owner.ts';
import type { Run } from './run.ts';

export interface ApplyOptions {
  readonly breakLock?: boolean;
  /** May refuse a plan by throwing: after the first look, and again under the lock. */
  readonly check?: (planned: PlannedCluster) => void | Promise<void>;
}

export async function applyPhase(
  run: Run,
  connections: Connections,
  options: ApplyOptions = {},
): Promise<{ readonly planned: PlannedCluster; readonly outcome: ApplyOutcome }> {
  const first = await planCluster(run.engine, run.desired, connections);
  await options.check?.(first);
  if (first.plan.changes.length === 0 && first.plan.refusals.length === 0) {
    return { planned: first, outcome: await applyCluster(run.engine, first, connections) };
  }
  const lock = await takeLock({
    clock: run.engine.clock,
    random: run.engine.random,
    emit: run.engine.emit,
    owner: currentOwner(run.input.command),
    isGone: isOwnerGone,
    hosts: run.desired.lockHosts,
    sessions: connections.sessions,
    breakLock: options.breakLock ?? false,
  });
  try {
    const engine = withLostLock(run.engine, lock.lost);
    // What was read before the lock may be another operator's half-done work.
    const planned = await planCluster(engine, run.desired, connections);
    await options.check?.(planned);
    return { planned, outcome: await applyCluster(engine, planned, connections) };
  } finally {
    await lock.release();
  }
}

function withLostLock(engine: EngineContext, lost: AbortSignal): EngineContext {
  return { ...engine, signal: engine.signal === undefined ? lost : AbortSignal.any([engine.signal, lost]) };
}
