// The scripts of the file kind, run for real in a temporary directory; no root needed.
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileKind } from '../../../src/resources/file-kind.ts';
import { absent, directory, file, symlink } from '../../../src/resources/file.ts';
import { host } from '../../support/run-shell.ts';

describe('on a real file system', () => {
  const here = host(fileKind);
  // Files are given to the user who runs the test, so that it needs no root.
  const me = userInfo();
  const own = { owner: String(me.uid), group: String(me.gid) };
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'hastack-file-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('writes, finds nothing to do afterwards, and touches neither inode nor mtime', () => {
    const resources = [
      file({ path: join(root, 'new/deep/a.conf'), content: 'x = 1\n', mode: '0640', ...own }),
      directory({ path: join(root, 'new/dir'), mode: '0750', ...own }),
      symlink({ path: join(root, 'link'), target: 'new/deep/a.conf' }),
      absent(join(root, 'gone')),
    ];
    expect(here.plan(resources).map((each) => each?.action)).toEqual(['create', 'create', 'create', undefined]);
    expect(here.apply(resources).map((each) => each.code)).toEqual([0, 0, 0]);
    expect(readFileSync(join(root, 'new/deep/a.conf'), 'utf8')).toBe('x = 1\n');
    expect(lstatSync(join(root, 'new/deep/a.conf')).mode & 0o7777).toBe(0o640);
    expect(lstatSync(join(root, 'new/dir')).mode & 0o7777).toBe(0o750);
    expect(readlinkSync(join(root, 'link'))).toBe('new/deep/a.conf');
    const before = lstatSync(join(root, 'new/deep/a.conf'), { bigint: true });
    expect(here.plan(resources)).toEqual([undefined, undefined, undefined, undefined]);
    expect(here.apply(resources)).toEqual([]);
    const after = lstatSync(join(root, 'new/deep/a.conf'), { bigint: true });
    expect([after.ino, after.mtimeNs, after.ctimeNs]).toEqual([before.ino, before.mtimeNs, before.ctimeNs]);
    expect(readdirSync(join(root, 'new/deep'))).toEqual(['a.conf']);
  });

  it('mends mode and content, each alone', () => {
    const path = join(root, 'a.conf');
    const resources = [file({ path, content: 'one\ntwo\n', ...own })];
    here.apply(resources);
    const inode = lstatSync(path).ino;
    chmodSync(path, 0o600);
    expect(here.plan(resources)).toEqual([{ action: 'update', reason: 'mode 600 → 644' }]);
    here.apply(resources);
    expect(lstatSync(path).ino).toBe(inode);
    writeFileSync(path, 'one\n2\n');
    expect(here.plan(resources)[0]?.diff).toContain('@@ -1,2 +1,2 @@\n one\n-2\n+two\n');
    here.apply(resources);
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    expect(here.plan(resources)).toEqual([undefined]);
  });

  it('keeps bytes as they are: empty, binary, no newline at the end, many of them', () => {
    const binary = Uint8Array.from({ length: 5000 }, (_each, index) => (index * 7) % 256);
    const contents = [
      '',
      binary,
      'no newline',
      "'quotes' $(id) `id` \\ \"\n",
      'HASTACK_END\n',
      'ü\r\n',
      'y'.repeat(1_000_000),
    ];
    const resources = contents.map((content, index) => file({ path: join(root, `f${index}`), content, ...own }));
    expect(here.apply(resources).map((each) => each.stderr)).toEqual(contents.map(() => ''));
    contents.forEach((content, index) => {
      expect(readFileSync(join(root, `f${index}`)).equals(Buffer.from(content))).toBe(true);
    });
    expect(here.plan(resources)).toEqual(contents.map(() => undefined));
  });

  it('tells files apart whatever their names contain', () => {
    const names = [
      "it's",
      'two  spaces',
      'back\\slash',
      '-n',
      '$HOME',
      '*',
      'a|b',
      'ünï',
      '%s',
      '0 stat x',
      'link ',
      "q';id;'",
    ].map((name) => name.trim());
    const resources = names.map((name) => file({ path: join(root, name), content: `${name}\n`, ...own }));
    expect(here.apply(resources).map((each) => each.code)).toEqual(names.map(() => 0));
    expect(readdirSync(root).toSorted()).toEqual(names.toSorted());
    expect(here.plan(resources)).toEqual(names.map(() => undefined));
    writeFileSync(join(root, 'back\\slash'), 'changed\n');
    const plan = here.plan(resources);
    expect(plan.map((each) => each?.reason)).toEqual(
      names.map((name) => (name === 'back\\slash' ? 'content differs' : undefined)),
    );
    expect(plan[2]?.diff).toContain('-changed');
  });

  it('reads no content of secret, large or equal files, and masks what it reads', () => {
    writeFileSync(join(root, 'secret'), 'hidden-value\n');
    writeFileSync(join(root, 'large'), 'z'.repeat(70_000));
    writeFileSync(
      join(root, 'conf'),
      'transport_url = rabbit://nova:hidden-value@10.0.0.1:5672/\nrabbit_password=hidden-value\nport = 1\n',
    );
    const resources = [
      file({ path: join(root, 'secret'), content: 'new', secret: true, ...own }),
      file({ path: join(root, 'large'), content: 'new', ...own }),
      file({ path: join(root, 'conf'), content: 'port = 2\n', ...own }),
    ];
    const states = here
      .read(resources)
      .map((each) => (each.known && each.state.type === 'file' ? each.state.content : 'unread'));
    expect(states).toEqual([
      undefined,
      undefined,
      'transport_url = rabbit://nova:***@10.0.0.1:5672/\nrabbit_password=***\nport = 1\n',
    ]);
    expect(JSON.stringify(here.plan(resources))).not.toContain('hidden-value');
  });

  it('replaces a symbolic link instead of writing through it', () => {
    writeFileSync(join(root, 'target'), 'precious');
    symlinkSync('target', join(root, 'a.conf'));
    const resources = [file({ path: join(root, 'a.conf'), content: 'mine', ...own })];
    expect(here.plan(resources)[0]?.reason).toBe('is a symlink, not a file');
    here.apply(resources);
    expect(lstatSync(join(root, 'a.conf')).isFile()).toBe(true);
    expect(readFileSync(join(root, 'target'), 'utf8')).toBe('precious');
  });

  it('does not put a content in place that its check refuses', () => {
    const path = join(root, 'a.conf');
    const resources = (content: string) => [file({ path, content, validate: 'grep -q good "$1"', ...own })];
    here.apply(resources('good'));
    const [result] = here.apply(resources('bad'));
    expect(result?.code).not.toBe(0);
    expect(result?.stderr).toContain('the old one stays');
    expect(readFileSync(path, 'utf8')).toBe('good');
    expect(readdirSync(root)).toEqual(['a.conf']);
  });

  it('takes over what a killed run left, and keeps a directory that is in the way', () => {
    writeFileSync(join(root, '.hastack.a.conf.tmp'), 'half');
    mkdirSync(join(root, 'b.conf/data'), { recursive: true });
    const resources = [
      file({ path: join(root, 'a.conf'), content: 'all', ...own }),
      file({ path: join(root, 'b.conf'), content: 'x', ...own }),
    ];
    const [first, second] = here.apply(resources);
    expect(first?.code).toBe(0);
    expect(readFileSync(join(root, 'a.conf'), 'utf8')).toBe('all');
    expect(second?.code).not.toBe(0);
    expect(second?.stderr).toContain('directory');
    expect(readdirSync(join(root, 'b.conf'))).toEqual(['data']);
  });

  it('removes files and links, full directories only when told', () => {
    writeFileSync(join(root, 'f'), '');
    symlinkSync('/etc', join(root, 'l'));
    mkdirSync(join(root, 'd/sub'), { recursive: true });
    const keep = [absent(join(root, 'f')), absent(join(root, 'l')), absent(join(root, 'd'))];
    expect(here.plan(keep).map((each) => each?.action)).toEqual(['delete', 'delete', 'delete']);
    expect(here.apply(keep).map((each) => each.code === 0)).toEqual([true, true, false]);
    expect(readdirSync(root)).toEqual(['d']);
    expect(here.apply([absent(join(root, 'd'), { recursive: true })])[0]?.code).toBe(0);
    expect(readdirSync(root)).toEqual([]);
  });

  it('killed at any point, leaves the old or the new content, and the next run ends it', async () => {
    const path = join(root, 'a.conf');
    const version = (letter: string) => `${letter.repeat(200_000)}\n`;
    const wanted = (letter: string) => [file({ path, content: version(letter), mode: '0640', ...own })];
    here.apply(wanted('a'));
    const seen = new Set<string>();
    for (let delay = 0; delay < 40; delay += 2) {
      const script = fileKind.apply(
        wanted('b')[0]?.desired ?? absent('/none/none').desired,
        { known: false, reason: '' },
        { action: 'update', reason: '' },
      ).text;
      await killedAfter(`set -e\n${script}`, delay);
      const content = readFileSync(path, 'utf8');
      seen.add(content.slice(0, 1));
      expect([version('a'), version('b')]).toContain(content);
      here.apply(wanted('a'));
      expect(here.plan(wanted('a'))).toEqual([undefined]);
    }
    // What a killed run left beside the file goes with the next change.
    here.apply(wanted('b'));
    expect(readdirSync(root)).toEqual(['a.conf']);
    // Some kills came before the rename; the last ones may have come after everything.
    expect(seen).toContain('a');
  });
});

/** Runs a script in a process group of its own, which is killed after some milliseconds. */
async function killedAfter(script: string, milliseconds: number): Promise<void> {
  const child = spawn('sh', { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.on('error', () => {});
  child.stdin.end(`{ exec </dev/null\n${script}\n}\n`);
  await sleep(milliseconds);
  try {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
  await ended;
}
