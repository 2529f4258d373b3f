// Which rules count for which probe: a table over the first drills.
import { describe, expect, it } from 'vitest';
import { atLeast, majority, type FailureRule, type FaultKind } from '../model/failure.ts';
import { NO_TIME, seconds } from '../model/seconds.ts';
import { outsidePrediction, predict, type PredictedFault } from './predict.ts';

const rule = (needs: FailureRule['needs'], times: Partial<Record<FaultKind, readonly number[]>>): FailureRule => ({
  needs,
  interruption: Object.fromEntries(
    Object.entries(times).map(([kind, values]) => [
      kind,
      { terms: values.map((value) => ({ name: 't', source: 's', seconds: seconds(value, value, value) })) },
    ]),
  ),
});
const rules = new Map([
  ['keepalived', rule(atLeast(1), { 'host-power': [0.75, 0.1], 'process-stopped': [0.05], 'process-killed': [0.2] })],
  ['haproxy', rule(atLeast(1), { 'process-killed': [0.3] })],
  ['keystone', rule(atLeast(1), { 'process-killed': [], 'process-frozen': [3] })],
  ['galera', rule(majority, { 'host-power': [2, 0.5] })],
]);
const fault = (changes: Partial<PredictedFault>): PredictedFault => ({
  kind: 'host-power-off',
  holdsVip: false,
  isWriter: false,
  ...changes,
});

describe('predict', () => {
  it.each([
    ['VIP holder off, GET', fault({ holdsVip: true }), 'http-get', 0.85],
    ['VIP holder off, commits', fault({ holdsVip: true }), 'mariadb-set', 2.5],
    ['writer off, GET', fault({ isWriter: true }), 'http-get', 0],
    ['writer off, validation reads', fault({ isWriter: true }), 'token-validate', 2.5],
    ['any other host off, validation', fault({}), 'token-validate', 0],
    ['any other host off, commits', fault({}), 'mariadb-set', 2.5],
    [
      'HAProxy killed with the VIP',
      fault({ kind: 'process-killed', component: 'haproxy', holdsVip: true }),
      'http-get',
      0.3,
    ],
    ['HAProxy killed elsewhere', fault({ kind: 'process-killed', component: 'haproxy' }), 'http-get', 0],
    ['Keystone frozen, GET', fault({ kind: 'unit-frozen', component: 'keystone' }), 'http-get', 0],
    ['the only Keystone frozen, GET', fault({ kind: 'unit-frozen', component: 'keystone', hosts: 1 }), 'http-get', 3],
    ['Keystone frozen, database', fault({ kind: 'unit-frozen', component: 'keystone' }), 'mariadb-set', 0],
    [
      'Keepalived stopped in good order',
      fault({ kind: 'unit-stopped', component: 'keepalived', holdsVip: true }),
      'http-get',
      0.05,
    ],
    ['Keystone stopped', fault({ kind: 'unit-stopped', component: 'keystone' }), 'http-get', 0],
    ['Keystone drained', fault({ kind: 'unit-drained-stopped', component: 'keystone' }), 'http-get', 0],
  ] as const)('%s', (_name, what, probe, expected) => {
    expect(predict(rules, what, probe)?.expected).toBeCloseTo(expected, 6);
  });

  it('ranges from nothing to all of it for what several hosts share, and for a VIP that may be elsewhere', () => {
    const frozen = fault({ kind: 'unit-frozen', component: 'keystone' });
    expect(predict(rules, frozen, 'http-get')).toEqual(seconds(0, 0, 3));
    const killed = fault({ kind: 'process-killed', component: 'haproxy', holdsVip: true });
    expect(predict(rules, killed, 'mariadb-set')).toEqual(seconds(0, 0.3, 0.3));
    expect(predict(rules, fault({ isWriter: true }), 'token-validate')).toEqual(seconds(0, 2.5, 2.5));
    expect(predict(rules, fault({ isWriter: true }), 'token-issue')).toEqual(seconds(2.5, 2.5, 2.5));
  });

  it('knows nothing when the failed component states nothing', () => {
    expect(
      predict(rules, fault({ kind: 'unit-frozen', component: 'haproxy', holdsVip: true }), 'http-get'),
    ).toBeUndefined();
    expect(predict(new Map(), fault({ kind: 'process-killed', component: 'keystone' }), 'http-get')).toBeUndefined();
  });

  it('takes what watches over HAProxy when HAProxy itself states nothing', () => {
    const watched = { ...rule(atLeast(1), {}), watches: rule(atLeast(1), { 'process-frozen': [2] }).interruption };
    const frozen = fault({ kind: 'unit-frozen', component: 'haproxy', holdsVip: true });
    expect(predict(new Map([...rules, ['keepalived', watched]]), frozen, 'http-get')?.expected).toBeCloseTo(2, 6);
  });

  it('counts RabbitMQ only where the queue is led', () => {
    const all = new Map([...rules, ['rabbitmq', rule(majority, { 'host-power': [11] })]]);
    expect(predict(all, fault({ leadsQueue: true }), 'rabbitmq-publish')?.expected).toBe(11);
    expect(predict(all, fault({}), 'rabbitmq-publish')?.expected).toBe(0);
  });

  it('knows nothing of faults that no rule speaks of', () => {
    expect(predict(rules, fault({ kind: 'disk-full', component: 'galera' }), 'mariadb-set')).toBeUndefined();
  });

  it('is nothing for the control probe', () => {
    expect(predict(rules, fault({ holdsVip: true, isWriter: true }), 'control')).toEqual(NO_TIME);
  });
});

describe('outsidePrediction', () => {
  const probe = { predicted: seconds(2, 2.3, 3.8), periodSeconds: 1 };
  it.each([
    // A probe that sends every second sees a second more or less.
    [1, undefined],
    [0.99, 'below'],
    [4.89, undefined],
    [4.91, 'above'],
  ] as const)('%s s', (measured, side) => {
    expect(outsidePrediction(probe, measured)).toBe(side);
  });
  it('says nothing where nothing was predicted', () => {
    expect(outsidePrediction({ predicted: null, periodSeconds: 1 }, 9)).toBeUndefined();
  });
});
