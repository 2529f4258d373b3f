import { describe, expect, it } from 'vitest';
import { parseMember } from './members.ts';

const UUID = '6b1c2d7e-c673-11f0-9d5e-0a1b2c3d4e5f';

describe('what a Galera member says of itself', () => {
  it.each([
    {
      name: 'serves in a primary component',
      output: `unit active\nstatus wsrep_cluster_size\t3\nstatus wsrep_cluster_status\tPrimary\nstatus wsrep_local_state_comment\tSynced\nstatus wsrep_ready\tON\ngrastate uuid ${UUID}\ngrastate seqno -1\n`,
      expected: { running: true, trace: true, detail: 'Synced, size 3' },
    },
    {
      name: 'runs without a primary component',
      output: `unit active\nstatus wsrep_cluster_status\tnon-Primary\nstatus wsrep_local_state_comment\tInitialized\nstatus wsrep_ready\tOFF\ngrastate uuid ${UUID}\n`,
      expected: { running: false, trace: true },
    },
    {
      name: 'is a donor, which does not block it',
      output: `unit active\nstatus wsrep_cluster_status\tPrimary\nstatus wsrep_local_state_comment\tDonor/Desynced\nstatus wsrep_ready\tON\n`,
      expected: { running: true },
    },
    { name: 'was just installed', output: 'unit inactive\nstatus \n', expected: { running: false, trace: false } },
    {
      name: 'has data and does not run',
      output: `unit inactive\nstatus \ngrastate uuid ${UUID}\ngrastate seqno 4711\n`,
      expected: { running: false, trace: true, detail: `inactive, cluster ${UUID}, seqno 4711` },
    },
    {
      name: 'has databases although grastate.dat is gone',
      output: 'unit failed\nstatus \ndatabase keystone\n',
      expected: { running: false, trace: true },
    },
    {
      name: 'never was in a cluster though grastate.dat exists',
      output: 'unit inactive\nstatus \ngrastate uuid 00000000-0000-0000-0000-000000000000\ngrastate seqno -1\n',
      expected: { running: false, trace: false },
    },
  ])('$name', ({ output, expected }) => {
    expect(parseMember(output)).toMatchObject(expected);
  });
});
