import { describe, expect, it } from 'vitest';

import type { Finding } from '../model/finding.ts';
import { findingsText } from './findings-text.ts';

const options = { color: false, file: 'c.yaml' };

function finding(overrides: Partial<Finding>): Finding {
  return {
    rule: 'spec.rule',
    severity: 'warning',
    impact: 'users wait',
    message: 'something',
    at: { file: 'c.yaml', line: 2, column: 5 },
    remediation: 'write this\nor that',
    source: 'manual(1)',
    ...overrides,
  };
}

describe('findingsText', () => {
  it('puts the most severe first and counts them at the end', () => {
    const findings = [
      finding({ severity: 'info', message: 'small' }),
      finding({ severity: 'critical', message: 'big' }),
    ];
    const text = findingsText({ findings, undecided: [] }, options);
    expect(text.indexOf('big')).toBeLessThan(text.indexOf('small'));
    expect(text).toMatch(/c\.yaml: 1 critical, 1 info\n$/);
  });

  it('gives position, effect, remedy in line, and source', () => {
    const text = findingsText({ findings: [finding({ host: 'ctl1' })], undecided: [] }, options);
    expect(text).toBe(
      [
        'c.yaml:2:5: warning: something (ctl1)',
        '  effect: users wait',
        '  write:  write this',
        '          or that',
        '  rule:   spec.rule (manual(1))',
        '',
        'c.yaml: 1 warning',
        '',
      ].join('\n'),
    );
  });

  it('names what is missing once, for all rules that lack it', () => {
    const undecided = ['a', 'b'].map((rule) => ({ rule, missing: 'networks' }));
    const text = findingsText({ findings: [], undecided }, options);
    expect(text).toContain('undecided, for want of networks: a, b\n');
    expect(text).toContain('c.yaml: no findings');
  });
});
