// Volumes on a volume group of each of Cinder's hosts, given to instances over iSCSI. The volume group must exist:
// disks are the operator's to choose. The target daemon listens on the storage network only.
// Manual: tgtd(8), https://docs.openstack.org/cinder/2025.1/configuration/block-storage/drivers/lvm-volume-driver.html
import { component } from '../model/component.ts';
import type { HostContext } from '../model/component.ts';
import type { Resource } from '../model/resource.ts';
import { configFile } from '../resources/config-file.ts';
import { unit } from '../resources/unit.ts';
import { cinderHosts } from './cinder/hosts.ts';
import { volumeStore } from './oslo/volume-store.ts';

const ISCSI_PORT = 3260;

export default component({
  id: 'cinder-lvm',
  title: 'Cinder volumes on LVM',
  service: 'cinder',
  roles: [],
  placedOn: cinderHosts,
  after: ['certificates', 'firewall'],
  when: (cluster) => volumeStore(cluster) === 'lvm',
  packages: ['lvm2', 'tgt'],
  ports: [{ port: ISCSI_PORT, protocol: 'tcp', use: 'storage', from: 'members' }],
  steps: [{ on: 'each', resources: targetDaemon }],
  // The volumes of a host are gone with it: simulate/rules says so as `volume-store`.
  failure: () => [],
});

function targetDaemon(ctx: HostContext): readonly Resource[] {
  return [
    configFile(ctx, {
      path: '/etc/systemd/system/tgt.service.d/hastack.conf',
      format: 'systemd',
      tree: {
        Service: { ExecStart: ['', `/usr/sbin/tgtd -f --iscsi portal=${ctx.address('storage')}:${ISCSI_PORT}`] },
      },
      notifies: ['unit:tgt'],
    }),
    // A restart would cut the disks of instances: a new address is taken up when an operator restarts it.
    unit('tgt', { onChange: 'nothing' }),
  ];
}
