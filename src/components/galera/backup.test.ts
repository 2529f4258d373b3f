// The scripts of Galera's backup, run by the machine's own sh with stubs for MariaDB's programs, in a directory that
// stands for /var/lib.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeIdentity } from '../../../test/support/fake-identity.ts';
import { sampleCluster } from '../../../test/support/sample-cluster.ts';
import { clusterContext } from '../../phases/context.ts';
import { clusterComponents } from '../../phases/desired.ts';
import { COMPONENTS } from '../registry.gen.ts';
import { galeraBackup } from './backup.ts';

const cluster = sampleCluster();
const deployed = clusterComponents(cluster, COMPONENTS);
const backup = galeraBackup(clusterContext({ cluster, deployed, identity: fakeIdentity(cluster, deployed) }));
const stream = backup.stream;
if (stream === undefined) throw new Error('Galera has no stream');
const TARGET = { host: 'ctl1', key: 'abcd', contentBytes: 1000, streamBytes: 1000 };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'galera-'));
  mkdirSync(join(root, 'bin'));
  stub('systemctl', 'echo "systemctl $*" >>$ROOT/log; [ "$1" != is-active ] || echo inactive');
  stub('systemd-run', 'echo "systemd-run" >>$ROOT/log');
  stub(
    'mariadb',
    'for last; do :; done; echo "sql $last" >>$ROOT/log; case "$last" in *LOCAL_STATE*) cat $ROOT/state ;; esac',
  );
  stub(
    'mariadb-backup',
    'case "$1" in --backup) echo "rows of the cluster"; [ ! -e $ROOT/fail ] || { echo broken >&2; exit 1; } ;; --prepare) touch "${2#*=}/prepared" ;; esac',
  );
  stub('mbstream', 'cat >"$3/rows"');
  stub('chown', ':');
  writeFileSync(join(root, 'state'), '4\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function stub(name: string, body: string): void {
  const path = join(root, 'bin', name);
  writeFileSync(path, `#!/bin/sh\nROOT=${root}\n${body}\n`);
  chmodSync(path, 0o755);
}

function run(text: string, input: Buffer | string = '') {
  const script = `PATH=${root}/bin:$PATH\n${text.replaceAll('/var/lib', root)}`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { input });
  return { code: status, stdout, stderr: stderr.toString() };
}

const log = (): readonly string[] =>
  existsSync(join(root, 'log')) ? readFileSync(join(root, 'log'), 'utf8').trim().split('\n') : [];
const exchange = (): string =>
  stream.replace(TARGET).find(({ does }) => does.startsWith('put the restored'))?.script.text ?? 'exit 9';

describe('the backup', () => {
  it('desyncs the donor while it reads, and syncs it again', () => {
    const { code, stdout } = run(stream.export('ctl1'));
    expect(code).toBe(0);
    expect(gunzipSync(stdout).toString()).toBe('rows of the cluster\n');
    expect(log().slice(1)).toEqual([
      'systemd-run',
      'sql SET GLOBAL wsrep_desync = ON',
      'sql SET GLOBAL wsrep_desync = OFF',
    ]);
    expect(readdirSync(root).filter((name) => name.startsWith('mysql-backup'))).toEqual([]);
  });

  it('fails when mariadb-backup fails, although something was read, and syncs the donor', () => {
    writeFileSync(join(root, 'fail'), '');
    const { code, stderr } = run(stream.export('ctl1'));
    expect(code).toBe(1);
    expect(stderr).toContain('broken');
    expect(log().at(-1)).toBe('sql SET GLOBAL wsrep_desync = OFF');
  });

  it('leaves a member that is not synced alone', () => {
    writeFileSync(join(root, 'state'), '2\n');
    expect(run(stream.export('ctl1')).code).toBe(1);
    expect(log()).toHaveLength(1);
  });
});

describe('the restore', () => {
  beforeEach(() => {
    mkdirSync(join(root, 'mysql'));
    writeFileSync(join(root, 'mysql', 'old'), 'old rows');
  });

  it('makes ready beside what is in use, exchanges, and may be run again', () => {
    expect(run(stream.staged(TARGET).text).code).not.toBe(0);
    expect(run(stream.stage(TARGET), gzipSync('rows')).stderr).toBe('');
    expect(run(stream.staged(TARGET).text).code).toBe(0);
    expect(readdirSync(join(root, 'mysql'))).toEqual(['old']);
    expect(readdirSync(join(root, 'mysql.restore')).toSorted()).toEqual(['hastack-restored', 'prepared', 'rows']);
    for (const again of [1, 2]) {
      expect([again, run(exchange()).code]).toEqual([again, 0]);
      expect(readFileSync(join(root, 'mysql', 'rows'), 'utf8')).toBe('rows');
      expect(run(stream.staged(TARGET).text).code).toBe(0);
    }
    const kept = readdirSync(root).filter((name) => name.includes('before-restore'));
    expect(kept.map((name) => readdirSync(join(root, name)))).toEqual([['old']]);
  });

  it('goes on after a cut between the two renames', () => {
    run(stream.stage(TARGET), gzipSync('rows'));
    rmSync(join(root, 'mysql'), { recursive: true });
    expect(run(exchange()).code).toBe(0);
    expect(readFileSync(join(root, 'mysql', 'rows'), 'utf8')).toBe('rows');
  });

  it('stages nothing that arrived torn, and exchanges nothing then', () => {
    const whole = gzipSync(Buffer.from(Array.from({ length: 50_000 }, (_, index) => index % 251)));
    expect(run(stream.stage(TARGET), whole.subarray(0, whole.length - 20))).toMatchObject({ code: 1 });
    expect(run(stream.staged(TARGET).text).code).not.toBe(0);
    expect(run(exchange())).toMatchObject({ code: 1, stderr: 'nothing is staged for this restore\n' });
    expect(readdirSync(join(root, 'mysql'))).toEqual(['old']);
  });

  it('does not take what was staged for another restore', () => {
    run(stream.stage({ ...TARGET, key: 'other' }), gzipSync('rows'));
    expect(run(exchange()).code).toBe(1);
    expect(readdirSync(join(root, 'mysql'))).toEqual(['old']);
  });

  it('says that there is no room before it writes', () => {
    const { code, stderr } = run(stream.stage({ ...TARGET, contentBytes: 1e15 }), gzipSync('rows'));
    expect([code, stderr]).toEqual([1, expect.stringContaining('no room')]);
    expect(existsSync(join(root, 'mysql.restore'))).toBe(false);
  });

  it('keeps two old directories', () => {
    for (const name of ['20250101T000000Z', '20250201T000000Z', '20250301T000000Z']) {
      mkdirSync(join(root, `mysql.before-restore-${name}`));
    }
    run(stream.stage(TARGET), gzipSync('rows'));
    expect(run(exchange()).code).toBe(0);
    expect(readdirSync(root).filter((name) => name.includes('before-restore'))).toHaveLength(2);
  });

  it('stops all members before it forms a cluster, and lets the others join after it was compared', () => {
    expect(stream.replace(TARGET).map(({ host, does }) => `${host} ${does}`)).toEqual([
      'ctl2 stop MariaDB',
      'ctl3 stop MariaDB',
      'ctl1 stop MariaDB',
      'ctl1 put the restored databases in place of /var/lib/mysql',
      'ctl1 form a new Galera cluster',
    ]);
    expect(stream.finish(TARGET).map(({ host, does }) => `${host} ${does}`)).toEqual([
      'ctl2 join the Galera cluster',
      'ctl3 join the Galera cluster',
      'ctl1 forget the mark of the restore',
    ]);
  });
});
