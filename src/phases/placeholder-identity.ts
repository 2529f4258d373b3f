// An identity whose secrets and certificates say what they are: what is rendered with it can be shown and is the same
// in every run. For looking at what would be written, and for tests; never for a host.
import type { Cluster } from '../model/cluster.ts';
import { contributionsOf } from './context.ts';
import type { Deployed, Identity } from './context.ts';

/** Identifiers are no secrets. */
const UUID = '6d2b1e40-0000-4000-8000-5ce5f1d0c3a7';

export function placeholderIdentity(cluster: Cluster, deployed: readonly Deployed[]): Identity {
  const secrets = contributionsOf('secret', cluster, deployed).map(
    ({ name, kind }) => [name, kind === 'uuid' ? UUID : `secret:${name}`] as const,
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
