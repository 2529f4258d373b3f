// One request of a probe, as it travels from the probe process to the drill: short, because there are thousands.
// Times are milliseconds of a monotonic clock: the wall clock of the machine that measures may be set meanwhile.

export interface Sample {
  /** When it was sent. */
  readonly at: number;
  /** Until the answer or the failure, milliseconds. */
  readonly ms: number;
  readonly ok: boolean;
  /** Kind of failure: timeout, late, refused, reset, http-503, 2013 ... Absent on success. */
  readonly error?: string;
}

/** What one probe has sent and seen so far. */
export interface ProbeLog {
  readonly samples: Sample[];
  /** Slots the prober did not send in, because it was itself held up. */
  skipped: number;
  readonly acknowledged: number[];
  readonly unknown: number[];
  staleReads: number;
  /** Of the queue probe, once it has ended. */
  lostMessages?: number;
  duplicates?: number;
}

export function emptyLog(): ProbeLog {
  return { samples: [], skipped: 0, acknowledged: [], unknown: [], staleReads: 0 };
}
