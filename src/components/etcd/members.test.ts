// What a member says of itself, and that a formation or a join never starts a member over what it does not know.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fakeIdentity } from '../../../test/support/fake-identity.ts';
import { sampleCluster } from '../../../test/support/sample-cluster.ts';
import { clusterContext } from '../../phases/context.ts';
import { clusterComponents } from '../../phases/desired.ts';
import { COMPONENTS } from '../registry.gen.ts';
import { etcdGroup, parseMember } from './members.ts';

const base = sampleCluster();
const cluster = { ...base, services: { ...base.services, etcd: {} } };
const deployed = clusterComponents(cluster, COMPONENTS);
const group = etcdGroup(clusterContext({ cluster, deployed, identity: fakeIdentity(cluster, deployed) }));

describe('what an etcd member says of itself', () => {
  it.each([
    {
      name: 'serves',
      output: 'unit active\ntrace\nhealth {"health":"true","reason":""}\n',
      expected: { running: true, trace: true, detail: 'active, reads from a majority' },
    },
    {
      name: 'has no leader',
      output: 'unit active\ntrace\nhealth {"health":"false","reason":"RAFT NO LEADER"}\n',
      expected: { running: false, trace: true, detail: 'active, RAFT NO LEADER' },
    },
    {
      name: 'was just installed',
      output: 'unit inactive\nhealth \n',
      expected: { running: false, trace: false, detail: 'inactive, does not answer' },
    },
    {
      name: 'has data and is down',
      output: 'unit failed\ntrace\nhealth \n',
      expected: { running: false, trace: true },
    },
  ])('$name', ({ output, expected }) => {
    expect(parseMember(output)).toMatchObject(expected);
  });
});

describe('steps of the group', () => {
  const joined = group.join?.('ctl2')[0]?.script.text ?? '';
  const texts = [...(group.form?.() ?? []).map(({ script }) => script.text), joined, group.read('ctl1').text];

  it('starts all members before it waits for any', () => {
    const does = group.form?.().map((step) => `${step.host} ${step.does}`);
    expect(does?.slice(0, 3).every((each) => each.endsWith('for the first time'))).toBe(true);
    expect(does?.slice(3)).toEqual(['ctl1 wait for etcd', 'ctl2 wait for etcd', 'ctl3 wait for etcd']);
  });

  it('joins through the other members only, under the address of its own', () => {
    expect(joined).toContain('ETCDCTL_ENDPOINTS=https://10.10.10.11:2379,https://10.10.10.13:2379 ');
    expect(joined).toContain('etcdctl member add ctl2 --peer-urls=https://10.10.10.12:2380');
  });

  it('writes scripts that a shell can read', () => {
    for (const text of texts) execFileSync('sh', ['-n'], { input: text });
    expect(texts).toHaveLength(8);
  });
});
