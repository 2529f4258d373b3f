import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { leafFacts } from './certificate-facts.ts';
import { createCa, issueLeaf } from './x509.ts';

const directory = mkdtempSync(join(tmpdir(), 'x509-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('internal CA', () => {
  it('issues leaves that openssl accepts for their names and addresses only', async () => {
    const now = Date.now();
    const ca = await createCa('campus internal CA', now);
    const leaf = await issueLeaf(
      ca,
      { commonName: 'ctl1', dnsNames: ['ctl1'], addresses: ['10.1.2.3', 'fd00:10::1'] },
      now,
    );
    writeFileSync(join(directory, 'ca.crt'), ca.certificate);
    writeFileSync(join(directory, 'leaf.crt'), leaf.certificate);
    const verify = (...args: string[]) =>
      execFileSync('openssl', ['verify', '-CAfile', 'ca.crt', ...args, 'leaf.crt'], {
        cwd: directory,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(verify('-verify_ip', '10.1.2.3')).toContain('OK');
    expect(verify('-verify_hostname', 'ctl1')).toContain('OK');
    expect(() => verify('-verify_ip', '10.1.2.4')).toThrow(/mismatch/i);
    expect(leafFacts(leaf.certificate)).toMatchObject({
      dnsNames: ['ctl1'],
      addresses: ['10.1.2.3', 'fd00:10::1'],
      issuer: 'CN=campus internal CA',
    });
    expect(leafFacts(leaf.certificate).notAfter).toBe(Math.floor(now / 1000) * 1000 + 825 * 86_400_000);
  });

  it('makes a key that fits the certificate', async () => {
    const now = Date.now();
    const ca = await createCa('x', now);
    const leaf = await issueLeaf(ca, { commonName: 'a', dnsNames: ['a'], addresses: [] }, now);
    writeFileSync(join(directory, 'k.key'), leaf.key);
    writeFileSync(join(directory, 'k.crt'), leaf.certificate);
    const fromKey = execFileSync('openssl', ['pkey', '-in', 'k.key', '-pubout'], { cwd: directory, encoding: 'utf8' });
    const fromCertificate = execFileSync('openssl', ['x509', '-in', 'k.crt', '-noout', '-pubkey'], {
      cwd: directory,
      encoding: 'utf8',
    });
    expect(fromKey).toBe(fromCertificate);
  });
});
