// The write probe against a real MySQL-protocol server on this machine that refuses, hangs and breaks off.
// What was acknowledged, refused and unknown must be told apart, for only the first may be called lost.
import mysql from 'mysql2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/system-clock.ts';
import { writeSet, type WriteSet } from './write-set.ts';

type Behaviour = 'ok' | 'refuse' | 'hang' | 'break';
let behaviour: Behaviour;
let rows: Set<string>;
let server: ReturnType<typeof mysql.createServer>;
let port: number;
let stale: number[];

beforeEach(async () => {
  behaviour = 'ok';
  rows = new Set();
  stale = [];
  server = mysql.createServer(() => undefined);
  let id = 0;
  server.on('connection', (connection) => {
    id += 1;
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: '11.8.6-MariaDB',
      connectionId: id,
      statusFlags: 2,
      characterSet: 45,
      capabilityFlags: 0xff_f7_ff & ~0x08_00,
      authCallback: (_params: unknown, callback: (error: null) => void) => {
        callback(null);
        (connection as unknown as { sequenceId: number }).sequenceId = 0;
      },
    });
    connection.on('error', () => undefined);
    connection.on('query', (sql: string) => {
      const n = /(\d+)\)?$/.exec(sql)?.[1] ?? '';
      const wire = connection as unknown as {
        writeOk(): void;
        writeError(error: object): void;
        writeTextResult(rows: object[], columns: object[]): void;
        close(): void;
        sequenceId: number;
      };
      // The library's server does not count packets anew for every command.
      wire.sequenceId = 1;
      if (sql.startsWith('SELECT')) {
        const column = { catalog: 'def', schema: 's', table: 't', orgTable: 't', name: 'n', orgName: 'n' };
        const columns = [{ ...column, characterSet: 63, columnLength: 20, columnType: 8, flags: 0, decimals: 0 }];
        wire.writeTextResult(rows.has(n) ? [{ n }] : [], columns);
      } else if (behaviour === 'refuse') {
        wire.writeError({ code: 1047, message: 'WSREP has not yet prepared node for application use' });
      } else if (behaviour === 'break') {
        wire.close();
      } else if (behaviour === 'ok') {
        rows.add(n);
        wire.writeOk();
      }
      wire.sequenceId = 0;
    });
  });
  port = await new Promise<number>((resolve) => {
    const listen = server.listen.bind(server) as (
      port: number,
      host: string,
      backlog: undefined,
      done: () => void,
    ) => void;
    listen(0, '127.0.0.1', undefined, () => {
      const address = (server as unknown as { _server: { address(): { port: number } } })._server.address();
      resolve(address.port);
    });
  });
});
afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

function make(deadlineMs = 5000): WriteSet {
  return writeSet({
    clock: systemClock,
    onStale: (n) => stale.push(n),
    config: {
      probe: 'mariadb-set',
      run: 'r',
      connections: 2,
      periodMs: 25,
      deadlineMs,
      target: { host: '127.0.0.1', port, user: 'drill', password: '', database: 'd', connectDeadlineMs: 1000 },
    },
  });
}

describe('writeSet', () => {
  it('acknowledges what the server acknowledged, in numbers that are never used twice', async () => {
    const set = make();
    const outcomes = await Promise.all([set.write(), set.write(), set.write()]);
    expect(outcomes.map((outcome) => outcome.outcome)).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    expect([...rows].toSorted()).toEqual(['1', '2', '3']);
    set.close();
  });

  it('calls an error of the server refused, and a broken connection unknown', async () => {
    const set = make();
    behaviour = 'refuse';
    expect(await set.write()).toMatchObject({ outcome: 'refused', error: '1047' });
    behaviour = 'break';
    expect(await set.write()).toMatchObject({ outcome: 'unknown', error: '2013' });
    behaviour = 'ok';
    expect(await set.write()).toMatchObject({ n: 3, outcome: 'acknowledged' });
    set.close();
  });

  it('calls a hung statement unknown, and one that never got a connection is refused', async () => {
    const set = make(1000);
    behaviour = 'hang';
    const outcomes = await Promise.all([set.write(), set.write()]);
    expect(outcomes.map((outcome) => outcome.outcome)).toEqual(['unknown', 'unknown']);
    behaviour = 'ok';
    expect(await set.write()).toMatchObject({ outcome: 'acknowledged' });
    set.close();
    port = 1;
    expect(await make().write()).toMatchObject({ outcome: 'refused', error: 'refused' });
  });

  it('sees a read that misses what was just acknowledged', async () => {
    const set = make();
    for (let n = 1; n <= 3; n += 1) await set.write();
    rows.add = () => rows;
    await set.write();
    for (let tries = 0; tries < 300 && stale.length === 0; tries += 1) await systemClock.sleep(10);
    expect(stale).toEqual([4]);
    set.close();
  });
});
