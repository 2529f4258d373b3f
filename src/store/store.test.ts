// Journal, secrets and state on a real file system.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, appendFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { systemRandom } from '../lib/system-random.ts';
import { listRuns, newRunId, readJournal } from './journal.ts';
import { currentOwner, isOwnerGone } from './lock-owner.ts';
import { generateSecret } from './secret-values.ts';
import { openSecrets } from './secrets.ts';
import { openStateDirectory } from './state-directory.ts';
import type { StateDirectory } from './state-directory.ts';

let state: StateDirectory;
beforeEach(() => {
  state = openStateDirectory(join(mkdtempSync(join(tmpdir(), 'hastack-store-')), 'campus'));
});
afterEach(() => rmSync(join(state.root, '..'), { recursive: true }));

/** URL of a source file as plain JavaScript, for a process of its own. */
function compiled(file: string): string {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const out = join(state.root, 'js');
  const options =
    '--module nodenext --target es2023 --types node --skipLibCheck --rewriteRelativeImportExtensions'.split(' ');
  const result = spawnSync(
    join(root, 'node_modules/.bin/tsc'),
    [...options, '--ignoreConfig', '--rootDir', join(root, 'src'), '--outDir', out, join(root, 'src', file)],
    { cwd: root },
  );
  expect(result.stdout.toString()).toBe('');
  writeFileSync(join(out, 'package.json'), '{"type":"module"}');
  return pathToFileURL(join(out, file.replace(/ts$/, 'js'))).href;
}

const open = (recipients: readonly string[] = []) => openSecrets({ ...state, recipients, random: systemRandom });

describe('secrets', () => {
  test('are generated once, kept, and readable in no file', async () => {
    const first = await open();
    expect(
      first.ensure([
        { name: 'db', kind: 'password' },
        { name: 'key', kind: 'fernet-key' },
      ]),
    ).toEqual(['db', 'key']);
    first.set('own', 'gr\u00fc\u00df\nzwei Zeilen');
    const again = await open();
    expect(again.ensure([{ name: 'db', kind: 'password' }])).toEqual([]);
    expect([again.get('db'), again.get('key'), again.get('own')]).toEqual([
      first.get('db'),
      first.get('key'),
      'gr\u00fc\u00df\nzwei Zeilen',
    ]);
    expect(readFileSync(state.secrets, 'utf8')).not.toContain(first.get('db'));
    expect(statSync(state.secrets).mode & 0o777).toBe(0o600);
    expect(statSync(state.identity).mode & 0o777).toBe(0o600);
  });

  test('sixty are read in less than 300 ms', async () => {
    const names = Array.from({ length: 60 }, (_unused, index) => ({ name: `s${index}`, kind: 'password' as const }));
    (await open()).ensure(names);
    await open();
    const started = performance.now();
    const store = await open();
    for (const { name } of names) expect(store.get(name)).toHaveLength(32);
    expect(performance.now() - started).toBeLessThan(300);
  });

  test('a value under another name, or a changed one, does not decrypt', async () => {
    const store = await open();
    store.set('a', 'first');
    store.set('b', 'second');
    const text = readFileSync(state.secrets, 'utf8');
    const [a = '', b = ''] = [/^ {2}a: (.*)$/m.exec(text)?.[1], /^ {2}b: (.*)$/m.exec(text)?.[1]];
    writeFileSync(state.secrets, text.replace(a, '<other>').replace(b, a).replace('<other>', b));
    const swapped = await open();
    expect(() => swapped.get('a')).toThrow(expect.objectContaining({ code: 'environment' }) as Error);
  });

  test('another recipient can read them, one who left cannot read new ones', async () => {
    const friend = await generateX25519Identity();
    const recipient = await identityToRecipient(friend);
    (await open([recipient])).set('a', 'shared');
    const theirs = { ...state, identity: join(state.root, 'friend.txt') };
    writeFileSync(theirs.identity, `${friend}\n`);
    const mine = await identityToRecipient(readFileSync(state.identity, 'utf8').split('\n')[2] ?? '');
    expect((await openSecrets({ ...theirs, recipients: [mine, recipient], random: systemRandom })).get('a')).toBe(
      'shared',
    );
    (await open([])).set('a', 'after');
    await expect(openSecrets({ ...theirs, recipients: [mine], random: systemRandom })).rejects.toMatchObject({
      code: 'environment',
    });
    expect((await open([])).get('a')).toBe('after');
  });

  test('what somebody else wrote meanwhile is not overwritten', async () => {
    const [one, other] = [await open(), await open()];
    one.set('a', '1');
    expect(() => other.set('b', '2')).toThrow(/changed by somebody else/);
    expect((await open()).get('a')).toBe('1');
  });

  test('a file that is none says so', async () => {
    writeFileSync(state.secrets, 'version: 7\n');
    await expect(open()).rejects.toMatchObject({ code: 'environment', at: { file: state.secrets } });
  });

  test('kinds have the form that their readers expect', () => {
    expect(generateSecret('fernet-key', systemRandom)).toMatch(/^[\w-]{43}=$/);
    expect(generateSecret('token-32', systemRandom)).toMatch(/^[0-9a-f]{32}$/);
    expect(generateSecret('cookie', systemRandom)).toMatch(/^[A-Z]{32}$/);
    expect(generateSecret('uuid', systemRandom)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    // As `ceph-authtool --gen-print-key` prints: type, eight bytes of time, length, key.
    expect(generateSecret('ceph-key', systemRandom)).toMatch(/^AQAAAAAAAAAAABAA[\w+/]{22}==$/);
    fc.assert(
      fc.property(fc.nat(255), (byte) => {
        let n = byte;
        expect(generateSecret('password', (length) => new Uint8Array(length).map(() => (n += 7) % 256))).toMatch(
          /^[A-Za-z0-9]{32}$/,
        );
      }),
    );
  });
});

describe('journal', () => {
  const clock = { now: () => Date.UTC(2026, 10, 21) };

  test('survives kill -9 of its writer, with a torn last line', () => {
    const id = newRunId(clock.now(), systemRandom(3));
    const script = `
      const { openJournal } = await import(${JSON.stringify(compiled('store/journal.ts'))});
      const journal = openJournal(process.argv[1], process.argv[2], { now: () => 0 });
      for (let n = 0; n < 50; n += 1) journal.append({ event: 'note', message: String(n) });
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script, state.runs, id]);
    expect(child.signal).toBe('SIGKILL');
    const path = join(state.runs, `${id}.jsonl`);
    expect(readJournal(path)).toHaveLength(50);
    appendFileSync(path, '{"event":"no');
    expect(readJournal(path)).toHaveLength(50);
    expect(readJournal(path)[49]).toMatchObject({ event: 'note', message: '49' });
    expect(listRuns(state.runs)).toEqual([id]);
  });

  test('damage in the middle is named by line', () => {
    const path = join(state.runs, 'x.jsonl');
    writeFileSync(path, '{"event":"note","message":"a"}\nbroken\n{"event":"note","message":"b"}\n');
    expect(() => readJournal(path)).toThrow(expect.objectContaining({ at: { file: path, line: 2 } }) as Error);
  });
});

describe('the owner of a lock', () => {
  test('is alive while its process is, and not another with its number', () => {
    const own = currentOwner('apply');
    expect(isOwnerGone(own)).toBe(false);
    expect(isOwnerGone({ ...own, started: `${own.started}1` })).toBe(true);
    const child = spawnSync('true');
    expect(isOwnerGone({ pid: child.pid, started: own.started })).toBe(true);
  });
});
