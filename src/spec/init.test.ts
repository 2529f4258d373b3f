import { describe, expect, it } from 'vitest';
import { checkSpec } from './check.ts';
import { initText, listPresets } from './init.ts';

const seen = (text: string) =>
  checkSpec(text, 'cluster.yaml').findings.map(({ severity, rule, message }) => `${severity} ${rule} ${message}`);

describe('initText', () => {
  it.each(listPresets().map(({ name, deployable }) => ({ name, deployable })))(
    'writes a spec for $name that passes check',
    ({ name, deployable }) => {
      const findings = seen(initText(name, {}));
      expect(findings.filter((line) => line.startsWith('critical'))).toEqual([]);
      const warnings = findings.filter((line) => line.startsWith('warning'));
      expect(warnings.map((line) => line.split(' ')[1])).toEqual(deployable ? [] : ['spec.not-deployable']);
    },
  );
});
