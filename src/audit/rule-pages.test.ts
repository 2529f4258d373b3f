// The pages of the rules in docs/reference/rules are what the rules say now: one page each, none left over.
// `node scripts/rule-pages.mjs` writes them.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import type { Rule } from './rule.ts';
import { rulePage, rulesIndex } from './rule-page.ts';
import { RULE_FAMILIES } from './rules/registry.gen.ts';

const DOCS = '../../docs/reference/rules';
const RULES: readonly Rule[] = RULE_FAMILIES.flat().toSorted((a, b) => (a.id < b.id ? -1 : 1));

describe('pages of the rules', () => {
  it.each(RULES)('$id', async (rule) => {
    await expect(rulePage(rule)).toMatchFileSnapshot(`${DOCS}/${rule.id}.md`);
  });

  it('index', async () => {
    await expect(rulesIndex(RULES)).toMatchFileSnapshot(`${DOCS}/README.md`);
  });

  it('are of rules that exist', () => {
    const pages = readdirSync(new URL(DOCS, import.meta.url)).filter((name) => name !== 'README.md');
    expect(pages.toSorted()).toEqual(RULES.map(({ id }) => `${id}.md`).toSorted());
  });
});
