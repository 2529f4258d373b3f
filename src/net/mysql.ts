// A small MariaDB client over TLS: one connection, statements with a deadline. It is broken after a deadline or
// an error: what is still under way on it is unknown. The server's error number tells what happened (2013: connection lost
// during the statement, outcome unknown; 1047: this member serves no quorum).
// Upstream: https://sidorares.github.io/node-mysql2/docs · https://mariadb.com/kb/en/mariadb-error-code-reference/
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { createConnection, type Connection } from 'mysql2/promise';
import type { Clock } from '../model/clock.ts';
import { withDeadline } from './deadline.ts';
import { networkErrorKind } from './net-error.ts';

export interface MysqlTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database?: string | undefined;
  /** PEM of the authority; absent: no TLS. */
  readonly ca?: string | undefined;
  /** Also check that the certificate carries the host's name or address; default true. */
  readonly verifyIdentity?: boolean | undefined;
  /** Milliseconds for TCP, TLS and log-in together. */
  readonly connectDeadlineMs: number;
  readonly clock: Clock;
}

export interface StatementOptions {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

export type SqlValue = string | number;
export type Row = Readonly<Record<string, unknown>>;

export interface MysqlConnection {
  /** Rows of a SELECT; nothing for other statements. */
  query(sql: string, values: readonly SqlValue[], options: StatementOptions): Promise<readonly Row[]>;
  readonly broken: boolean;
  destroy(): void;
}

/** Error of a connection that was never usable: nothing can have been committed. */
export class NotSentError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : 'not connected', { cause });
    this.name = 'NotSentError';
  }
}

export async function connectMysql(target: MysqlTarget, signal?: AbortSignal): Promise<MysqlConnection> {
  const options = { clock: target.clock, milliseconds: target.connectDeadlineMs, signal };
  try {
    return await withDeadline(options, async (ended) => {
      const connection = await createConnection({
        host: target.host,
        port: target.port,
        user: target.user,
        password: target.password,
        connectTimeout: target.connectDeadlineMs,
        ...(target.database !== undefined && { database: target.database }),
        ...(target.ca !== undefined && {
          ssl: { ca: target.ca, verifyIdentity: verifies(target) && isIP(target.host) === 0 },
        }),
      });
      if (ended.aborted) connection.destroy();
      checkAddress(connection, target);
      return wrap(connection, target.clock);
    });
  } catch (error) {
    throw new NotSentError(error);
  }
}

function verifies(target: MysqlTarget): boolean {
  return target.ca !== undefined && (target.verifyIdentity ?? true);
}

/** mysql2 compares certificates with names only; of an address it would ask for `localhost`. */
function checkAddress(connection: Connection, target: MysqlTarget): void {
  if (!verifies(target) || isIP(target.host) === 0) return;
  // Not in mysql2's types: the plain connection beneath, and its socket.
  const { stream } = (connection as unknown as { readonly connection: { readonly stream: TLSSocket } }).connection;
  // A resumed session shows no certificate; it was compared when the session was made.
  if (stream.isSessionReused()) return;
  const mismatch = checkServerIdentity(target.host, stream.getPeerCertificate());
  if (mismatch === undefined) return;
  connection.destroy();
  throw mismatch;
}

/** MariaDB's error number, 2013 for a connection lost under a statement, or the kind of network failure. */
export function mysqlErrorKind(error: unknown): string {
  if (error instanceof NotSentError) return mysqlErrorKind(error.cause);
  if (typeof error === 'object' && error !== null && 'errno' in error && typeof error.errno === 'number') {
    if (error.errno > 0) return String(error.errno);
  }
  const kind = networkErrorKind(error);
  return kind === 'reset' ? '2013' : kind;
}

function wrap(connection: Connection, clock: Clock): MysqlConnection {
  let broken = false;
  const destroy = (): void => {
    broken = true;
    connection.destroy();
  };
  connection.on('error', destroy);
  return {
    get broken() {
      return broken;
    },
    destroy,
    query: async (sql, values, options) => {
      try {
        return await withDeadline({ clock, milliseconds: options.deadlineMs, signal: options.signal }, async () => {
          const [rows]: readonly unknown[] = await connection.query(sql, [...values]);
          return Array.isArray(rows) ? rows.filter((row: unknown) => isRow(row)) : [];
        });
      } catch (error) {
        destroy();
        throw error;
      }
    },
  };
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
