// The program as a process: what only a real one can show. Built once into a temporary directory.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const root = mkdtempSync(join(tmpdir(), 'hastack-main-'));
const program = join(root, 'dist/main.js');

beforeAll(() => {
  const build = ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', join(root, 'dist')];
  execFileSync(join(REPOSITORY, 'node_modules/.bin/tsc'), build, { cwd: REPOSITORY });
  for (const file of ['package.json', 'node_modules']) symlinkSync(join(REPOSITORY, file), join(root, file));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(command: string) {
  return new Promise<{ code: number | null; out: string; err: string }>((done) => {
    const child = spawn('bash', ['-c', command], {
      cwd: root,
      env: { ...process.env, H: `${process.execPath} ${program}` },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('close', (code) => done({ code, out, err }));
  });
}

describe('the program', () => {
  it('prints the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { version: string };
    expect(await run('$H --version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('says nothing when the reader goes away', async () => {
    const { code, err } = await run('$H schema | { exec <&-; sleep 1; }; echo "${PIPESTATUS[0]}" >&2');
    expect({ code, err }).toEqual({ code: 0, err: '0\n' });
  });

  it('exits 2 with position-less error and hint for a spec that is not there', async () => {
    const { code, out, err } = await run('$H check nowhere.yaml');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error: .*nowhere\.yaml.*\n {2}hint: /);
  });

  it('says that the output could not be written, without a stack', async () => {
    expect(await run('$H schema > /dev/full')).toEqual({
      code: 1,
      out: '',
      err: 'error: cannot write the output: no space left on the device\n',
    });
  });

  it('exits 130 when it is interrupted while it waits', async () => {
    const command = '$H internal-probe < <(sleep 5) & sleep 0.7; kill -INT $!; wait $!';
    expect((await run(command)).code).toBe(130);
  });

  it('does not write over a file that is there', async () => {
    writeFileSync(join(root, 'cluster.yaml'), 'mine\n');
    expect((await run('$H init --yes')).code).toBe(1);
    expect(readFileSync(join(root, 'cluster.yaml'), 'utf8')).toBe('mine\n');
  });

  it('completes in bash', async () => {
    writeFileSync(join(root, 'hastack'), `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`, { mode: 0o755 });
    const { out } = await run(`PATH=$PWD:$PATH; source <(hastack completion bash)
      COMP_WORDS=(hastack che) COMP_CWORD=1; _hastack; printf '%s\\n' "\${COMPREPLY[@]}"`);
    expect(out).toBe('check\n');
  });
});
