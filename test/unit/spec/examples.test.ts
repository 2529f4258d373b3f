// The committed examples are what `hastack init` writes, so that they never fall behind the schema.
// After a change of a preset: hastack init --preset NAME -o - > examples/NAME.yaml
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkSpec } from '../../../src/spec/check.ts';
import { initText, listPresets } from '../../../src/spec/init.ts';

const FOLDER = new URL('../../../examples/', import.meta.url);

describe('examples', () => {
  it.each(listPresets().map(({ name }) => name))('%s is what init writes', (name) => {
    expect(readFileSync(new URL(`${name}.yaml`, FOLDER), 'utf8')).toBe(initText(name, {}));
  });

  it('pass check', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
    expect(files.length).toBeGreaterThanOrEqual(listPresets().length);
    for (const file of files) {
      const { cluster, findings } = checkSpec(readFileSync(new URL(file, FOLDER), 'utf8'), file);
      expect(cluster, file).toBeDefined();
      expect(
        findings.filter(({ severity }) => severity === 'critical'),
        file,
      ).toEqual([]);
    }
  });
});
