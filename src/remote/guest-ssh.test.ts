// What ssh is told; that it gets there is shown by test/real/guest-image.test.ts.
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guestAccess, sshArguments } from './guest-ssh.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'guest-ssh-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('ssh into an instance', () => {
  it('uses the key of the run and nothing of the user', () => {
    const words = sshArguments('/state/key', { address: '203.0.113.7', user: 'root' }).join(' ');
    expect(words).toContain('-F none -i /state/key -o IdentitiesOnly=yes -o IdentityAgent=none');
    expect(words).toContain('UserKnownHostsFile=/dev/null');
    expect(words).toMatch(/-l root 203\.0\.113\.7$/);
    expect(words).not.toContain('ProxyCommand');
  });

  it('goes through another instance with the same key', () => {
    const words = sshArguments('/state/a key', { address: '10.0.0.2', user: 'root', through: '203.0.113.7' });
    const proxy = words.find((word) => word.startsWith('ProxyCommand='));
    expect(proxy).toContain(`'-i' '/state/a key'`);
    expect(proxy).toMatch(/'-W' '\[%h\]:%p' '-l' 'root' '203\.0\.113\.7'$/);
  });

  it('says what ssh said when nobody listens, and removes its key', async () => {
    const access = await guestAccess(join(directory, 'keys'), 'a run');
    expect(access.publicKey).toMatch(/^ssh-ed25519 \S+ a run$/);
    expect(statSync(join(directory, 'keys/id_ed25519')).mode & 0o777).toBe(0o600);
    const result = await access.run({ address: '127.0.0.99', user: 'root' }, { text: 'true', timeoutSeconds: 20 });
    expect(result.code).toBe(255);
    expect(result.stderr).toContain('127.0.0.99');
    access.close();
    expect(existsSync(join(directory, 'keys'))).toBe(false);
  });
});
