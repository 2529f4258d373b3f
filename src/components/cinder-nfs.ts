// Volumes as files on an NFS server that is not ours: mounted by Cinder on each of its hosts, and by Nova on the host
// of an instance when one is attached there.
// Manual: https://docs.openstack.org/cinder/2025.1/configuration/block-storage/drivers/nfs-volume-driver.html
import { component } from '../model/component.ts';
import type { HostContext } from '../model/component.ts';
import { hostsWithRole } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';
import type { Resource } from '../model/resource.ts';
import { managedHeader } from '../formats/managed-header.ts';
import { file } from '../resources/file.ts';
import { SHARES_FILE } from './cinder/config.ts';
import { cinderHosts } from './cinder/hosts.ts';
import { volumeStore } from './oslo/volume-store.ts';

export default component({
  id: 'cinder-nfs',
  title: 'Cinder volumes on NFS',
  service: 'cinder',
  roles: [],
  placedOn: (cluster) => [...cinderHosts(cluster), ...hostsWithRole(cluster, 'compute').map(({ name }) => name)],
  after: ['certificates', 'firewall'],
  when: (cluster) => volumeStore(cluster) === 'nfs',
  packages: ['nfs-common'],
  steps: [{ on: 'each', resources: shares }],
  // One server that fails: simulate/rules says so as `volume-store`.
  failure: () => [],
});

function shares(ctx: HostContext): readonly Resource[] {
  // Compute hosts need the client only.
  if (!cinderHosts(ctx.cluster).includes(ctx.host.name)) return [];
  const server = ctx.options('cinder')['server'];
  if (typeof server !== 'string') {
    throw new HastackError({
      code: 'spec-invalid',
      message: 'Cinder is to keep volumes on NFS, but the spec names no server',
      hint: 'write services: { cinder: { store: nfs, server: "10.10.10.50:/cinder" } }',
    });
  }
  return [
    file({
      path: SHARES_FILE,
      content: `${managedHeader('#')}${server}\n`,
      mode: '0640',
      group: 'cinder',
      notifies: ['unit:cinder-volume'],
    }),
  ];
}
