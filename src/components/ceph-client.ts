// ceph.conf and the keyrings of users, on every host with a daemon or a client of Ceph. A keyring is readable by the
// service it is for and by nobody else.
// Manual: https://docs.ceph.com/en/reef/rados/configuration/ceph-conf/
import { component } from '../model/component.ts';
import type { HostContext } from '../model/component.ts';
import type { Resource } from '../model/resource.ts';
import { configFile } from '../resources/config-file.ts';
import { keyringText } from '../resources/ceph.ts';
import { file } from '../resources/file.ts';
import { cephConf } from './ceph/ceph-conf.ts';
import { FSID_SECRET, confHosts, hasCeph, monitorHosts, osdHosts } from './ceph/layout.ts';
import { usersOf } from './ceph/users.ts';
import { OSD_TARGET } from './ceph/osds.ts';
import { monitorUnit } from './ceph/monitors.ts';
import { managerUnit } from './ceph/managers.ts';

export default component({
  id: 'ceph-client',
  title: 'Ceph clients',
  service: 'ceph',
  roles: [],
  placedOn: confHosts,
  after: ['certificates', 'firewall'],
  when: hasCeph,
  packages: ['ceph-common', 'python3-rados', 'python3-rbd'],
  secrets: [{ name: FSID_SECRET, kind: 'uuid' }],
  steps: [{ on: 'each', resources: clientFiles }],
  // No process of its own.
  failure: () => [],
});

function clientFiles(ctx: HostContext): readonly Resource[] {
  return [
    configFile(ctx, { path: '/etc/ceph/ceph.conf', format: 'ini', tree: cephConf(ctx), notifies: daemonsOn(ctx) }),
    ...usersOf(ctx).map(({ user, secret, owner, group }) =>
      file({
        path: `/etc/ceph/ceph.client.${user}.keyring`,
        content: keyringText({ entity: `client.${user}`, key: ctx.secret(secret) }),
        mode: '0640',
        owner,
        group,
        secret: true,
      }),
    ),
  ];
}

/** Timers are read when a daemon starts: measured, setting them at run time alone left the pause at 15.8 s. */
function daemonsOn({ cluster, host }: HostContext): readonly string[] {
  const monitor = monitorHosts(cluster).includes(host.name);
  return [
    ...(monitor ? [`unit:${monitorUnit(host.name)}`, `unit:${managerUnit(host.name)}`] : []),
    ...(osdHosts(cluster).includes(host.name) ? [`unit:${OSD_TARGET}`] : []),
  ];
}
