// The copy of the operator's state: every recipient opens it, nobody else, and it holds no identity.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemRandom } from '../lib/system-random.ts';
import { openSecrets } from './secrets.ts';
import { openSealedState, restoreState, sealedState } from './state-bundle.ts';
import { openStateDirectory } from './state-directory.ts';

let root = '';
let colleague = '';

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'state-'));
  colleague = await generateX25519Identity();
});
afterEach(() => rmSync(root, { recursive: true }));

async function made(name = 'first') {
  const state = openStateDirectory(join(root, name));
  const recipients = [await identityToRecipient(colleague)];
  const secrets = await openSecrets({ ...state, recipients, random: systemRandom });
  secrets.set('keystone/admin', 'top secret');
  writeFileSync(state.knownHosts, 'ctl1 ssh-ed25519 AAAA\n');
  const source = {
    cluster: 'campus',
    secrets: state.secrets,
    knownHosts: state.knownHosts,
    specText: 'cluster: campus\n',
  };
  return { state, recipients, source, sealed: sealedState(source) };
}

it('brings secrets, spec and host keys back with the identity of another recipient', async () => {
  const { state, recipients, sealed } = await made();
  const text = (await sealed?.seal()) ?? '';
  expect(text).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
  const bundle = await openSealedState(text, `# mine\n${colleague}\n`, 'campus');
  expect(JSON.stringify(bundle)).not.toContain('AGE-SECRET-KEY');
  const other = openStateDirectory(join(root, 'second'));
  const files = restoreState(other, bundle, colleague);
  expect(files.map((path) => path.slice(other.root.length + 1)).toSorted()).toEqual([
    'identity.txt',
    'known_hosts',
    'secrets.yaml',
    'spec.yaml',
  ]);
  expect(readFileSync(other.secrets, 'utf8')).toBe(readFileSync(state.secrets, 'utf8'));
  const secrets = await openSecrets({ ...other, recipients, random: systemRandom });
  expect(secrets.get('keystone/admin')).toBe('top secret');
});

it('does not overwrite a state that is there', async () => {
  const { state, sealed } = await made();
  const bundle = await openSealedState((await sealed?.seal()) ?? '', colleague, 'campus');
  expect(() => restoreState(state, bundle, colleague)).toThrow(/there is a state already/);
});

it('refuses another identity, another cluster and a damaged copy', async () => {
  const text = (await (await made()).sealed?.seal()) ?? '';
  await expect(openSealedState(text, await generateX25519Identity(), 'campus')).rejects.toThrow(
    /not encrypted for this/,
  );
  await expect(openSealedState(text, colleague, 'other')).rejects.toThrow(/of the cluster campus, not of other/);
  await expect(openSealedState(text.slice(0, -80), colleague, 'campus')).rejects.toThrow(/damaged/);
  await expect(openSealedState(text, 'nothing', 'campus')).rejects.toThrow(/no AGE-SECRET-KEY/);
});

it('has the same hash until something in it changes', async () => {
  const { source, sealed } = await made();
  expect(sealedState(source)?.hash).toBe(sealed?.hash);
  expect(await sealed?.seal()).not.toBe(await sealed?.seal());
  expect(sealedState({ ...source, specText: 'cluster: campus # edited\n' })?.hash).not.toBe(sealed?.hash);
});
