// Networks in CIDR notation, IPv4 and IPv6: membership, overlap, first and last address, usable host addresses.
//
// Parsing never throws: it gives undefined for what is not a network, so that the spec can say where it stands.
// The other functions take a parsed Cidr and compare as numbers; addresses of the other family never match.
import ipaddr from 'ipaddr.js';

export interface Cidr {
  readonly family: 4 | 6;
  /** Number of the network address (host bits cleared) and of the last address. */
  readonly first: bigint;
  readonly last: bigint;
  readonly prefix: number;
  /** The address as it was written: it may have host bits (`10.0.0.5/24`). */
  readonly written: bigint;
}

export interface Address {
  readonly family: 4 | 6;
  readonly number: bigint;
}

/** Four-part decimal IPv4 or IPv6 without a zone; undefined for anything else (`10.1`, `010.0.0.1`, `fe80::1%eth0`). */
export function parseAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return fromBytes(ipaddr.IPv4.parse(text).toByteArray());
  if (!/^[0-9A-Fa-f:.]+$/.test(text) || !text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined;
  return fromBytes(ipaddr.IPv6.parse(text).toByteArray());
}

/** `10.0.0.0/24`, `2001:db8::/32`; undefined when it is not a network. Host bits are kept in `written`. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const address = parseAddress(match?.[1] ?? '');
  const prefix = Number(match?.[2]);
  if (address === undefined || prefix > bitsOf(address.family)) return undefined;
  const size = 1n << BigInt(bitsOf(address.family) - prefix);
  const first = (address.number / size) * size;
  return { family: address.family, first, last: first + size - 1n, prefix, written: address.number };
}

export function contains(cidr: Cidr, address: Address): boolean {
  return cidr.family === address.family && cidr.first <= address.number && address.number <= cidr.last;
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** True when `10.0.0.5/24` was written where `10.0.0.0/24` is meant. */
export function hasHostBits(cidr: Cidr): boolean {
  return cidr.written !== cidr.first;
}

export function prefixLength(cidr: Cidr): number {
  return cidr.prefix;
}

export function networkAddress(cidr: Cidr): string {
  return formatAddress({ family: cidr.family, number: cidr.first });
}

/** The last address; IPv6 has no broadcast, so there it is only the end of the range. */
export function broadcastAddress(cidr: Cidr): string {
  return formatAddress({ family: cidr.family, number: cidr.last });
}

export function formatCidr(cidr: Cidr): string {
  return `${networkAddress(cidr)}/${cidr.prefix}`;
}

/** Can be given to an interface: inside, and neither the network nor the broadcast address. */
export function isUsableHost(cidr: Cidr, address: Address): boolean {
  if (!contains(cidr, address)) return false;
  const { first, last } = usableRange(cidr);
  return first.number <= address.number && address.number <= last.number;
}

/** First and last address that hosts can have. /31 and /32 (/127, /128) use all of theirs (RFC 3021, 6164). */
export function usableRange(cidr: Cidr): { readonly first: Address; readonly last: Address } {
  const { family } = cidr;
  const small = cidr.last - cidr.first < 2n;
  // In IPv6 the first address is the routers' anycast address (RFC 4291); there is no broadcast.
  const first = small ? cidr.first : cidr.first + 1n;
  const last = small || family === 6 ? cidr.last : cidr.last - 1n;
  return { first: { family, number: first }, last: { family, number: last } };
}

/** Usable addresses in order, as text; at most `limit`, since an IPv6 network has too many to list. */
export function* hostsOf(cidr: Cidr, limit = 65_536): Generator<string, void, void> {
  const { first, last } = usableRange(cidr);
  let given = 0;
  for (let number = first.number; number <= last.number && given < limit; number++, given++) {
    yield formatAddress({ family: cidr.family, number });
  }
}

/** How many usable addresses there are. */
export function hostCount(cidr: Cidr): bigint {
  const { first, last } = usableRange(cidr);
  return last.number - first.number + 1n;
}

/** Negative, zero or positive, as sort() wants it; IPv4 before IPv6. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
}

/** The one spelling of an address (RFC 5952 for IPv6), so that texts can be compared. */
export function formatAddress(address: Address): string {
  const bytes: number[] = [];
  for (let shift = BigInt(bitsOf(address.family) - 8); shift >= 0n; shift -= 8n) {
    bytes.push(Number((address.number >> shift) & 0xffn));
  }
  const parsed = ipaddr.fromByteArray(bytes);
  return parsed instanceof ipaddr.IPv6 ? parsed.toRFC5952String() : parsed.toString();
}

function fromBytes(bytes: readonly number[]): Address {
  return { family: bytes.length === 4 ? 4 : 6, number: bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) };
}

function bitsOf(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}
