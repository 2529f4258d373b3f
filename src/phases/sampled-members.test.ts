// Members of the classes that a report of a whole preset names, against the plain evaluator: each has the effect that
// its class says. (simulate.prop.test.ts does the same on small random clusters, exhaustively.)
import { describe, expect, it } from 'vitest';
import { COMPONENTS } from '../components/registry.gen.ts';
import { simulate } from '../simulate/simulate.ts';
import { bruteForce } from '../simulate/testing/brute-force.ts';
import { checkSpec } from '../spec/check.ts';
import { initText } from '../spec/init.ts';
import { PRESETS } from '../spec/presets/all.ts';
import { predictedFailures } from './predict.ts';

const SAMPLES = 1000;

describe.each(PRESETS.map(({ name }) => name))('%s', (preset) => {
  it(`${SAMPLES} sampled members of classes have the effect of their class`, { timeout: 120_000 }, () => {
    const { planned } = checkSpec(initText(preset, {}), 'cluster.yaml');
    if (planned === undefined) throw new Error('the preset is invalid');
    const model = predictedFailures(planned, COMPONENTS);
    const rules = model.nodes
      .filter(({ id }) => !id.startsWith('vip/'))
      .map(({ rule, id, title, deployable, members }) => ({
        ...rule,
        id,
        title,
        deployable,
        hosts: members.flatMap((index) => model.hosts[index]?.name ?? []),
      }));
    const brute = bruteForce(model.cluster, rules);
    const { scenarios } = simulate(model, { failures: 2, all: true });
    const members = scenarios.flatMap((scenario) => scenario.members.map((names) => ({ names, scenario })));
    // 7919 is prime: a walk over all of them that is not in their order.
    const sampled = Array.from({ length: SAMPLES }, (_, at) => members[(at * 7919) % members.length]);
    expect(members.length).toBeGreaterThan(200);
    for (const member of sampled) {
      if (member === undefined) continue;
      const { names, scenario } = member;
      for (const { capability } of model.capabilities) {
        const said = scenario.capabilities[capability];
        const found = brute(names, capability);
        const share = said?.state === 'down' ? (said.part?.share ?? 1) : 0;
        const seconds = said?.state === 'interrupted' ? said.seconds.expected : 0;
        expect(`${names.join(' + ')} ${capability} ${said?.state} ${share.toFixed(6)} ${seconds.toFixed(3)}`).toBe(
          `${names.join(' + ')} ${capability} ${found.state} ${found.share.toFixed(6)} ${(found.state === 'interrupted' ? found.expected : 0).toFixed(3)}`,
        );
      }
    }
  });
});
