// The state of one apply: what it was given, which hosts it has touched, what went wrong so far.
import { HastackError } from '../model/error.ts';
import type { Session } from '../remote/transport.ts';
import type { Connections, EngineContext } from './context.ts';
import type { Waiting } from './members.ts';
import type { PlannedCluster } from './plan.ts';
import { sessionOf } from './read.ts';

export class ApplyRun {
  readonly context: EngineContext;
  readonly planned: PlannedCluster;
  readonly connections: Connections;
  /** Hosts on which this run changed something: what was read there before no longer counts. */
  readonly touched = new Set<string>();
  readonly failures: HastackError[] = [];
  readonly waiting: Waiting[] = [];
  changed = 0;

  constructor(context: EngineContext, planned: PlannedCluster, connections: Connections) {
    this.context = context;
    this.planned = planned;
    this.connections = connections;
  }

  /** No new work begins after the first surprise. */
  get stopped(): boolean {
    return this.failures.length > 0 || this.context.signal?.aborted === true;
  }

  session(host: string): Session {
    return sessionOf(this.connections, host);
  }

  /** Hosts of these that answered and were read. */
  usable(hosts: Iterable<string>): readonly string[] {
    return [...hosts].filter((host) => this.planned.readings.resources.has(host));
  }

  fail(error: HastackError): void {
    const kept = error.code === 'unreachable' ? lostOnTheWay(error) : error;
    this.failures.push(kept);
    const { code, message, hint, host } = kept;
    this.context.emit({ event: 'failed', code, message, hint, ...(host === undefined ? {} : { host }) });
  }
}

/** Others were reached and may have been changed: the run failed and goes on when it is started again. */
function lostOnTheWay(error: HastackError): HastackError {
  const { message, hint, host } = error;
  return new HastackError({
    code: 'apply-failed',
    message,
    hint,
    cause: error,
    ...(host === undefined ? {} : { host }),
  });
}
