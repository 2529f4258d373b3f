// The rendered files of a controller and a compute host, reviewed as files: a change of what hastack writes shows as
// a diff here.
import { describe, expect, it } from 'vitest';
import { fakeIdentity } from '../../test/support/fake-identity.ts';
import { cloudCluster, sampleCluster } from '../../test/support/sample-cluster.ts';
import { clusterComponents, desiredState } from '../phases/desired.ts';
import type { FileDesired } from '../resources/file.ts';
import { COMPONENTS } from './registry.gen.ts';

const identity = sampleCluster();
const shown = new Set(clusterComponents(identity, COMPONENTS).map(({ component }) => component.id));

const AGENTS = cloudCluster({ services: { ...cloudCluster().services, neutron: { backend: 'ovs' } } });

const CASES = [
  { name: 'ctl1', host: 'ctl1', folder: '', cluster: identity, wanted: () => true },
  // What a cloud has beyond an identity service, and what its endpoints make of the balancer.
  { name: 'ctl1 of a cloud', host: 'ctl1', folder: 'cloud/', cluster: cloudCluster(), wanted: isNew },
  { name: 'cmp1 of a cloud', host: 'cmp1', folder: 'compute/', cluster: cloudCluster(), wanted: isNew },
  { name: 'ctl1 with Neutron agents', host: 'ctl1', folder: 'ovs/ctl1/', cluster: AGENTS, wanted: ofNeutron },
  { name: 'cmp1 with Neutron agents', host: 'cmp1', folder: 'ovs/cmp1/', cluster: AGENTS, wanted: ofNeutron },
];

function ofNeutron(component: string): boolean {
  return component.startsWith('neutron');
}

function isNew(component: string): boolean {
  return !shown.has(component) || component === 'haproxy';
}

describe.each(CASES)('rendered files of $name', ({ host, folder, cluster, wanted }) => {
  const deployed = clusterComponents(cluster, COMPONENTS);
  const state = desiredState(cluster, deployed, fakeIdentity(cluster, deployed));
  const resources = state.components.flatMap((component) =>
    component.steps.flatMap((step) =>
      step.on === 'each'
        ? (step.resources.get(host) ?? []).map((resource) => ({ component: component.id, resource }))
        : [],
    ),
  );
  const files = resources.flatMap(({ component, resource }) =>
    resource.kind === 'file' ? [{ component, desired: resource.desired as FileDesired }] : [],
  );

  it('are the golden ones', async () => {
    for (const { component, desired } of files) {
      if (desired.type !== 'file' || desired.secret || !wanted(component)) continue;
      await expect(desired.content).toMatchFileSnapshot(`./__golden__/${folder}${component}${desired.path}`);
    }
  });

  it('keep secrets out of files that everybody may read', () => {
    const open = files.filter(
      ({ desired }) => desired.type === 'file' && /[4-7]$/.test(desired.mode) && desired.content.includes('secret:'),
    );
    expect(open.map(({ desired }) => desired.path)).toEqual([]);
  });

  it('have every resource once', () => {
    const ids = resources.map(({ resource }) => resource.id);
    expect(ids.length).toBeGreaterThan(15);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('bind no service to every address', () => {
    const everywhere = files.filter(
      ({ desired }) => desired.type === 'file' && /0\.0\.0\.0|\bbind \*|:::/.test(desired.content),
    );
    expect(everywhere.map(({ desired }) => desired.path)).toEqual([]);
  });
});
