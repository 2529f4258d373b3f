// The resolvers of the spec: written when there are any, and before the package sources are needed.
import { expect, it } from 'vitest';
import { fakeIdentity } from '../../test/support/fake-identity.ts';
import { sampleCluster } from '../../test/support/sample-cluster.ts';
import { clusterComponents, desiredState } from '../phases/desired.ts';
import type { FileDesired } from '../resources/file.ts';
import { COMPONENTS } from './registry.gen.ts';

function stateOf(dns: readonly string[], apt = {}) {
  const cluster = sampleCluster({ dns, apt });
  const deployed = clusterComponents(cluster, COMPONENTS);
  return desiredState(cluster, deployed, fakeIdentity(cluster, deployed));
}

function fileOn(state: ReturnType<typeof stateOf>, path: string): string | undefined {
  const resources = state.components.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.on === 'each' ? (step.resources.get('ctl2') ?? []) : [])),
  );
  const found = resources.find(({ id }) => id === `file:${path}`)?.desired as FileDesired | undefined;
  return found?.type === 'file' ? found.content : undefined;
}

it('writes at most three resolvers, in the order of the spec', () => {
  const state = stateOf(['10.0.0.4', '10.0.0.3', '10.0.0.2', '10.0.0.1']);
  const lines = fileOn(state, '/etc/resolv.conf')
    ?.split('\n')
    .filter((line) => line.startsWith('nameserver'));
  expect(lines).toEqual(['nameserver 10.0.0.4', 'nameserver 10.0.0.3', 'nameserver 10.0.0.2']);
  const order = state.components.map(({ id }) => id);
  expect(order.indexOf('resolver')).toBeLessThan(order.indexOf('apt'));
});

it('leaves the file alone without resolvers in the spec', () => {
  expect(fileOn(stateOf([]), '/etc/resolv.conf')).toBeUndefined();
});

it('puts the text of the key of a mirror where the sources name it', () => {
  const key = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----\n';
  const state = stateOf([], { mirror: 'http://mirror.example.org/debian', key });
  expect(fileOn(state, '/etc/apt/keyrings/hastack.asc')).toBe(key);
  expect(fileOn(state, '/etc/apt/sources.list.d/debian.sources')).toContain('Signed-By: /etc/apt/keyrings/hastack.asc');
});
