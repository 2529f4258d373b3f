// Ceph's OSDs: one per device that the spec names, on every storage host. A device becomes an OSD only when it is empty
// (resources/ceph-osd.ts); nothing here ever empties one. Restarted host by host, with all data whole in between.
// Manual: https://docs.ceph.com/en/reef/rados/configuration/bluestore-config-ref/
import { component } from '../model/component.ts';
import type { HostContext } from '../model/component.ts';
import type { Resource } from '../model/resource.ts';
import { configFile } from '../resources/config-file.ts';
import { cephOsd, isDisk } from '../resources/ceph-osd.ts';
import { keyringText } from '../resources/ceph.ts';
import { file } from '../resources/file.ts';
import { unit } from '../resources/unit.ts';
import { osdFailure } from './ceph/failure.ts';
import { BOOTSTRAP_SECRET, DAEMON_PORTS, devicesOf, fileSizeOf, hasCeph, osdHosts } from './ceph/layout.ts';
import { OSD_HEALTH, OSD_TARGET, osdGroup } from './ceph/osds.ts';
import { OSD_DROP_IN } from './ceph/units.ts';

/** What comes with the packages and is of no use: both fail or complain at boot. */
const UNWANTED = ['ceph-crash.service', 'nvmf-autoconnect.service'];

export default component({
  id: 'ceph-osd',
  title: 'Ceph OSDs',
  service: 'ceph',
  roles: [],
  placedOn: osdHosts,
  after: ['ceph-mon'],
  when: hasCeph,
  packages: ['ceph-osd'],
  units: UNWANTED,
  templates: ['ceph-osd@'],
  ports: (['storage', 'replication'] as const).map((use) => ({
    port: DAEMON_PORTS.first,
    through: DAEMON_PORTS.last,
    protocol: 'tcp',
    use,
    from: 'members',
  })),
  steps: [
    { on: 'each', resources: osdResources },
    { on: 'members', group: osdGroup },
  ],
  health: () => [{ name: 'Ceph OSDs of this host are up', script: OSD_HEALTH }],
  failure: osdFailure,
});

function osdResources(ctx: HostContext): readonly Resource[] {
  const options = ctx.options('ceph');
  return [
    file({
      path: '/var/lib/ceph/bootstrap-osd/ceph.keyring',
      content: keyringText({ entity: 'client.bootstrap-osd', key: ctx.secret(BOOTSTRAP_SECRET) }),
      mode: '0600',
      secret: true,
    }),
    configFile(ctx, {
      path: '/etc/systemd/system/ceph-osd@.service.d/hastack.conf',
      overrideAs: 'ceph-osd@.service',
      format: 'systemd',
      tree: OSD_DROP_IN,
      notifies: [`unit:${OSD_TARGET}`],
    }),
    ...devicesOf(options).map((device) =>
      cephOsd({ device, ...(isDisk(device) ? {} : { fileMiB: fileSizeOf(options) }) }),
    ),
    ...UNWANTED.map((name) => unit(name, { enabled: false, active: false, onChange: 'nothing' })),
    unit(OSD_TARGET, { group: 'ceph-osd' }),
  ];
}
