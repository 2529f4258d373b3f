// Every file that hastack would write for a cluster, as the audit takes them: a directory per host, secrets replaced by
// their names. Pure; touches no host.
import { COMPONENTS } from '../components/registry.gen.ts';
import type { Cluster } from '../model/cluster.ts';
import type { FileDesired } from '../resources/file.ts';
import type { SourceFile } from '../sources/source-file.ts';
import { clusterComponents, desiredState } from './desired.ts';
import { placeholderIdentity } from './placeholder-identity.ts';

/** Versions of what Debian 13 has, which the files themselves do not tell. */
export const DEBIAN_VERSIONS = {
  rabbitmq: '4.0',
  keepalived: '2.3',
  haproxy: '3.0',
  mariadb: '11.8',
  pacemaker: '3.0',
};

export function renderedFiles(cluster: Cluster): readonly SourceFile[] {
  const deployed = clusterComponents(cluster, COMPONENTS);
  const state = desiredState(cluster, deployed, placeholderIdentity(cluster, deployed));
  return cluster.hosts.flatMap(({ name }) =>
    state.components
      .flatMap(({ steps }) => steps.flatMap((step) => (step.on === 'each' ? (step.resources.get(name) ?? []) : [])))
      .flatMap((resource) => {
        if (resource.kind !== 'file') return [];
        const desired = resource.desired as FileDesired;
        if (desired.type !== 'file') return [];
        const path = `${name}${desired.path}`;
        return [{ path, location: `/${path}`, text: desired.content, mode: Number.parseInt(desired.mode, 8) }];
      }),
  );
}
