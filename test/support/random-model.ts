// Small random clusters with random rules, for properties: every field of a rule that the evaluator knows occurs.
import fc from 'fast-check';
import { sampleCluster } from './sample-cluster.ts';
import { CAPABILITIES } from '../../src/model/capability.ts';
import type { Cluster, Host, NetworkUse } from '../../src/model/cluster.ts';
import type { FaultKind, PlacedRule } from '../../src/model/failure.ts';
import { seconds } from '../../src/model/seconds.ts';

const KINDS: readonly FaultKind[] = [
  ...(['process-killed', 'process-frozen', 'host-power', 'host-isolated', 'nic-cut', 'network-down'] as const),
  'disk-failed',
];
const USES: readonly NetworkUse[] = ['internal', 'management', 'provider'];
const IDS = ['keepalived', 'haproxy', 'galera', 'a', 'b', 'c', 'd'] as const;

export interface RandomModel {
  readonly cluster: Cluster;
  readonly rules: readonly PlacedRule[];
}

const host = (index: number): fc.Arbitrary<Host> =>
  fc
    .record({
      rack: fc.constantFrom('r1', 'r2', 'r3'),
      power: fc.constantFrom('a', 'b', 'a+b'),
      dataSwitch: fc.constantFrom(undefined, 's1', 's1+s2'),
      all: fc.constantFrom(undefined, 's3'),
      shared: fc.boolean(),
      bmc: fc.boolean(),
      outside: fc.constantFrom('eno3', 'eno3', 'bond0'),
    })
    .map(({ rack, power, dataSwitch, all, shared, bmc, outside }) => ({
      name: `h${index}`,
      roles: ['control'],
      domains: {
        rack,
        power,
        ...(dataSwitch === undefined ? {} : { 'switch-data': dataSwitch }),
        ...(all === undefined ? {} : { switch: all }),
      },
      addresses: {},
      interfaces: { management: 'eno1', data: shared ? 'eno1' : 'bond0', external: outside },
      ...(bmc ? { bmc: { kind: 'redfish', address: '192.0.2.1', port: 443, user: 'admin' } } : {}),
      sshAddress: '192.0.2.1',
    }));

const term = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
  .map(([low, more, most]) => ({ name: 't', source: 's', seconds: seconds(low, low + more, low + more + most) }));
const interruption = fc.record({ terms: fc.array(term, { maxLength: 2 }) });
const table = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...KINDS), interruption), { selector: ([kind]) => kind, maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));

function rule(id: string, at: number, hosts: readonly string[]): fc.Arbitrary<PlacedRule> {
  const earlier = IDS.slice(2, Math.max(2, at));
  const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...values]);
  return fc
    .record({
      hosts: fc.oneof(fc.constant([...hosts]), fc.subarray([...hosts], { minLength: 1 })),
      needs: fc.constantFrom(
        { kind: 'majority' } as const,
        { kind: 'at-least', count: 1 } as const,
        { kind: 'at-least', count: 0 } as const,
      ),
      serves: fc.constantFrom('all', 'all', 'one', 'own'),
      requires: some(earlier),
      readsOnly: some(earlier),
      uses: some(USES.slice(0, 2)),
      usesAny: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, some(USES.slice(0, 2))),
      strands: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.constant(['provider' as const])),
      survives: some(KINDS),
      dataDisk: fc.boolean(),
      fenced: fc.boolean(),
      onlyWhenHit: fc.boolean(),
      externals: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.constant(['nfs'])),
      watches: table,
      interruption: table,
      capabilities: some(CAPABILITIES.slice(0, 3)),
      writes: fc.boolean(),
      vip: fc.constantFrom(undefined, 'public', 'internal'),
    })
    .map(({ writes, vip, ...fields }) => ({
      ...fields,
      id,
      title: id,
      deployable: true,
      ...(writes && fields.hosts[0] !== undefined ? { writer: fields.hosts[0] } : {}),
      ...(vip === undefined || at < 2 ? {} : { vip }),
    })) as fc.Arbitrary<PlacedRule>;
}

export const randomModel: fc.Arbitrary<RandomModel> = fc
  .integer({ min: 2, max: 5 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => host(index + 1))))
  .chain((hosts) => {
    const names = hosts.map((each) => each.name);
    return fc
      .tuple(...IDS.map((id, at) => rule(id, at, names)))
      .map((rules) => ({ cluster: sampleCluster({ hosts, services: {} }), rules }));
  });
