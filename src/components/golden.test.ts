// The rendered files of one controller, reviewed as files: a change of what hastack writes shows as a diff here.
import { describe, expect, it } from 'vitest';
import { fakeIdentity } from '../../test/support/fake-identity.ts';
import { sampleCluster } from '../../test/support/sample-cluster.ts';
import { clusterComponents, desiredState } from '../phases/desired.ts';
import type { FileDesired } from '../resources/file.ts';
import { COMPONENTS } from './registry.gen.ts';

const cluster = sampleCluster();
const deployed = clusterComponents(cluster, COMPONENTS);
const state = desiredState(cluster, deployed, fakeIdentity(cluster, deployed));

const files = state.components.flatMap((component) =>
  component.steps.flatMap((step) =>
    step.on === 'each'
      ? (step.resources.get('ctl1') ?? [])
          .filter((resource) => resource.kind === 'file')
          .map((resource) => ({ component: component.id, desired: resource.desired as FileDesired }))
      : [],
  ),
);

describe('rendered files of ctl1', () => {
  it.each(
    files.flatMap(({ component, desired }) =>
      desired.type === 'file' && !desired.secret ? [{ component, ...desired }] : [],
    ),
  )('$component $path', async ({ component, path, content }) => {
    await expect(content).toMatchFileSnapshot(`./__golden__/${component}${path}`);
  });

  it('keeps secrets out of files that everybody may read', () => {
    const open = files.filter(
      ({ desired }) => desired.type === 'file' && /[4-7]$/.test(desired.mode) && desired.content.includes('secret:'),
    );
    expect(open.map(({ desired }) => desired.path)).toEqual([]);
  });

  it('has every resource once per host', () => {
    const ids = state.components.flatMap((component) =>
      component.steps.flatMap((step) =>
        step.on === 'each' ? (step.resources.get('ctl1') ?? []).map(({ id }) => id) : [],
      ),
    );
    expect(ids.length).toBeGreaterThan(60);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('binds no service to every address', () => {
    const everywhere = files.filter(
      ({ desired }) => desired.type === 'file' && /0\.0\.0\.0|\bbind \*|:::/.test(desired.content),
    );
    expect(everywhere.map(({ desired }) => desired.path)).toEqual([]);
  });
});
