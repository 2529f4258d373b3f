import { describe, expect, it } from 'vitest';
import { cloudCluster } from '../../../test/support/sample-cluster.ts';
import { fakeIdentity } from '../../../test/support/fake-identity.ts';
import { clusterContext } from '../../phases/context.ts';
import { clusterComponents } from '../../phases/desired.ts';
import { COMPONENTS } from '../registry.gen.ts';
import { ovnCentralGroup, parseMember } from './members.ts';

const server = (id: string, host: number, port: number, rest = '') =>
  `    ${id} (${id} at ssl:10.10.10.1${host}:${port})${rest}`;

/** As ovsdb-server 3.5 prints it. */
function status(database: 'nb' | 'sb', changes: { status?: string; role?: string; leader?: string } = {}): string {
  const port = database === 'nb' ? 6643 : 6644;
  return [
    `${database} unit active`,
    `${database} trace`,
    ...[
      'fbe4',
      `Name: OVN_${database === 'nb' ? 'North' : 'South'}bound`,
      'Cluster ID: a8a4 (a8a4e3df-8d1e-41ba-ab0d-16efa4661ed9)',
      'Server ID: fbe4 (fbe4d265-2ab8-43e5-bad3-ddda7c4a1520)',
      `Address: ssl:10.10.10.11:${port}`,
      `Status: ${changes.status ?? 'cluster member'}`,
      `Role: ${changes.role ?? 'leader'}`,
      'Term: 2',
      `Leader: ${changes.leader ?? 'self'}`,
      'Vote: self',
      'Servers:',
      server('fbe4', 1, port, ' (self) next_index=3 match_index=5'),
      server('c20e', 2, port, ' next_index=6 match_index=5 last msg 1307 ms ago'),
      server('5c64', 3, port, ' next_index=6 match_index=5 last msg 1307 ms ago'),
    ].map((line) => `${database} status ${line}`),
  ].join('\n');
}

describe('what a member of the OVN databases says of itself', () => {
  it.each([
    {
      name: 'leads one and follows in the other',
      output: `${status('nb')}\n${status('sb', { role: 'follower', leader: 'c20e' })}\n`,
      expected: { running: true, trace: true, detail: 'nb leader of 3; sb follower of 3' },
    },
    {
      name: 'is cut off from the others in one of them',
      output: `${status('nb')}\n${status('sb', { status: 'disconnected from the cluster (election timeout)', role: 'candidate', leader: 'unknown' })}\n`,
      expected: {
        running: false,
        trace: true,
        detail: 'nb leader of 3; sb active, disconnected from the cluster (election timeout), no leader',
      },
    },
    {
      name: 'waits to join',
      output: `nb unit active\nnb trace\nnb status Status: joining cluster\nnb status Leader: unknown\n${status('sb')}\n`,
      expected: { running: false },
    },
    {
      name: 'was just installed',
      output: 'nb unit inactive\nsb unit inactive\n',
      expected: { running: false, trace: false, detail: 'nb inactive, no data; sb inactive, no data' },
    },
    {
      name: 'holds one database of an earlier life',
      output: 'nb unit inactive\nsb unit inactive\nsb trace\n',
      expected: { running: false, trace: true },
    },
    {
      name: 'runs a database that is not clustered',
      output: `nb unit active\nnb trace\n${status('sb')}\n`,
      expected: { running: false, trace: true, detail: 'nb active, does not answer; sb leader of 3' },
    },
  ])('$name', ({ output, expected }) => {
    expect(parseMember(output)).toMatchObject(expected);
  });
});

describe('the group', () => {
  const cluster = cloudCluster();
  const deployed = clusterComponents(cluster, COMPONENTS);
  const group = ovnCentralGroup(clusterContext({ cluster, deployed, identity: fakeIdentity(cluster, deployed) }));
  const scripts = (steps: ReturnType<NonNullable<typeof group.join>> | undefined) =>
    (steps ?? []).map(({ host, script }) => [host, script.text] as const);

  it('creates the clusters on one member only, and only where there is no file', () => {
    const created = scripts(group.form?.()).filter(([, text]) => text.includes('create-cluster'));
    expect(created.map(([host]) => host)).toEqual(['ctl1']);
    expect(created[0]?.[1]).toContain('[ ! -e "$file" ] || return 0');
    expect(created[0]?.[1]).toContain('ssl:10.10.10.11:6643');
  });

  it('joins by all other members and never creates', () => {
    const [[host, text] = ['', '']] = scripts(group.join?.('ctl2'));
    expect(host).toBe('ctl2');
    expect(text).not.toContain('create-cluster');
    expect(text).toContain('OVN_Southbound ssl:10.10.10.12:6644 ssl:10.10.10.11:6644 ssl:10.10.10.13:6644');
  });
});
