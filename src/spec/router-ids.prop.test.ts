import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routerIds } from './router-ids.ts';

const vipNames = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/), { minLength: 1, maxLength: 255 });

describe('routerIds', () => {
  it('are 1 to 255, never equal, and do not depend on the order of the VIPs', () => {
    fc.assert(
      fc.property(fc.string(), vipNames, (cluster, names) => {
        const ids = routerIds(
          cluster,
          names.map((name) => ({ name })),
        );
        const values = [...ids.values()];
        expect(new Set(values).size).toBe(names.length);
        expect(values.every((id) => Number.isInteger(id) && id >= 1 && id <= 255)).toBe(true);
        const reversed = routerIds(
          cluster,
          names.toReversed().map((name) => ({ name })),
        );
        expect(names.every((name) => reversed.get(name) === ids.get(name))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('keep the ids that were given, and derived ones avoid them', () => {
    const free = routerIds('campus', [{ name: 'public' }]).get('public') ?? 0;
    const ids = routerIds('campus', [{ name: 'public' }, { name: 'internal', routerId: free }]);
    expect(ids.get('internal')).toBe(free);
    expect(ids.get('public')).not.toBe(free);
  });

  it('differ between clusters on one network', () => {
    const first = Array.from({ length: 40 }, (_, n) => routerIds(`cluster${n}`, [{ name: 'public' }]).get('public'));
    // Forty of 255: by chance about three meet; a hash that does not spread gives far fewer.
    expect(new Set(first).size).toBeGreaterThan(30);
  });
});
