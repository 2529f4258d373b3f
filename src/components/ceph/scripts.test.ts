// The scripts that judge Ceph, run by a real shell and a real Python: against a daemon's socket that the test serves,
// and against a `ceph` that says what the test wants.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeIdentity } from '../../../test/support/fake-identity.ts';
import { storageCluster } from '../../../test/support/storage-cluster.ts';
import { clusterContext, hostContext } from '../../phases/context.ts';
import { clusterComponents } from '../../phases/desired.ts';
import { COMPONENTS } from '../registry.gen.ts';
import { askDaemon } from './admin-socket.ts';
import ceph from './component.ts';
import { osdGroup } from './osds.ts';

const cluster = storageCluster();
const deployed = clusterComponents(cluster, COMPONENTS);
const input = { cluster, deployed, identity: fakeIdentity(cluster, deployed) };

describe('admin socket', () => {
  let directory: string;
  let server: Server;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'hastack-asok-'));
  });
  afterEach(() => {
    server.close();
    rmSync(directory, { recursive: true });
  });

  it('sends a command and reads an answer that comes in pieces', async () => {
    const asked: string[] = [];
    server = createServer((socket) => {
      socket.once('data', (data) => {
        asked.push(data.toString());
        const body = Buffer.from(JSON.stringify({ state: 'peon', quorum: [0, 1], extra: 'x'.repeat(100_000) }));
        const length = Buffer.alloc(4);
        length.writeUInt32BE(body.length);
        socket.write(length);
        setTimeout(() => socket.end(body), 20);
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(join(directory, 'ceph-mon.sto1.asok'), resolve);
    });
    const script = askDaemon('mon.sto1', 'mon_status', ['state', 'quorum']).replace('/run/ceph/', `${directory}/`);
    const { stdout } = await promisify(execFile)('sh', ['-c', script]);
    expect(asked).toEqual(['{"prefix": "mon_status"}\0']);
    expect(JSON.parse(stdout)).toEqual({ state: 'peon', quorum: [0, 1] });
  });
});

/** `ceph` answers with these bodies one after the other, the last one for ever; nothing sleeps. */
function run(script: string, answers: readonly string[]): { readonly code: number; readonly said: string } {
  const directory = mkdtempSync(join(tmpdir(), 'hastack-ceph-'));
  const cases = answers.map((answer, index) => `${index === answers.length - 1 ? '*' : index}) echo '${answer}' ;;`);
  const stubs = `cd ${directory}
ceph() { case "$*" in *noout*) echo "ceph $*" >&2; return ;; esac
n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) >n; case "$n" in ${cases.join(' ')} esac; }
timeout() { shift; "$@"; }
sleep() { :; }
`;
  try {
    const said = execFileSync('sh', ['-c', `exec 2>&1\n${stubs}\n${script}`], { encoding: 'utf8', timeout: 30_000 });
    return { code: 0, said };
  } catch (error) {
    const failed = error as { readonly status: number; readonly stdout: string };
    return { code: failed.status, said: failed.stdout };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('health of the cluster', () => {
  const host = cluster.hosts.find(({ name }) => name === 'sto1');
  if (host === undefined) throw new Error('no sto1');
  const script = ceph.health?.(hostContext(input, host))[0]?.script ?? '';
  const check = (codes: Readonly<Record<string, string>>): string =>
    JSON.stringify({
      status: 'HEALTH_WARN',
      checks: Object.fromEntries(Object.entries(codes).map(([code, message]) => [code, { summary: { message } }])),
    });

  it.each([
    [{}, 0, 'no serious warning'],
    // What Debian 13's managers say for good.
    [{ MGR_MODULE_DEPENDENCY: '13 mgr modules have failed dependencies' }, 0, 'no serious warning'],
    [{ OSD_DOWN: '1 osds down', PG_DEGRADED: 'degraded' }, 1, 'OSD_DOWN: 1 osds down; PG_DEGRADED: degraded'],
  ])('%j', (codes, code, said) => {
    expect(run(script, [check(codes)])).toEqual({ code, said: `${said}\n` });
  });
});

describe('restart of a host with OSDs', () => {
  const drain = osdGroup(clusterContext(input)).drain?.('sto2')[0]?.script.text ?? '';
  const stat = (...states: readonly string[]): string =>
    JSON.stringify({ pg_summary: { num_pg_by_state: states.map((name) => ({ name, num: 4 })) } });

  it('begins when placement groups were whole three times in a row', () => {
    const answers = [stat('active+clean'), stat('active+undersized'), stat('active+clean', 'active+clean+scrubbing')];
    expect(run(`${drain}cat n`, answers)).toEqual({
      code: 0,
      said: 'ceph --connect-timeout 10 osd set-group noout sto2\n5\n',
    });
  });

  it('never begins while they are not', () => {
    const hurried = drain.replace(/deadline=\$\(\(.*? \+ \d+\)\)/, 'deadline=0');
    expect(hurried).toContain('deadline=0;');
    const { code, said } = run(hurried, [stat('active+clean', 'active+undersized+degraded')]);
    expect([code, said]).toEqual([1, 'placement groups are not whole: 4 active+undersized+degraded\n']);
  });
});
