// The user's own certificate for the public VIP, before it is used anywhere: PEM, key and certificate belong together,
// it covers the name (or address) users type, and it is valid now. Pure: texts in; HastackError `spec-invalid` names
// the file and what to do. Manual: RFC 6125 (names), HAProxy configuration manual, crt.
import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Cluster } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';
import type { UserCertificate } from './identity.ts';

export interface PemFiles {
  readonly certificate: { readonly file: string; readonly text: string };
  readonly key: { readonly file: string; readonly text: string };
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function publicCertificate(cluster: Pick<Cluster, 'vips'>, files: PemFiles): UserCertificate {
  const { certificate, key, now } = files;
  const leaf = readCertificate(certificate);
  if (!leaf.checkPrivateKey(readKey(key))) {
    throw invalid(
      key.file,
      `the key does not belong to the certificate in ${certificate.file}`,
      'Name the key that the certificate was requested with.',
    );
  }
  checkName(cluster, certificate.file, leaf);
  checkDates(certificate.file, leaf, now);
  return { certificate: ended(certificate.text), key: ended(key.text) };
}

function readCertificate({ file, text }: PemFiles['certificate']): X509Certificate {
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw invalid(
      file,
      'this is no certificate in PEM',
      'A DER file becomes PEM with: openssl x509 -inform der -in FILE -out public.crt',
    );
  }
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw invalid(
      file,
      'the certificate cannot be read',
      'See what is wrong with: openssl x509 -noout -text -in FILE',
      cause,
    );
  }
}

function readKey({ file, text }: PemFiles['key']): KeyObject {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(text)) {
    throw invalid(
      file,
      'the key has a passphrase',
      'HAProxy starts without anybody to type it; remove it: openssl pkey -in FILE -out public.key',
    );
  }
  if (!/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(text)) {
    throw invalid(
      file,
      'this is no private key in PEM',
      'A DER file becomes PEM with: openssl pkey -inform der -in FILE -out public.key',
    );
  }
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw invalid(
      file,
      'the private key cannot be read',
      'See what is wrong with: openssl pkey -noout -in FILE',
      cause,
    );
  }
}

function checkName(cluster: Pick<Cluster, 'vips'>, file: string, leaf: X509Certificate): void {
  const vip = cluster.vips.find(({ name }) => name === 'public');
  if (vip === undefined) return;
  const { address, dnsName } = vip;
  const covered = dnsName === undefined ? leaf.checkIP(address) : leaf.checkHost(dnsName);
  if (covered !== undefined) return;
  const names = leaf.subjectAltName ?? leaf.subject.replaceAll('\n', ', ');
  throw invalid(
    file,
    `the certificate does not cover ${dnsName ?? address}; it is for ${names}`,
    'Use a certificate for the name of the public VIP, or correct vips.public.name.',
  );
}

function checkDates(file: string, leaf: X509Certificate, now: number): void {
  if (Date.parse(leaf.validTo) <= now) {
    throw invalid(file, `the certificate expired on ${leaf.validTo}`, 'Renew it, then run the command again.');
  }
  if (Date.parse(leaf.validFrom) > now) {
    throw invalid(
      file,
      `the certificate is not valid before ${leaf.validFrom}`,
      'Use one that is valid now; is the clock of this machine right?',
    );
  }
}

/** Certificate and key are put one behind the other for HAProxy. */
function ended(text: string): string {
  return `${text.trimEnd()}\n`;
}

function invalid(file: string, message: string, ...rest: readonly [hint: string, cause?: unknown]): HastackError {
  const [hint, cause] = rest;
  return new HastackError({ code: 'spec-invalid', at: { file }, message, hint: hint.replace('FILE', file), cause });
}
