// What every part of the engine is given: the way to the hosts, the kinds of resources, time, randomness, and where
// events go. Nothing here is global, so that whole runs happen in memory in tests.
import type { Clock, RandomBytes } from '../model/clock.ts';
import type { HastackError } from '../model/error.ts';
import type { Emit } from '../model/event.ts';
import type { ResourceKind } from '../model/resource.ts';
import type { Session, Transport } from '../remote/transport.ts';

export type AnyKind = ResourceKind<unknown, unknown>;
/** Kinds of resources by name; the engine knows none of them but `unit`. */
export type Kinds = ReadonlyMap<string, AnyKind>;

export interface EngineContext {
  readonly transport: Transport;
  readonly kinds: Kinds;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly emit: Emit;
  readonly signal?: AbortSignal;
  /** Hosts worked on at a time; default 64. */
  readonly concurrency?: number;
}

/** One open session per host that answered. */
export interface Connections {
  readonly sessions: ReadonlyMap<string, Session>;
  /** Hosts that did not answer, and why. */
  readonly unreachable: ReadonlyMap<string, HastackError>;
  close(): Promise<void>;
}

export function kindOf(kinds: Kinds, name: string): AnyKind {
  const kind = kinds.get(name);
  if (kind === undefined) throw new Error(`there is no kind of resource named ${name}`);
  return kind;
}
