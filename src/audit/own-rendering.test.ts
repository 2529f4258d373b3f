// What hastack itself renders, audited: no finding of warning or above that is not explained here.
import { describe, expect, it } from 'vitest';

import { fakeIdentity } from '../../test/support/fake-identity.ts';
import { cloudCluster, sampleCluster } from '../../test/support/sample-cluster.ts';
import { COMPONENTS } from '../components/registry.gen.ts';
import { clusterComponents, desiredState } from '../phases/desired.ts';
import type { FileDesired } from '../resources/file.ts';
import { Estate } from './estate.ts';
import { RULE_FAMILIES } from './rules/registry.gen.ts';
import { audit } from './run.ts';

/** Rules whose findings are inherent to the shape, each with the reason. */
const EXPLAINED: Readonly<Record<string, string>> = {};

/** Lines of Debian's own memcached.conf, which its start script passes over; they are kept as Debian has them. */
const AS_DEBIAN = /memcached\.conf: (?:the start script ignores this flag|expected a flag)/;

const CLUSTERS = [
  { name: 'an identity service', cluster: sampleCluster(), hosts: ['ctl1', 'ctl2', 'ctl3'] },
  { name: 'a cloud', cluster: cloudCluster(), hosts: ['ctl1', 'ctl2', 'ctl3', 'cmp1'] },
];

describe.each(CLUSTERS)('what hastack renders for $name', ({ cluster, hosts }) => {
  const deployed = clusterComponents(cluster, COMPONENTS);
  const state = desiredState(cluster, deployed, fakeIdentity(cluster, deployed));
  const files = cluster.hosts.flatMap(({ name }) =>
    state.components
      .flatMap((component) =>
        component.steps.flatMap((step) => (step.on === 'each' ? (step.resources.get(name) ?? []) : [])),
      )
      .flatMap((resource) => {
        if (resource.kind !== 'file') return [];
        const desired = resource.desired as FileDesired;
        if (desired.type !== 'file') return [];
        const path = `${name}${desired.path}`;
        return [{ path, location: `/site/${path}`, text: desired.content, mode: Number.parseInt(desired.mode, 8) }];
      }),
  );
  const report = audit(new Estate({ files, assumed: { rabbitmq: '4.0', keepalived: '2.3' } }), RULE_FAMILIES.flat());

  it('is read as its hosts, without a line that a reader does not understand', () => {
    const estate = new Estate({ files });
    expect(new Set(estate.hosts.map(({ name }) => name))).toEqual(new Set(hosts));
    expect(
      estate.files
        .flatMap(({ path, problems }) => problems.map(({ message }) => `${path}: ${message}`))
        .filter((text) => !AS_DEBIAN.test(text)),
    ).toEqual([]);
    expect(estate.files.length).toBeGreaterThan(60);
  });

  it('has no finding of warning or above that is not explained', () => {
    const serious = report.findings.filter(({ severity }) => severity !== 'info');
    const open = serious.filter(({ rule }) => EXPLAINED[rule] === undefined);
    expect(open.map(({ rule, at, message }) => `${rule} ${at.file}:${at.line ?? 0} ${message}`)).toEqual([]);
  });
});
