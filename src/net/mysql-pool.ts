// A pool for open-loop writers: a statement runs on a free connection, a new one, or the next to come free.
// Connections are never reused after a deadline or an error. `NotSentError` tells the statements that never
// reached a server (nothing can have been committed) from those whose outcome is unknown.
import { withDeadline } from './deadline.ts';
import { connectMysql, NotSentError } from './mysql.ts';
import type { MysqlConnection, MysqlTarget, Row, SqlValue, StatementOptions } from './mysql.ts';

export interface MysqlPool {
  /** The deadline covers the wait for a connection. */
  query(sql: string, values: readonly SqlValue[], options: StatementOptions): Promise<readonly Row[]>;
  close(): void;
}

export function mysqlPool(target: MysqlTarget, limit: number): MysqlPool {
  const connections = connectionStore(target, limit);
  return {
    close: connections.close,
    query: async (sql, values, options) => {
      let sent = false;
      const deadline = { clock: target.clock, milliseconds: options.deadlineMs, signal: options.signal };
      try {
        return await withDeadline(deadline, async (signal) => {
          const connection = await connections.take(signal);
          try {
            signal.throwIfAborted();
            sent = true;
            return await connection.query(sql, values, { deadlineMs: options.deadlineMs, signal });
          } finally {
            connections.release(connection);
          }
        });
      } catch (error) {
        throw sent || error instanceof NotSentError ? error : new NotSentError(error);
      }
    },
  };
}

interface ConnectionStore {
  readonly take: (signal: AbortSignal) => Promise<MysqlConnection>;
  readonly release: (connection: MysqlConnection | undefined) => void;
  readonly close: () => void;
}

function connectionStore(target: MysqlTarget, limit: number): ConnectionStore {
  const idle: MysqlConnection[] = [];
  const waiting: (() => void)[] = [];
  let open = 0;
  let closed = false;
  const release = (connection: MysqlConnection | undefined): void => {
    if (connection && closed) connection.destroy();
    if (connection && !connection.broken) idle.push(connection);
    else open -= 1;
    waiting.shift()?.();
  };
  const take = async (signal: AbortSignal): Promise<MysqlConnection> => {
    for (;;) {
      signal.throwIfAborted();
      const free = idle.pop();
      if (free && !free.broken) return free;
      if (free) open -= 1;
      else if (open < limit) {
        open += 1;
        try {
          // oxlint-disable-next-line no-await-in-loop
          return await connectMysql(target, signal);
        } catch (error) {
          release(undefined);
          throw error;
        }
      } else {
        // oxlint-disable-next-line no-await-in-loop
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          // Whoever gives up passes the turn on when woken.
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
        if (signal.aborted) waiting.shift()?.();
      }
    }
  };
  const close = (): void => {
    closed = true;
    for (const connection of idle.splice(0)) connection.destroy();
  };
  return { take, release, close };
}
