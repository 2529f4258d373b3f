// An identity whose secrets and certificates say what they are: rendered texts are then the same in every run.
import type { Cluster } from '../../src/model/cluster.ts';
import { contributionsOf } from '../../src/phases/context.ts';
import type { Deployed, Identity } from '../../src/phases/context.ts';

/** Identifiers are no secrets. */
const FAKE_UUID = '6d2b1e40-0000-4000-8000-5ce5f1d0c3a7';

export function fakeIdentity(cluster: Cluster, deployed: readonly Deployed[]): Identity {
  const secrets = contributionsOf('secret', cluster, deployed).map(
    ({ name, kind }) => [name, kind === 'uuid' ? FAKE_UUID : `secret:${name}`] as const,
  );
  const certificates = contributionsOf('certificate', cluster, deployed).flatMap(({ name, hosts }) =>
    hosts.map(
      (host) =>
        [
          `${host}/${name}`,
          { certificate: `certificate ${name} of ${host}\n`, key: `key ${name} of ${host}\n` },
        ] as const,
    ),
  );
  return { secrets: new Map(secrets), certificates: new Map(certificates), caCertificate: 'CA\n' };
}
