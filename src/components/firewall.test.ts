import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fakeIdentity } from '../../test/support/fake-identity.ts';
import { sampleCluster } from '../../test/support/sample-cluster.ts';
import { clusterComponents, desiredState } from '../phases/desired.ts';
import { COMPONENTS } from './registry.gen.ts';

function rulesetOf(changes: Parameters<typeof sampleCluster>[0] = {}): string {
  const cluster = sampleCluster(changes);
  const deployed = clusterComponents(cluster, COMPONENTS);
  const state = desiredState(cluster, deployed, fakeIdentity(cluster, deployed));
  const steps = state.components.find(({ id }) => id === 'firewall')?.steps ?? [];
  const resources = steps.flatMap((step) => (step.on === 'each' ? (step.resources.get('ctl1') ?? []) : []));
  const tables = resources
    .filter(({ kind }) => kind === 'nftables')
    .map(({ desired }) => desired as { readonly ruleset: string });
  return tables.map(({ ruleset }) => ruleset).join('\n');
}

describe('firewall', () => {
  const ruleset = rulesetOf({ operators: ['10.10.1.250', '192.0.2.0/28'] });

  it('opens public endpoints to everybody and the database to members only', () => {
    expect(ruleset).toContain('ip daddr 10.10.1.10 tcp dport 5000 accept');
    expect(ruleset).toContain('ip saddr @members4 ip daddr 10.10.10.10 tcp dport 3306 accept');
    expect(ruleset).not.toMatch(/^\s*(ip daddr 10\.10\.10\.10 )?tcp dport 3306 accept/m);
  });

  it('counts operators among the members', () => {
    expect(ruleset).toContain('10.10.1.250');
    expect(ruleset).toContain('192.0.2.0/28');
    expect(ruleset).toContain('flags interval');
  });

  it('never shuts ssh out, whatever comes later', () => {
    const lines = ruleset.split('\n');
    const ssh = lines.findIndex((line) => line.includes('tcp dport 22 accept'));
    const firstDrop = lines.findIndex((line) => line.includes(' drop'));
    expect(ssh).toBeGreaterThan(0);
    expect(firstDrop).toBeGreaterThan(ssh);
  });

  it('is a table that nft accepts', () => {
    const table = `table inet hastack_test {\n${ruleset}\n}\n`;
    const nft = ['/usr/sbin/nft', '--check', '--file', '-'] as const;
    // In a namespace of its own: checking needs the kernel, and not this machine's tables.
    execFileSync('unshare', ['--user', '--map-root-user', '--net', ...nft], {
      input: table,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  });
});
