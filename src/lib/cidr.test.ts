import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  broadcastAddress,
  compareAddresses,
  contains,
  formatAddress,
  formatCidr,
  hasHostBits,
  hostCount,
  hostsOf,
  isUsableHost,
  networkAddress,
  overlaps,
  parseAddress,
  parseCidr,
  prefixLength,
  usableRange,
} from './cidr.ts';
import type { Address, Cidr } from './cidr.ts';

const cidr = (text: string): Cidr => {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`not a network: ${text}`);
  return parsed;
};
const address = (text: string): Address => {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
};

describe('parseAddress', () => {
  it.each(['10.0.0.1', '255.255.255.255', '::', 'fd00::1', '2001:db8::10', '::ffff:10.0.0.1'])('takes %s', (text) => {
    expect(parseAddress(text)).toBeDefined();
  });

  it.each([
    '',
    '10.1',
    '010.0.0.1',
    '0x0a.0.0.1',
    '167772161',
    '10.0.0.256',
    'fe80::1%eth0',
    'a',
    ' 10.0.0.1',
    '1::2::3',
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('gives one spelling to equal addresses', () => {
    expect(formatAddress(address('FD00:0:0::0001'))).toBe('fd00::1');
    expect(formatAddress(address('10.0.0.1'))).toBe('10.0.0.1');
  });
});

describe('networks', () => {
  it('knows first, last and usable addresses', () => {
    const network = cidr('10.10.1.77/24');
    expect(formatCidr(network)).toBe('10.10.1.0/24');
    expect([networkAddress(network), broadcastAddress(network), prefixLength(network)]).toEqual([
      '10.10.1.0',
      '10.10.1.255',
      24,
    ]);
    expect(hasHostBits(network)).toBe(true);
    expect(hasHostBits(cidr('10.10.1.0/24'))).toBe(false);
    expect(hostCount(network)).toBe(254n);
  });

  it.each([
    ['10.0.0.0/24', '10.0.0.0', false],
    ['10.0.0.0/24', '10.0.0.1', true],
    ['10.0.0.0/24', '10.0.0.254', true],
    ['10.0.0.0/24', '10.0.0.255', false],
    ['10.0.0.0/24', '10.0.1.1', false],
    ['10.0.0.0/31', '10.0.0.0', true],
    ['10.0.0.5/32', '10.0.0.5', true],
    ['fd00::/64', 'fd00::', false],
    ['fd00::/64', 'fd00::ffff:ffff:ffff:ffff', true],
    ['fd00::/64', '10.0.0.1', false],
  ])('%s: a host may be %s: %s', (network, host, usable) => {
    expect(isUsableHost(cidr(network), address(host))).toBe(usable);
  });

  it.each([
    ['10.0.0.0/24', '10.0.0.128/25', true],
    ['10.0.0.0/25', '10.0.0.128/25', false],
    ['0.0.0.0/0', '203.0.113.0/24', true],
    ['::/0', '10.0.0.0/8', false],
  ])('%s and %s overlap: %s', (a, b, expected) => {
    expect(overlaps(cidr(a), cidr(b))).toBe(expected);
    expect(overlaps(cidr(b), cidr(a))).toBe(expected);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', 'fd00::/129', '10.0.0.0/24/1', '/24', 'x/24', '10.0.0.0/1e1'])(
    'refuses %j',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );

  it('lists hosts up to a limit', () => {
    expect([...hostsOf(cidr('10.0.0.0/30'))]).toEqual(['10.0.0.1', '10.0.0.2']);
    expect([...hostsOf(cidr('10.0.0.4/32'))]).toEqual(['10.0.0.4']);
    expect([...hostsOf(cidr('fd00::/64'), 2)]).toEqual(['fd00::1', 'fd00::2']);
  });

  it('contains exactly the addresses from the first to the last', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (base, other, prefix) => {
        const network = cidr(`${base}/${prefix}`);
        const inside = contains(network, address(other));
        const between =
          compareAddresses(address(networkAddress(network)), address(other)) <= 0 &&
          compareAddresses(address(other), address(broadcastAddress(network))) <= 0;
        expect(inside).toBe(between);
        expect(contains(network, address(base))).toBe(true);
        // Two networks either nest or are apart.
        const second = cidr(`${other}/${prefix}`);
        expect(overlaps(network, second)).toBe(inside);
        const { first, last } = usableRange(network);
        expect(contains(network, first) && contains(network, last)).toBe(true);
      }),
    );
  });

  it('keeps every address through reading and writing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const parsed = address(text);
        expect(address(formatAddress(parsed))).toEqual(parsed);
        expect(compareAddresses(parsed, address(formatAddress(parsed)))).toBe(0);
      }),
    );
  });

  it('orders IPv4 before IPv6', () => {
    const sorted = ['fd00::1', '10.0.0.10', '10.0.0.9'].map(address).toSorted(compareAddresses);
    expect(sorted.map(formatAddress)).toEqual(['10.0.0.9', '10.0.0.10', 'fd00::1']);
  });
});
