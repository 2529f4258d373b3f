// The command line as a whole, in memory: exit codes, what goes to which stream, help, suggestions, completion.
import { describe, expect, it } from 'vitest';

import { fakeWorld } from './fake-world.ts';
import { runCli } from './run.ts';
import type { World } from './world.ts';

async function hastack(line: string, overrides: Partial<World> = {}, disk: Readonly<Record<string, string>> = {}) {
  const world = fakeWorld(overrides);
  for (const [path, text] of Object.entries(disk)) world.disk.set(path, text);
  const code = await runCli(line === '' ? [] : line.split(' '), world);
  return { code, out: world.printed.out, err: world.printed.err, disk: world.disk };
}

const terminal = { stdout: { write: () => undefined, isTTY: true, columns: 80 } };

describe('usage errors', () => {
  it.each([
    ['chek', 'unknown command `chek`; did you mean `check`?', 'hastack --help'],
    ['check --explian', 'unknown flag `--explian`; did you mean `--explain`?', 'hastack check --help'],
    ['check a.yaml b.yaml', '`b.yaml` is one argument too many', 'hastack check --help'],
    ['completion tcsh', 'SHELL `tcsh`: is not one of bash, zsh, fish', 'hastack completion --help'],
    ['completion', 'SHELL is missing', 'hastack completion --help'],
    ['init --preset', '--preset needs a value', 'hastack init --help'],
    ['check -x', 'unknown flag `-x`', 'hastack check --help'],
  ])('%s: exit 2, says what and where the help is', async (line, message, page) => {
    const { code, out, err } = await hastack(line);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(message);
    expect(err).toContain(page);
  });

  it('are JSON on standard output with --json, wherever the flag stands', async () => {
    for (const line of ['--json chek', 'chek --json']) {
      const { code, out, err } = await hastack(line);
      expect(code).toBe(2);
      expect(err).toBe('');
      expect(JSON.parse(out)).toMatchObject({ error: { code: 'usage', exitCode: 2 } });
    }
  });
});

describe('exit codes', () => {
  it('are 1 for every error with --detailed-exitcode, whose 2 means changes', async () => {
    expect((await hastack('plan nowhere.yaml')).code).toBe(2);
    expect((await hastack('plan nowhere.yaml --detailed-exitcode')).code).toBe(1);
    expect((await hastack('plan --detailed-exitcod')).code).toBe(2);
    const { out } = await hastack('plan nowhere.yaml --detailed-exitcode --json');
    expect(JSON.parse(out)).toMatchObject({ error: { exitCode: 1 } });
  });

  it('refuse flags that say what is acted on where they would be ignored', async () => {
    const { code, err } = await hastack('check --limit ctl1');
    expect(code).toBe(2);
    expect(err).toContain('--limit has no effect here');
  });
});

describe('help', () => {
  it('is printed for no arguments, with commands and exit codes', async () => {
    const { code, out } = await hastack('');
    expect(code).toBe(0);
    expect(out).toContain('EXIT CODES');
    expect(out).not.toContain('internal-');
  });

  it('has examples on the page of every command', async () => {
    const { out } = await hastack('--help-all');
    const commands = [...out.matchAll(/^ {2}hastack ([a-z][a-z -]*?)(?: [[<].*)?$/gm)].map((match) => match[1] ?? '');
    expect(commands).toContain('check');
    for (const name of commands) {
      const page = await hastack(`${name} -h`);
      expect(page.code).toBe(0);
      expect(page.out, name).toMatch(/EXAMPLES|COMMANDS/);
    }
  });

  it('names the version', async () => {
    expect(await hastack('--version')).toMatchObject({ code: 0, out: '1.2.3\n' });
  });
});

describe('colour', () => {
  it.each([
    ['', {}, true],
    ['', { NO_COLOR: '1' }, false],
    ['', { TERM: 'dumb' }, false],
    [' --no-color', {}, false],
  ])('check -h%s with %j on a terminal: %s', async (flag, env, colored) => {
    let out = '';
    const stdout = { ...terminal.stdout, write: (text: string) => void (out += text) };
    await hastack(`check -h${flag}`, { env, stdout });
    expect(out.includes('\u001B[')).toBe(colored);
  });
});

describe('init', () => {
  it('writes a spec that check accepts, for every preset', async () => {
    for (const name of ['three-controllers', 'ceph']) {
      const { code, disk } = await hastack(`init --preset ${name}`);
      expect(code).toBe(0);
      const { checkSpec } = await import('../spec/check.ts');
      const { findings } = checkSpec(disk.get('cluster.yaml') ?? '', 'cluster.yaml');
      expect(findings.filter((finding) => finding.severity === 'critical')).toEqual([]);
    }
  });

  it('never overwrites a file', async () => {
    const { code, err, disk } = await hastack('init --yes', {}, { 'cluster.yaml': 'mine' });
    expect(code).toBe(1);
    expect(err).toContain('cluster.yaml exists');
    expect(disk.get('cluster.yaml')).toBe('mine');
  });
});

describe('completion', () => {
  const spec = { 'cluster.yaml': 'hosts:\n  ctl1: {}\n  ctl2: {}\nnetworks: { data: {} }\n' };
  const proposals = async (words: readonly string[], disk: Readonly<Record<string, string>> = spec) => {
    const world = fakeWorld();
    for (const [path, text] of Object.entries(disk)) world.disk.set(path, text);
    await runCli(['internal-complete', '--', ...words], world);
    return world.printed.out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t')[0]);
  };

  it('proposes commands, but not those for hastack itself', async () => {
    expect(await proposals([''])).toEqual(expect.arrayContaining(['check', 'init']));
    expect(await proposals(['int'])).toEqual([]);
  });

  it('proposes flags and shells', async () => {
    expect(await proposals(['check', '--ex'])).toEqual(['--explain']);
    expect(await proposals(['completion', 'b'])).toEqual(['bash']);
  });

  it('proposes hosts of the spec, also in a list, without those that stand there', async () => {
    expect(await proposals(['check', '--limit', 'ctl1,'])).toEqual(['ctl1,ctl2']);
  });

  it('proposes nothing, and does not fail, when the spec is broken or missing', async () => {
    expect(await proposals(['check', '--limit', ''], { 'cluster.yaml': 'hosts: [' })).toEqual([]);
    expect(await proposals(['check', '--limit', ''], {})).toEqual([]);
  });

  it.each(['bash', 'zsh', 'fish'])('prints a script for %s that asks the program', async (shell) => {
    const { code, out } = await hastack(`completion ${shell}`);
    expect(code).toBe(0);
    expect(out).toContain('internal-complete --');
  });
});
