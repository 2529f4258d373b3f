// The files that a spec may override are those that the components let it override: neither more nor fewer.
import { describe, expect, it } from 'vitest';
import { COMPONENTS } from '../../../src/components/registry.gen.ts';
import type { FileOverrides } from '../../../src/model/cluster.ts';
import { clusterComponents, desiredState } from '../../../src/phases/desired.ts';
import { SERVICES, SERVICE_NAMES, isDeployable, knownConfigFiles } from '../../../src/spec/services.ts';
import { fakeIdentity } from '../../support/fake-identity.ts';
import { cloudCluster } from '../../support/sample-cluster.ts';

/** Drop-ins that several services have under one base name, and units of our own: overridden by path. */
const BY_PATH = /\/|hastack[^/]*\.(conf|service|timer)$/;

/** Every name under which rendering a cloud asks for overrides. */
function overridable(): ReadonlySet<string> {
  const asked = new Set<string>();
  const all = new Proxy<FileOverrides>(
    {},
    {
      get: (_target, name) => {
        asked.add(String(name));
        return undefined;
      },
    },
  );
  const { services } = cloudCluster();
  const otherwise = { neutron: { backend: 'ovs' }, glance: { store: 'nfs', server: '10.10.10.50:/glance' } };
  for (const options of [{ chrony: { adjustClock: false } }, otherwise]) {
    const cluster = cloudCluster({ overrides: { all, hosts: {} }, services: { ...services, ...options } });
    const deployed = clusterComponents(cluster, COMPONENTS);
    desiredState(cluster, deployed, fakeIdentity(cluster, deployed));
  }
  return new Set([...asked].filter((name) => !BY_PATH.test(name)));
}

describe('configuration files a spec may override', () => {
  it('are known when a component lets them be overridden', () => {
    const known = new Set(knownConfigFiles());
    const names = [...overridable()];
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it('are overridable when a deployable service names them', () => {
    const named = SERVICE_NAMES.filter(isDeployable).flatMap((name) => SERVICES[name].files);
    const names = overridable();
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });
});
