import { describe, expect, it } from 'vitest';
import { labCluster } from '../../test/real/support/lab-cluster.ts';
import type { Fault } from './fault-state.ts';
import { cutLinks } from './fault-state.ts';
import { faultRules } from './nft.ts';
import { topologyOf } from './topology.ts';

const topology = topologyOf(labCluster('unit', 71));
const rules = (...faults: readonly Fault[]): string =>
  faultRules(
    faults.map((fault, index) => ({ id: String(index), fault })),
    topology,
  );
const drops = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.endsWith('drop'));

describe('the nftables text of faults', () => {
  it('only removes the table when there is no fault', () => {
    expect(rules()).toBe('table bridge hastack_faults {}\ndelete table bridge hastack_faults\n');
    expect(rules({ kind: 'cut', host: 'ctl1', network: 'data' })).toBe(rules());
  });

  it('drops both directions between two groups, on all networks', () => {
    expect(drops(rules({ kind: 'partition', from: ['ctl1'], to: ['ctl2', 'ctl3'], oneWay: false }))).toEqual([
      'iifname { "ctl1.eno1", "ctl1.bond0" } oifname { "ctl2.eno1", "ctl2.bond0", "ctl3.eno1", "ctl3.bond0" } drop',
      'iifname { "ctl2.eno1", "ctl2.bond0", "ctl3.eno1", "ctl3.bond0" } oifname { "ctl1.eno1", "ctl1.bond0" } drop',
    ]);
  });

  it('drops one direction on one network', () => {
    expect(drops(rules({ kind: 'partition', from: ['ctl1'], to: ['ctl2'], oneWay: true, network: 'data' }))).toEqual([
      'iifname { "ctl1.bond0" } oifname { "ctl2.bond0" } drop',
    ]);
  });

  it('cuts the operator off where it is a member', () => {
    const text = rules({ kind: 'partition', from: ['ctl1'], to: ['outside'], oneWay: false, network: 'management' });
    expect(text).toContain('hook input');
    expect(text).toContain('hook output');
    expect(drops(text)).toEqual(['iifname { "ctl1.eno1" } drop', 'oifname { "ctl1.eno1" } drop']);
  });

  it('loses in both directions, also from and to the operator', () => {
    const text = rules({ kind: 'loss', host: 'ctl2', network: 'data', percent: 0.5 });
    expect(drops(text)).toHaveLength(4);
    expect(drops(text)[0]).toBe('iifname "ctl2.bond0" numgen random mod 10000 < 50 drop');
  });

  it('knows which cables are pulled', () => {
    const faults = [{ id: '1', fault: { kind: 'cut', host: 'ctl3', network: 'management' } }] as const;
    expect([...cutLinks(faults, topology)]).toEqual(['ctl3.eno1']);
  });
});
