// What the program would do to the aggregates that a cloud has, and what of it the plan sees.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fakeIdentity } from '../../../test/support/fake-identity.ts';
import { cloudCluster } from '../../../test/support/sample-cluster.ts';
import { clusterComponents, desiredState } from '../../phases/desired.ts';
import { COMPONENTS } from '../registry.gen.ts';
import { AGGREGATES_PROGRAM } from './program.ts';

const WANTED = { ssd: { hosts: ['cmp1', 'cmp2'], zone: 'east', properties: { ssd: 'true' } } };

/** `differences(wanted, present, known)` of the program itself. */
function steps(wanted: unknown, present: unknown, known: readonly string[]): unknown {
  const ask =
    'import json,sys\nscope={"__name__":"program"}\nexec(sys.argv[1],scope)\nw,p,k=json.loads(sys.argv[2])\nprint(json.dumps(scope["differences"](w,p,set(k))))';
  const output = execFileSync('python3', ['-c', ask, AGGREGATES_PROGRAM, JSON.stringify([wanted, present, known])]);
  return JSON.parse(output.toString()) as unknown;
}

describe('host aggregates', () => {
  it('are made, with their zone, properties and the hosts that Nova knows', () => {
    expect(steps(WANTED, [], ['cmp1'])).toEqual([
      ['create', 'ssd', 'east'],
      ['properties', 'ssd', { ssd: 'true' }],
      ['add_host', 'ssd', 'cmp1'],
      ['await_host', 'ssd', 'cmp2'],
    ]);
  });

  it('are left alone when they are as wanted, whatever else the cloud has', () => {
    const metadata = { ssd: 'true', mine: '1', availability_zone: 'east' };
    const present = [
      { name: 'ssd', id: 1, hosts: ['cmp2', 'cmp1'], availability_zone: 'east', metadata },
      { name: 'other', id: 2, hosts: ['cmp9'], availability_zone: null, metadata: {} },
    ];
    expect(steps(WANTED, present, ['cmp1', 'cmp2'])).toEqual([]);
  });

  it('give a host up before another one takes it', () => {
    const wanted = { a: { hosts: ['cmp1'], zone: 'a' }, b: { hosts: [], zone: 'b' } };
    const present = [
      { name: 'a', id: 1, hosts: [], availability_zone: 'a', metadata: {} },
      { name: 'b', id: 2, hosts: ['cmp1'], availability_zone: 'x', metadata: {} },
    ];
    expect(steps(wanted, present, ['cmp1'])).toEqual([
      ['remove_host', 'b', 'cmp1'],
      ['add_host', 'a', 'cmp1'],
      ['zone', 'b', 'b'],
    ]);
  });

  it('are a step of one control host after the compute hosts, and none without a wish', () => {
    const base = cloudCluster();
    const cluster = { ...base, services: { ...base.services, nova: { aggregates: WANTED } } };
    const deployed = clusterComponents(cluster, COMPONENTS);
    const { components } = desiredState(cluster, deployed, fakeIdentity(cluster, deployed));
    const order = components.map(({ id }) => id);
    expect(order.indexOf('nova-aggregates')).toBeGreaterThan(order.indexOf('nova-compute'));
    const one = components.find(({ id }) => id === 'nova-aggregates')?.steps.find(({ on }) => on === 'one');
    expect(one).toMatchObject({ candidates: ['ctl1', 'ctl2', 'ctl3'], resources: [{ id: 'run:nova-aggregates' }] });
    expect(clusterComponents(base, COMPONENTS).map(({ component }) => component.id)).not.toContain('nova-aggregates');
  });
});
