// Tables of failures and what they cost: `host/ctl1 → identity 2.8, images part`. `ok` nobody notices, a number is the
// expected seconds, `part` a part of the users, `down` everybody. For tests.
import { expect, it } from 'vitest';
import { COMPONENTS } from '../../src/components/registry.gen.ts';
import type { Capability } from '../../src/model/capability.ts';
import { NO_TIME } from '../../src/model/seconds.ts';
import { Evaluator } from '../../src/simulate/evaluator.ts';
import { explained, sumOf } from '../../src/simulate/explain.ts';
import { checkSpec } from '../../src/spec/check.ts';
import { initText } from '../../src/spec/init.ts';
import type { PresetName } from '../../src/spec/presets/names.ts';
import { predictedFailures } from '../../src/phases/predict.ts';

export type Change = readonly [string, string];
export const COMPUTES: Change = [
  '\nhosts:\n',
  `\nhosts:
  cmp1: { roles: [compute], domains: { rack: r1, power: a }, addresses: { management: 10.10.1.31, data: 10.10.10.31 } }
  cmp2: { roles: [compute], domains: { rack: r2, power: b }, addresses: { management: 10.10.1.32, data: 10.10.10.32 } }
`,
];
/** Written as a real line where the preset has a comment. */
export const option = (line: string): Change => ['\n# services:\n', `\nservices: { ${line} }\n# services:\n`];

function cost(preset: PresetName, changes: readonly Change[]) {
  const text = changes.reduce(
    (all, [from, to]) => {
      expect(all).toContain(from);
      return all.replaceAll(from, to);
    },
    initText(preset, {}),
  );
  const { planned, findings } = checkSpec(text, 'cluster.yaml');
  if (planned === undefined) throw new Error(findings.map(({ message }) => message).join('\n'));
  const model = predictedFailures(planned, COMPONENTS);
  const evaluator = new Evaluator(model);
  return (failed: string, capability: Capability): string => {
    const elements = failed.split(' + ').map((name) => {
      const element = model.elements.find((each) => each.name === name);
      if (element === undefined) throw new Error(`no element ${name}`);
      return element;
    });
    const index = model.capabilities.findIndex((each) => each.capability === capability);
    const effect = evaluator.effectsOf(elements)[index];
    if (effect === undefined) throw new Error(`${capability} is not offered: ${JSON.stringify(model.notOffered)}`);
    const names = elements.map(({ name }) => name);
    const asked = { capability: index, repair: NO_TIME, failed: names };
    const { state, part, seconds, because, improve } = explained(model, effect, asked);
    // Every cell says why, and what to change.
    if (state !== 'unaffected') expect(`${because.length > 0} ${improve ?? ''}`).toMatch(/^true .{20,}/);
    // The terms add up to what is said.
    if (state === 'interrupted') expect(sumOf(because, 'expected').expected).toBeCloseTo(seconds.expected, 2);
    if (state === 'down') return part === undefined ? 'down' : 'part';
    return state === 'unaffected' ? 'ok' : String(seconds.expected);
  };
}

export function table(preset: PresetName, rows: readonly string[], changes: readonly Change[] = []): void {
  const of = cost(preset, changes);
  it.each(rows)('%s', (row) => {
    const [failed = '', wanted = ''] = row.split(' → ');
    const pairs = wanted.split(', ').map((each) => each.split(' '));
    const actual = pairs.map(([capability]) => `${capability} ${of(failed, capability as Capability)}`);
    expect(`${failed} → ${actual.join(', ')}`).toBe(row);
  });
}
