// The script really runs, against a socket that answers as HAProxy 3.0 does.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { STALE_SESSIONS_SCRIPT } from './stale-sessions.ts';

interface Row {
  readonly backend: string;
  readonly server: string;
  readonly sessions: number;
  readonly status: string;
  /** Seconds. */
  readonly since: number;
}

let folder: string;
let haproxy: Server;
let script: ChildProcess;
let rows: readonly Row[];
let table: string;
let asked: string[];

function answer(command: string): string {
  if (command.startsWith('show stat')) {
    return rows
      .map(({ backend, server, sessions, status, since }) => {
        const columns = Array.from({ length: 30 }, () => '');
        [columns[0], columns[1], columns[4], columns[17], columns[23]] = [
          backend,
          server,
          String(sessions),
          status,
          String(since),
        ];
        return `${columns.join(',')}\n`;
      })
      .join('');
  }
  if (command === 'show table galera') {
    return `# table: galera, type: ip, size:102400, used:1\n0x7f: key=10.0.0.10 use=0 exp=0 shard=0 server_id=1 server_key=${table}\n`;
  }
  return '\n';
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hastack-sessions-'));
  asked = [];
  rows = [];
  table = 'ctl3';
  haproxy = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      const command = data.toString().trim();
      asked.push(command);
      socket.end(answer(command));
    });
  });
  const socket = join(folder, 'admin.sock');
  await new Promise<void>((resolve) => {
    haproxy.listen(socket, resolve);
  });
  const program = join(folder, 'cut');
  writeFileSync(program, STALE_SESSIONS_SCRIPT);
  script = spawn('perl', [program, socket, 'galera:3:single', 'keystone:3'], { stdio: 'ignore' });
});
afterEach(() => {
  script.kill('SIGKILL');
  haproxy.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What it cuts in so many rounds, a second each, after the rows were set. */
async function cutsOf(given: readonly Row[], rounds = 1): Promise<readonly string[]> {
  rows = given;
  asked.length = 0;
  const begun = (): number => asked.filter((command) => command.startsWith('show stat')).length;
  await vi.waitFor(() => expect(begun()).toBeGreaterThan(rounds), { timeout: 15_000, interval: 20 });
  return [...new Set(asked.filter((command) => command.startsWith('shutdown')))];
}

const row = (backend: string, server: string, changes: Partial<Row> = {}): Row => ({
  backend,
  server,
  sessions: 5,
  status: 'UP',
  since: 600,
  ...changes,
});

it('cuts sessions on servers that have been down for a while, of the backends it was told', async () => {
  const cuts = await cutsOf([
    row('keystone', 'ctl1', { status: 'DOWN', since: 3 }),
    row('keystone', 'ctl2', { status: 'DOWN 1/2', since: 2 }),
    row('keystone', 'ctl3'),
    row('other', 'ctl1', { status: 'DOWN', since: 60 }),
  ]);
  expect(cuts).toEqual(['shutdown sessions server keystone/ctl1']);
});

it('leaves drained servers and those without sessions alone', async () => {
  const cuts = await cutsOf([
    row('keystone', 'ctl1', { status: 'DRAIN' }),
    row('keystone', 'ctl2', { status: 'MAINT' }),
    row('keystone', 'ctl3', { status: 'DOWN', sessions: 0 }),
  ]);
  expect(cuts).toEqual([]);
});

it('cuts sessions that stayed on a member which is up again but no longer the writer', async () => {
  const members = [row('galera', 'ctl3'), row('galera', 'ctl2', { since: 4 }), row('galera', 'ctl1', { since: 1 })];
  expect(await cutsOf(members, 5)).toEqual(['shutdown sessions server galera/ctl2']);
  // Sessions may still be connecting to the one that was the writer a moment ago.
  // The round under way sees the new table already; the third one after it cuts.
  table = 'ctl2';
  expect(await cutsOf(members, 1)).toEqual([]);
  expect(await cutsOf(members, 4)).toEqual(['shutdown sessions server galera/ctl3']);
});

it('cuts nothing on living members while the table names one that is down', async () => {
  const cuts = await cutsOf([row('galera', 'ctl3', { status: 'DOWN', since: 1 }), row('galera', 'ctl2')]);
  expect(cuts).toEqual([]);
});
