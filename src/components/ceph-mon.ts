// Ceph's monitors and managers. Guarantees: the cluster is formed once and never over data; every monitor binds to its
// host's storage address, with msgr2 and msgr1.
// Manual: https://docs.ceph.com/en/reef/install/manual-deployment/
import { component } from '../model/component.ts';
import type { HostContext } from '../model/component.ts';
import type { Resource } from '../model/resource.ts';
import { configFile } from '../resources/config-file.ts';
import { keyringText } from '../resources/ceph.ts';
import { file } from '../resources/file.ts';
import { unit } from '../resources/unit.ts';
import { monitorFailure } from './ceph/failure.ts';
import {
  ADMIN_SECRET,
  BOOTSTRAP_SECRET,
  DAEMON_PORTS,
  MON_SECRET,
  MSGR1_PORT,
  MSGR2_PORT,
  hasCeph,
  monitorHosts,
} from './ceph/layout.ts';
import { managerResources } from './ceph/managers.ts';
import { askMonitor, monitorGroup, monitorUnit } from './ceph/monitors.ts';
import { RESTARTS } from './ceph/units.ts';

export default component({
  id: 'ceph-mon',
  title: 'Ceph monitors',
  service: 'ceph',
  roles: [],
  placedOn: monitorHosts,
  after: ['ceph-client'],
  when: hasCeph,
  packages: ['ceph-mon', 'ceph-mgr'],
  templates: ['ceph-mon@', 'ceph-mgr@'],
  secrets: [MON_SECRET, ADMIN_SECRET, BOOTSTRAP_SECRET].map((name) => ({ name, kind: 'ceph-key' })),
  ports: [
    { port: MSGR2_PORT, protocol: 'tcp', use: 'storage', from: 'members' },
    { port: MSGR1_PORT, protocol: 'tcp', use: 'storage', from: 'members' },
    { port: DAEMON_PORTS.first, through: DAEMON_PORTS.last, protocol: 'tcp', use: 'storage', from: 'members' },
  ],
  steps: [
    { on: 'each', resources: monitorResources },
    { on: 'members', group: monitorGroup },
    { on: 'each', resources: managerResources },
  ],
  health: (ctx) => [
    {
      name: 'Ceph monitor is in the quorum',
      script: `status=$(${askMonitor(ctx.host.name)}) || { echo 'does not answer'; exit 1; }
echo "$status"; case "$status" in *'"leader"'* | *'"peon"'*) ;; *) false ;; esac`,
    },
  ],
  failure: monitorFailure,
});

function monitorResources(ctx: HostContext): readonly Resource[] {
  return [
    file({
      path: '/etc/ceph/ceph.client.admin.keyring',
      content: keyringText({ entity: 'client.admin', key: ctx.secret(ADMIN_SECRET) }),
      mode: '0600',
      secret: true,
    }),
    ...['ceph-mon@', 'ceph-mgr@'].map((name) =>
      configFile(ctx, {
        path: `/etc/systemd/system/${name}.service.d/hastack.conf`,
        overrideAs: `${name}.service`,
        format: 'systemd',
        tree: RESTARTS,
      }),
    ),
    unit(monitorUnit(ctx.host.name), { group: 'ceph-mon' }),
  ];
}
