// What a host packs up for the audit, by the script itself where it can run: on the machine of this test.
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import { CONFIGURATION, configurationOf } from './host-configuration.ts';

const EMPTY_TAR = gzipSync(Buffer.alloc(1024)).toString('base64');

describe('the configuration of a host', () => {
  it('is packed up by a script that every Debian runs, without private keys', () => {
    const output = execFileSync('sh', ['-c', CONFIGURATION.text], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    const { files } = configurationOf('here', output);
    expect(files.map(({ path }) => path)).toContain('here/etc/hosts');
    expect(files.filter(({ path }) => /\.key$|\/private\//.test(path))).toEqual([]);
    expect(files.filter(({ text }) => text.includes('PRIVATE KEY')).map(({ path }) => path)).toEqual([]);
  });

  it('has digests in place of what is secret, and versions', () => {
    const digest = 'a'.repeat(64);
    const output = `${EMPTY_TAR}\n== digests\n${digest}  etc/keystone/fernet-keys/0\n== packages\nPackage: haproxy\nVersion: 3.0.11-1\n\nend-of-facts\n`;
    const { files } = configurationOf('ctl1', output);
    expect(files.map(({ path, text }) => [path, text.trim()])).toEqual([
      ['ctl1/etc/keystone/fernet-keys/0', digest],
      ['ctl1/var/lib/dpkg/status', 'Package: haproxy\nVersion: 3.0.11-1'],
    ]);
  });

  it('is refused when the script did not run to its end', () => {
    expect(() => configurationOf('ctl1', `${EMPTY_TAR}\n== digests\n`)).toThrow('did not run to its end');
  });
});
