// Images on an NFS server that is not ours: mounted on each of Glance's hosts where its files are. Glance waits for the
// mount at boot, so that no image ever lands on the disk below it. The export must belong to glance (uid and gid 64062
// on Debian): root of a client may not change that on most servers.
// Manual: nfs(5), systemd.mount(5)
import { component } from '../model/component.ts';
import type { HostContext } from '../model/component.ts';
import { hostsWithRole } from '../model/cluster.ts';
import type { Cluster } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';
import type { Resource } from '../model/resource.ts';
import { configFile } from '../resources/config-file.ts';
import { unit } from '../resources/unit.ts';

const MOUNT_POINT = '/var/lib/glance/images';
const MOUNT_UNIT = 'var-lib-glance-images.mount';

export default component({
  id: 'glance-nfs',
  title: 'Glance images on NFS',
  service: 'glance',
  roles: [],
  placedOn: glanceHosts,
  after: ['certificates', 'firewall'],
  when: (cluster) => cluster.services['glance']?.['store'] === 'nfs',
  packages: ['nfs-common'],
  steps: [{ on: 'each', resources: mount }],
  health: () => [{ name: 'images are mounted', script: `findmnt -n -o SOURCE,FSTYPE ${MOUNT_POINT}` }],
  // One server that fails: simulate/rules says so as `image-store`.
  failure: () => [],
});

function glanceHosts(cluster: Cluster): readonly string[] {
  const listed = cluster.services['glance']?.['hosts'];
  return Array.isArray(listed) ? listed.map(String) : hostsWithRole(cluster, 'control').map(({ name }) => name);
}

function mount(ctx: HostContext): readonly Resource[] {
  const { server } = ctx.options('glance');
  if (typeof server !== 'string') {
    throw new HastackError({
      code: 'spec-invalid',
      message: 'Glance is to keep images on NFS, but the spec names no server',
      hint: 'write services: { glance: { store: nfs, server: "10.10.10.50:/glance" } }',
    });
  }
  return [
    configFile(ctx, {
      path: `/etc/systemd/system/${MOUNT_UNIT}`,
      format: 'systemd',
      tree: {
        Unit: { Description: 'Images of Glance', Wants: 'network-online.target', After: 'network-online.target' },
        Mount: {
          What: server,
          Where: MOUNT_POINT,
          Type: 'nfs',
          // hard: a server that is away for a while must not leave half an image behind a success.
          Options: 'hard,noatime,_netdev',
          TimeoutSec: '60',
        },
        Install: { WantedBy: 'remote-fs.target' },
      },
      notifies: [`unit:${MOUNT_UNIT}`],
    }),
    // Another server is taken at the next boot, or by hand: images must be copied there first.
    unit(MOUNT_UNIT, { onChange: 'nothing' }),
  ];
}
