// The scripts of the guest image are shell that a shell takes, and the image's name follows what is in it.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { INIT, METADATA_SCRIPT, UDHCPC_SCRIPT } from './guest-files.ts';
import { guestKey } from './guest-image.ts';
import { GUEST_INSIDE_SCRIPT, GUEST_SCRIPT } from './guest-scripts.ts';

describe('guest image', () => {
  it.each(Object.entries({ INIT, UDHCPC_SCRIPT, METADATA_SCRIPT, GUEST_SCRIPT, GUEST_INSIDE_SCRIPT }))(
    '%s is correct shell',
    (_name, script) => {
      const checked = spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' });
      expect(checked.stderr).toBe('');
      expect(checked.status).toBe(0);
    },
  );

  it('takes the keys out of metadata, once each, and nothing else', () => {
    const command = METADATA_SCRIPT.split('\n').find((line) => line.startsWith('grep -oE'));
    const filter = (command ?? '').replace(/"\$into\/meta_data.json"/, '').replace(/>\/root.*/, '');
    const metadata = JSON.stringify({
      public_keys: { mine: 'ssh-ed25519 AAAAC3Nz+/a= a comment\n', other: 'ecdsa-sha2-nistp256 AAAAE2Vj me@there\n' },
      keys: [{ data: 'ssh-ed25519 AAAAC3Nz+/a= a comment\n', type: 'ssh' }],
      hostname: 'ssh-keeper.novalocal',
    });
    const found = spawnSync('sh', ['-c', filter], { input: metadata, encoding: 'utf8' });
    expect(found.stdout.trim().split('\n')).toEqual(['ecdsa-sha2-nistp256 AAAAE2Vj', 'ssh-ed25519 AAAAC3Nz+/a=']);
  });

  it('has another name on another base', () => {
    expect(guestKey('a')).toMatch(/^[0-9a-f]{16}$/);
    expect(guestKey('a')).toBe(guestKey('a'));
    expect(guestKey('a')).not.toBe(guestKey('b'));
  });
});
