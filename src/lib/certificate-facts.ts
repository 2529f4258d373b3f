// What a certificate says, to decide whether it must be renewed. Read with what Node has built in: this happens for
// every certificate in every run, making one (x509.ts) hardly ever. Addresses in their canonical form.
// Manual: https://nodejs.org/api/crypto.html#class-x509certificate
import { X509Certificate } from 'node:crypto';
import { formatAddress, parseAddress } from './cidr.ts';

export interface LeafFacts {
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  readonly issuer: string;
}

/** Of the first certificate in the text. Throws on text that has none. */
export function leafFacts(certificatePem: string): LeafFacts {
  const certificate = new X509Certificate(certificatePem);
  const names = (certificate.subjectAltName ?? '').split(', ');
  const ofType = (prefix: string): readonly string[] =>
    names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return {
    dnsNames: ofType('DNS:'),
    addresses: ofType('IP Address:').map(canonical),
    notAfter: Date.parse(certificate.validTo),
    issuer: certificate.issuer,
  };
}

function canonical(address: string): string {
  const parsed = parseAddress(address);
  return parsed === undefined ? address : formatAddress(parsed);
}
