// Addresses of a spec as text: canonical form, membership, overlap, ranges. The arithmetic is in lib/cidr.ts.
// Functions that read what the user wrote return undefined for what is not an address; the others take
// addresses that were read before, and answer false for anything else.
import * as cidr from '../lib/cidr.ts';
import type { Address, Cidr } from '../lib/cidr.ts';

export interface AddressRange {
  readonly first: string;
  readonly last: string;
}

/** The one spelling of an address. */
export function parseAddress(text: string): string | undefined {
  const parsed = cidr.parseAddress(text);
  return parsed === undefined ? undefined : cidr.formatAddress(parsed);
}

export function parseNetwork(text: string): { readonly network: string; readonly hostBits: boolean } | undefined {
  const parsed = cidr.parseCidr(text);
  return parsed === undefined ? undefined : { network: cidr.formatCidr(parsed), hostBits: cidr.hasHostBits(parsed) };
}

/** `203.0.113.100-203.0.113.199`, lowest first. */
export function parseRange(text: string): AddressRange | undefined {
  const [first, last, ...rest] = text.split('-').map((part) => cidr.parseAddress(part.trim()));
  if (first === undefined || last === undefined || rest.length > 0 || first.family !== last.family) return undefined;
  return cidr.compareAddresses(first, last) > 0
    ? undefined
    : { first: cidr.formatAddress(first), last: cidr.formatAddress(last) };
}

export function contains(network: string, address: string): boolean {
  return both(network, address, cidr.contains);
}

/** Inside, and neither the network's own nor its broadcast address. */
export function isUsable(network: string, address: string): boolean {
  return both(network, address, cidr.isUsableHost);
}

export function overlaps(a: string, b: string): boolean {
  const [one, other] = [cidr.parseCidr(a), cidr.parseCidr(b)];
  return one !== undefined && other !== undefined && cidr.overlaps(one, other);
}

export function inRange(range: AddressRange, address: string): boolean {
  const [first, last, asked] = [range.first, range.last, address].map(cidr.parseAddress);
  if (first === undefined || last === undefined || asked === undefined || first.family !== asked.family) return false;
  return cidr.compareAddresses(first, asked) <= 0 && cidr.compareAddresses(asked, last) <= 0;
}

/** The nth address of a network, counted from the network address: 11 in 10.10.1.0/24 is 10.10.1.11. */
export function nthAddress(network: string, index: number): string | undefined {
  const parsed = cidr.parseCidr(network);
  if (parsed === undefined) return undefined;
  const number = parsed.first + BigInt(index);
  return number > parsed.last ? undefined : cidr.formatAddress({ family: parsed.family, number });
}

function both(network: string, address: string, test: (network: Cidr, address: Address) => boolean): boolean {
  const [block, asked] = [cidr.parseCidr(network), cidr.parseAddress(address)];
  return block !== undefined && asked !== undefined && test(block, asked);
}
