// Makes secrets of the kinds that components ask for (SecretContribution) out of random bytes. Pure.
import type { RandomBytes } from '../model/clock.ts';
import type { SecretContribution } from '../model/component.ts';

export type SecretKind = SecretContribution['kind'];

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const UPPER = LETTERS.slice(0, 26);

export function generateSecret(kind: SecretKind, random: RandomBytes): string {
  switch (kind) {
    case 'password':
      // Letters and digits only: fits every URL, ini file and SQL text unquoted. 190 bits.
      return pick(LETTERS, 32, random);
    case 'fernet-key':
      // 256 bits in base64url with padding, as keystone-manage writes them.
      return Buffer.from(random(32)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    case 'token-32':
      return Buffer.from(random(16)).toString('hex');
    case 'uuid':
      return uuidOf(random(16));
    case 'ceph-key':
      return cephKey(random(16));
    case 'cookie':
    default:
      // Erlang cookies are capital letters by custom.
      return pick(UPPER, 32, random);
  }
}

/** Version 4: random. Source: RFC 9562. */
function uuidOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.map((byte, at) => (at === 6 ? (byte & 15) | 64 : at === 8 ? (byte & 63) | 128 : byte)));
  return hex.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** A key as ceph-authtool makes it: type 1 (AES), time of creation (none: it would be no secret), length, 128 bits. */
function cephKey(bytes: Uint8Array): string {
  const header = Buffer.alloc(12);
  header.writeUInt16LE(1, 0);
  header.writeUInt16LE(bytes.length, 10);
  return Buffer.concat([header, bytes]).toString('base64');
}

/** Every letter equally likely: bytes beyond the last whole multiple are drawn again. */
function pick(alphabet: string, length: number, random: RandomBytes): string {
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of random(length)) {
      if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length] ?? '';
    }
  }
  return text;
}
