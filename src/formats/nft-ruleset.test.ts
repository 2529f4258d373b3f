// The text of a ruleset (as nft(8) accepts it) and that no value can smuggle a rule in.
import { describe, expect, it } from 'vitest';

import { writeNftRuleset } from './nft-ruleset.ts';
import type { NftMatch, NftTable } from './nft-ruleset.ts';

const withMatch = (match: NftMatch): NftTable => ({
  family: 'inet',
  name: 'hastack',
  chains: [{ name: 'input', rules: [{ match, verdict: 'accept' }] }],
});

describe('writeNftRuleset', () => {
  it('replaces the whole table in one transaction', () => {
    const text = writeNftRuleset({
      family: 'inet',
      name: 'hastack',
      sets: [
        { name: 'members', type: 'ipv4_addr', elements: ['10.0.0.1', '10.0.0.2'] },
        { name: 'ranges', type: 'inet_service', elements: [80, '8000-8010'] },
        { name: 'empty6', type: 'ipv6_addr', elements: [] },
      ],
      chains: [
        {
          name: 'input',
          hook: { hook: 'input', priority: -10 },
          policy: 'drop',
          rules: [
            { match: { states: ['established', 'related'] }, verdict: 'accept' },
            { match: { inputInterface: 'lo' }, verdict: 'accept' },
            {
              match: { source: ['@members'], protocol: 'tcp', ports: [3306, '4567-4568'] },
              verdict: 'accept',
              counter: true,
              comment: 'galera',
            },
            { match: { source: ['@empty6'], protocol: 'udp', ports: ['@ranges'] }, verdict: { jump: 'other' } },
            { match: { protocol: 'vrrp', source: ['10.0.0.0/24'] }, verdict: 'accept' },
          ],
        },
        { name: 'other', rules: [{ verdict: 'reject' }] },
      ],
    });
    expect(text).toBe(`table inet hastack
delete table inet hastack
table inet hastack {
    set members {
        type ipv4_addr
        elements = { 10.0.0.1, 10.0.0.2 }
    }

    set ranges {
        type inet_service
        flags interval
        elements = { 80, 8000-8010 }
    }

    set empty6 {
        type ipv6_addr
    }

    chain input {
        type filter hook input priority -10; policy drop;
        ct state established,related accept
        iifname "lo" accept
        ip saddr @members tcp dport { 3306, 4567-4568 } counter accept comment "galera"
        ip6 saddr @empty6 udp dport @ranges jump other
        ip saddr 10.0.0.0/24 meta l4proto vrrp accept
    }

    chain other {
        reject
    }
}
`);
  });

  it.each<[string, NftMatch]>([
    ['an address', { source: ['10.0.0.1 accept; drop'] }],
    ['a set', { source: ['@a b'] }],
    ['a port', { protocol: 'tcp', ports: ['22; accept'] }],
    ['a port that does not exist', { protocol: 'tcp', ports: [70_000] }],
    ['ports without a protocol', { ports: [22] }],
    ['an interface', { inputInterface: 'lo" accept comment "' }],
    ['addresses of two families', { source: ['10.0.0.1', 'fd00::1'] }],
    ['nothing', { source: [] }],
  ])('refuses %s', (_what, match) => {
    expect(() => writeNftRuleset(withMatch(match))).toThrow(/an nftables ruleset cannot hold/);
  });

  it('refuses names and comments that would end their place', () => {
    expect(() => writeNftRuleset({ family: 'inet', name: 'a b', chains: [] })).toThrow(/not a name/);
    const chain = { name: 'c', rules: [{ verdict: 'accept' as const, comment: 'x" drop' }] };
    expect(() => writeNftRuleset({ family: 'inet', name: 'a', chains: [chain] })).toThrow(/plain characters/);
  });
});
