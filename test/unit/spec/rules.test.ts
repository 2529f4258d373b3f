// The rules as a whole: a good spec breaks none, every rule has a test that breaks it, ids are unique.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CTL4, GOOD, lineOf } from '../../support/spec-rules.ts';
import { checkSpec } from '../../../src/spec/check.ts';
import { SPEC_RULES } from '../../../src/spec/rules/registry.gen.ts';

const CTL2 = lineOf('ctl2');
const CTL3 = lineOf('ctl3');

describe('rules over a spec', () => {
  it('find nothing in a good spec but what this version cannot deploy yet', () => {
    const findings = checkSpec(GOOD, 'good.yaml').findings.filter(({ severity }) => severity !== 'info');
    expect(findings).toEqual([]);
  });

  it('are all tried here', () => {
    const texts = ['rules-topology.test.ts', 'rules-services.test.ts'].map((file) =>
      readFileSync(new URL(file, import.meta.url), 'utf8'),
    );
    const tried = new Set(Array.from(texts.join('').matchAll(/rule: '([^']+)'/g), ([, rule]) => `spec.${rule ?? ''}`));
    expect(SPEC_RULES.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
  });

  it('have ids of their own', () => {
    expect(new Set(SPEC_RULES.map(({ id }) => id)).size).toBe(SPEC_RULES.length);
  });

  it('accept the same VIP network for all, hosts in service lists, bmc boards behind one gateway', () => {
    const text = GOOD.replace(CTL2, CTL2.replace('10.9.0.12 }', '10.9.0.11, port: 8002 }')).replace(
      '  keystone: {',
      '  galera: { hosts: [ctl3, ctl1, ctl2] }\n  keystone: {',
    );
    expect(checkSpec(text, 'good.yaml').findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('say a promise for racks is kept when every rack holds less than half', () => {
    const four = GOOD.replace(CTL3, `${CTL3}\n${CTL4}`).replace('survives: [host, rack]', 'survives: [power]');
    const rules = checkSpec(four, 'bad.yaml').findings.map(({ rule }) => rule);
    expect(rules).toContain('spec.promise-not-kept');
    const racks = GOOD.replace(CTL3, `${CTL3}\n${CTL4}`);
    expect(checkSpec(racks, 'good.yaml').findings.map(({ rule }) => rule)).not.toContain('spec.promise-not-kept');
  });
});
