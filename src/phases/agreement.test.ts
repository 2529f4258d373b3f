// Predictions against the campaigns that are in the repository, and the counting itself.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMPONENTS } from '../components/registry.gen.ts';
import { seconds } from '../model/seconds.ts';
import { checkSpec } from '../spec/check.ts';
import { ALLOWED_OUTSIDE, agreements } from './agreement.ts';
import type { CampaignLine } from './agreement.ts';
import { rulesOfCluster } from './predict.ts';

const ROOT = join(import.meta.dirname, '../..');

function exampleRules() {
  const text = readFileSync(join(ROOT, 'examples/three-controllers.yaml'), 'utf8');
  const { planned } = checkSpec(text, 'cluster.yaml');
  if (planned === undefined) throw new Error('the example is invalid');
  return rulesOfCluster(planned, COMPONENTS);
}

describe('agreement of prediction and measurement', () => {
  it('is broken by at most one in ten of all measurements of the campaigns', () => {
    const lines = readdirSync(join(ROOT, 'campaigns'))
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) =>
        readFileSync(join(ROOT, 'campaigns', name), 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as CampaignLine),
      );
    const all = agreements(exampleRules(), lines);
    const total = all.reduce((sum, { measurements }) => sum + measurements, 0);
    const outside = all.reduce((sum, { below, above }) => sum + below + above, 0);
    expect(total).toBeGreaterThan(0);
    expect(outside / total).toBeLessThanOrEqual(ALLOWED_OUTSIDE);
  });

  it('holds a run to the prediction it recorded, and leaves discarded runs out', () => {
    const line = (run: number, measured: number): CampaignLine => ({
      campaign: 'haproxy-killed',
      run,
      target: 'process/ctl1/haproxy.service',
      vipHolder: 'ctl1',
      measured: { 'http-get': measured },
      predicted: { 'http-get': seconds(5, 6, 7) },
    });
    const lines = [line(1, 4.9), line(2, 6), line(3, 9), { ...line(4, 99), discarded: 'held up' }];
    expect(agreements(new Map(), lines)).toEqual([
      {
        campaign: 'haproxy-killed',
        probe: 'http-get',
        measurements: 3,
        predicted: seconds(5, 6, 7),
        afterwards: false,
        below: 1,
        above: 1,
      },
    ]);
  });
});
