// Every rule against its samples: the fault is found at exactly the marked places, and the right text is left alone.
import { describe, expect, it } from 'vitest';

import { Estate } from './estate.ts';
import { RULE_FAMILIES } from './rules/registry.gen.ts';
import type { Rule } from './rule.ts';
import { severityOf } from './rule.ts';
import type { Sample, Tree } from './testing/sample.ts';
import { SAMPLES } from './testing/samples.ts';

const RULES: readonly Rule[] = RULE_FAMILIES.flat();

function estateOf(tree: Tree, sample: Sample, assumed = sample.assumed): Estate {
  const files = Object.entries(tree).flatMap(([path, text]) => {
    if (path.includes(' -> ')) return [];
    return [{ path, location: `/site/${path}`, text: text.replaceAll('«', ''), mode: sample.modes?.[path] ?? 0o644 }];
  });
  // `path -> target` is a link.
  const links = Object.keys(tree).flatMap((name) => {
    const [path = '', target] = name.split(' -> ');
    return target === undefined ? [] : [{ path, location: `/site/${path}`, target }];
  });
  return new Estate({ files, links, ...(assumed === undefined ? {} : { assumed }) });
}

function marks(tree: Tree): readonly string[] {
  return Object.entries(tree).flatMap(([path, text]) =>
    text.split('\n').flatMap((line, index) =>
      line
        .split('«')
        .slice(0, -1)
        .map((_, part, parts) => `${path}:${index + 1}:${parts.slice(0, part + 1).join('').length + 1}`),
    ),
  );
}

function results(rule: Rule, estate: Estate) {
  const all = [...rule.evaluate(estate)];
  const hits = all.flatMap((each) => ('at' in each ? [each] : []));
  return {
    places: hits.map(({ at }) => `${at.file}:${at.line ?? 0}:${at.column ?? 0}`).toSorted(),
    missing: all.flatMap((each) => ('missing' in each ? [each.missing] : [])),
    hits,
  };
}

describe('rules', () => {
  it('have samples, one each, and no sample is left over', () => {
    expect(RULES.map(({ id }) => id).filter((id) => SAMPLES[id] === undefined)).toEqual([]);
    expect(Object.keys(SAMPLES).filter((id) => !RULES.some((rule) => rule.id === id))).toEqual([]);
  });

  it('have an id of their own and say enough', () => {
    const ids = RULES.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    for (const rule of RULES) {
      expect(rule.id).toMatch(/^[A-Z]{2}\d\d$/);
      expect(Math.min(rule.title.length, rule.explanation.length, rule.remediation.length), rule.id).toBeGreaterThan(
        10,
      );
      if (rule.source === undefined) expect(severityOf(rule)).toBe('info');
    }
  });
});

describe.each(RULES.filter(({ id }) => SAMPLES[id] !== undefined))('$id $title', (rule) => {
  const sample: Sample = SAMPLES[rule.id] ?? { bad: {}, good: {} };
  const goods: readonly Tree[] = Array.isArray(sample.good) ? sample.good : [sample.good as Tree];

  it('finds the fault where it is', () => {
    const { places, missing, hits } = results(rule, estateOf(sample.bad, sample));
    if (sample.undecided === true) expect(missing.length).toBeGreaterThan(0);
    else {
      expect(places).toEqual(marks(sample.bad).toSorted());
      expect(places.length).toBeGreaterThan(0);
    }
    for (const { patch } of hits) {
      if (patch === undefined) continue;
      const text = (sample.bad[patch.file] ?? '').replaceAll('«', '').split('\n')[patch.line - 1];
      expect(patch.before).toBe(text);
      expect(patch.insert === true || patch.after !== text).toBe(true);
    }
  });

  it('leaves the right text alone', () => {
    for (const good of goods) {
      const { places, missing } = results(rule, estateOf(good, sample, sample.assumedGood ?? sample.assumed));
      expect(places).toEqual([]);
      expect(missing).toEqual([]);
    }
  });
});
