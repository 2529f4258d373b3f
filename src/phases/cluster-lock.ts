// Does something under the lock of the cluster, so that no other run changes it meanwhile. The engine that is handed
// on stops when the lock is lost.
import type { Connections, EngineContext } from '../engine/context.ts';
import { takeLock } from '../engine/lock.ts';
import { currentOwner, isOwnerGone } from '../store/lock-owner.ts';
import type { Run } from './run.ts';

export async function withClusterLock<T>(
  run: Run,
  connections: Connections,
  act: (engine: EngineContext) => Promise<T>,
): Promise<T> {
  const { engine } = run;
  const lock = await takeLock({
    clock: engine.clock,
    random: engine.random,
    emit: engine.emit,
    owner: currentOwner(run.input.command),
    isGone: isOwnerGone,
    hosts: run.desired.lockHosts,
    sessions: connections.sessions,
  });
  try {
    const signal = engine.signal === undefined ? lock.lost : AbortSignal.any([engine.signal, lock.lost]);
    return await act({ ...engine, signal });
  } finally {
    await lock.release();
  }
}
