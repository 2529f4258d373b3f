// The MariaDB set workload: inserts of unique numbers, each remembered when it was acknowledged.
// A write without an answer (connection lost, deadline) is `unknown`: it may be committed or not and is never
// counted as lost. Every fourth acknowledged number is read back at once through the same address: an answer
// without it is a stale read.
import { mysqlErrorKind, NotSentError } from '../../net/mysql.ts';
import { mysqlPool } from '../../net/mysql-pool.ts';
import type { Clock } from '../../model/clock.ts';
import { DeadlineError } from '../../net/deadline.ts';
import type { ProbeConfig } from './config.ts';

export interface WriteOutcome {
  readonly n: number;
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
  readonly error?: string;
}

export interface WriteSet {
  /** One write on schedule; never rejects. */
  write(): Promise<WriteOutcome>;
  close(): void;
}

const READ_BACK_EVERY = 4;
const READ_DEADLINE_MS = 1000;

export interface WriteSetOptions {
  readonly config: Extract<ProbeConfig, { probe: 'mariadb-set' }>;
  readonly clock: Clock;
  readonly onStale: (n: number) => void;
}

export function writeSet({ config, clock, onStale }: WriteSetOptions): WriteSet {
  const pool = mysqlPool({ ...config.target, clock }, config.connections);
  let next = 1;
  const readBack = async (n: number): Promise<void> => {
    const sql = 'SELECT n FROM seq WHERE run = ? AND n = ?';
    const rows = await pool.query(sql, [config.run, n], { deadlineMs: READ_DEADLINE_MS });
    if (rows.length === 0) onStale(n);
  };
  return {
    write: async () => {
      const n = next;
      next += 1;
      try {
        await pool.query('INSERT INTO seq (run, n) VALUES (?, ?)', [config.run, n], { deadlineMs: config.deadlineMs });
      } catch (error) {
        return { n, outcome: isUnknown(error) ? 'unknown' : 'refused', error: mysqlErrorKind(error) };
      }
      // A read that fails says nothing about staleness; the other probes count failures.
      if (n % READ_BACK_EVERY === 0) void readBack(n).catch(() => undefined);
      return { n, outcome: 'acknowledged' };
    },
    close: () => pool.close(),
  };
}

/** Sent, and neither acknowledged nor refused by the server. */
function isUnknown(error: unknown): boolean {
  if (error instanceof NotSentError) return false;
  return error instanceof DeadlineError || !/^\d+$/.test(mysqlErrorKind(error)) || mysqlErrorKind(error) === '2013';
}
