// The corpus itself: what a seed gives, that faults change files, and that the audit says nothing where nothing is wrong.
// Recall and precision over all sites: `node bench/audit-corpus.mjs`.
import { describe, expect, it } from 'vitest';

import type { Rule } from '../../rule.ts';
import { RULE_FAMILIES } from '../../rules/registry.gen.ts';
import { measureSite } from './measure.ts';
import { mutate } from './mutate.ts';
import { OPTIONS, filesOf, optionsOf, siteOf } from './site.ts';

const RULES: readonly Rule[] = RULE_FAMILIES.flat();
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

describe('sites', () => {
  it('are the same for the same seed, of every shape and layout', () => {
    expect(filesOf(siteOf(3))).toEqual(filesOf(siteOf(3)));
    const sites = SEEDS.map(siteOf);
    expect(new Set(sites.map(({ shape }) => shape)).size).toBe(3);
    expect(new Set(sites.map(({ layout }) => layout)).size).toBe(3);
  });

  it('leave no option or word unfilled', () => {
    for (const seed of SEEDS) {
      for (const { path, text } of filesOf(siteOf(seed)))
        expect(text, path).not.toMatch(/\{\{|<(?:member|name|my|vip|peers|me)[\w-]*>/);
    }
  });

  it('use every option in some file', () => {
    const used = new Set(SEEDS.flatMap((seed) => optionsOf(siteOf(seed))));
    expect(Object.keys(OPTIONS).filter((id) => !used.has(id))).toEqual([]);
  });

  it('change with every harmful text', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const site = siteOf(seed);
      const before = JSON.stringify(filesOf(site));
      for (const option of optionsOf(site)) {
        for (const { text } of OPTIONS[option]?.harmful ?? []) {
          expect(JSON.stringify(filesOf(site, [{ option, text }])) === before, `${option}: ${text}`).toBe(false);
        }
      }
    }
  });
});

describe('mutations', () => {
  it('are the same for the same seed and differ between seeds', () => {
    const text = 'a = 1\nb = 2\nc = 3\n';
    expect(mutate(text, { seed: 'x' })).toBe(mutate(text, { seed: 'x' }));
    expect(new Set(SEEDS.map((seed) => mutate(text, { seed: `${seed}` }))).size).toBeGreaterThan(10);
  });
});

describe.each(SEEDS)('the audit of site %i', (seed) => {
  it('says nothing of warning or above where nothing is wrong, and finds faults that were injected', () => {
    const { falseOnSound, falseOnHarmless, faults } = measureSite(seed, RULES);
    const said = [...falseOnSound, ...falseOnHarmless].map(
      ({ rule, at, message }) => `${rule} ${at.file}:${at.line ?? 0} ${message}`,
    );
    expect(said).toEqual([]);
    expect(faults.filter(({ found }) => found.length > 0).length).toBeGreaterThan(0);
  });
});
