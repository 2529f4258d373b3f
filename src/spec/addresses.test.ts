import { describe, expect, it } from 'vitest';
import {
  contains,
  inRange,
  isUsable,
  nthAddress,
  overlaps,
  parseAddress,
  parseNetwork,
  parseRange,
} from './addresses.ts';

describe('addresses', () => {
  it('have one spelling', () => {
    expect(parseAddress('2001:DB8:0::1')).toBe('2001:db8::1');
    expect(['10.1', '010.0.0.1', 'fe80::1%eth0', '', 'localhost', '10.0.0.1/24'].map(parseAddress)).toEqual(
      Array.from({ length: 6 }, () => undefined),
    );
  });

  it('know networks, also IPv6', () => {
    expect(parseNetwork('2001:db8::/64')).toEqual({ network: '2001:db8::/64', hostBits: false });
    expect(parseNetwork('10.0.0.5/24')).toEqual({ network: '10.0.0.0/24', hostBits: true });
    expect(parseNetwork('10.0.0.0/33')).toBeUndefined();
    expect(contains('10.0.0.0/24', '10.0.1.1')).toBe(false);
    expect(isUsable('10.0.0.0/24', '10.0.0.255')).toBe(false);
    expect(isUsable('10.0.0.0/31', '10.0.0.0')).toBe(true);
    expect(overlaps('10.0.0.0/8', '10.255.0.0/16')).toBe(true);
    expect(overlaps('10.0.0.0/24', '2001:db8::/64')).toBe(false);
  });

  it('count and range', () => {
    expect(nthAddress('10.0.0.0/28', 15)).toBe('10.0.0.15');
    expect(nthAddress('10.0.0.0/28', 16)).toBeUndefined();
    expect(parseRange('10.0.0.1 - 10.0.0.9')).toEqual({ first: '10.0.0.1', last: '10.0.0.9' });
    expect(parseRange('10.0.0.9-2001:db8::1')).toBeUndefined();
    expect(inRange({ first: '10.0.0.9', last: '10.0.0.10' }, '10.0.0.100')).toBe(false);
    expect(inRange({ first: '10.0.0.9', last: '10.0.0.100' }, '10.0.0.10')).toBe(true);
  });
});
