// What can be wrong with the user's own certificate, made with the real thing.
import { beforeAll, describe, expect, it } from 'vitest';
import { createCa, issueLeaf } from '../lib/x509.ts';
import type { PemPair } from '../lib/x509.ts';
import { HastackError } from '../model/error.ts';
import { publicCertificate } from './public-certificate.ts';
import type { PemFiles } from './public-certificate.ts';

const NOW = Date.UTC(2026, 5, 1);
const DAY = 86_400_000;
const vip = {
  name: 'public',
  network: 'management',
  address: '10.10.1.10',
  dnsName: 'cloud.example.org',
  routerId: 51,
};
const cluster = { vips: [vip] };

let ca: PemPair;
let pair: PemPair;
let other: PemPair;

beforeAll(async () => {
  ca = await createCa('an authority', NOW);
  pair = await issue('cloud.example.org');
  other = await issue('cloud.example.org');
});

async function issue(name: string): Promise<PemPair> {
  return issueLeaf(ca, { commonName: name, dnsNames: [name], addresses: ['10.10.1.10'] }, NOW);
}

function files(certificate: string, key: string, now = NOW): PemFiles {
  return {
    certificate: { file: 'tls/public.crt', text: certificate },
    key: { file: 'tls/public.key', text: key },
    now,
  };
}

function refusal(pem: PemFiles, vips = cluster.vips): string {
  try {
    publicCertificate({ vips }, pem);
  } catch (error) {
    if (error instanceof HastackError) return `${error.code} ${error.at?.file ?? ''}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('publicCertificate', () => {
  it('takes a certificate with its chain, by name, by wildcard and by address', async () => {
    const chain = pair.certificate.trimEnd() + '\n' + ca.certificate.trimEnd();
    expect(publicCertificate(cluster, files(chain, pair.key))).toEqual({ certificate: `${chain}\n`, key: pair.key });
    const wild = await issue('*.example.org');
    expect(refusal(files(wild.certificate, wild.key))).toBe('none');
    const { dnsName: _name, ...nameless } = vip;
    expect(refusal(files(pair.certificate, pair.key), [nameless as typeof vip])).toBe('none');
  });

  it('refuses what is no PEM, and says which file', () => {
    expect(refusal(files('0\u0082', pair.key))).toBe('spec-invalid tls/public.crt: this is no certificate in PEM');
    expect(refusal(files(pair.certificate, 'x'))).toBe('spec-invalid tls/public.key: this is no private key in PEM');
    expect(refusal(files(pair.certificate.slice(0, 200), pair.key))).toContain(
      'tls/public.crt: the certificate cannot',
    );
    expect(refusal(files(pair.certificate, pair.key.replace('PRIVATE', 'ENCRYPTED PRIVATE')))).toContain('passphrase');
  });

  it('refuses a key of another certificate', () => {
    expect(refusal(files(pair.certificate, other.key))).toContain('tls/public.key: the key does not belong');
  });

  it('refuses another name and an address it is not for', async () => {
    const wrong = await issue('www.example.com');
    expect(refusal(files(wrong.certificate, wrong.key))).toContain(
      'does not cover cloud.example.org; it is for DNS:www.example.com',
    );
    const { dnsName: _name, ...elsewhere } = { ...vip, address: '10.10.1.99' };
    expect(refusal(files(pair.certificate, pair.key), [elsewhere as typeof vip])).toContain(
      'does not cover 10.10.1.99',
    );
  });

  it('refuses what expired or is not valid yet', () => {
    expect(refusal(files(pair.certificate, pair.key, NOW + 826 * DAY))).toContain('expired on');
    expect(refusal(files(pair.certificate, pair.key, NOW - 2 * DAY))).toContain('not valid before');
  });
});
