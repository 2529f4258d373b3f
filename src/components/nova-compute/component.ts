// Compute hosts: libvirt with QEMU/KVM and nova-compute. Instances are this host's own; live migration moves them to
// another one by TLS. When RBD is there their disks are in it, else on the host.
// Manual: https://docs.openstack.org/nova/2025.1/admin/
import { component } from '../../model/component.ts';
import type { ClusterContext, HostContext } from '../../model/component.ts';
import { atLeast } from '../../model/failure.ts';
import type { ComponentRule, Interruption } from '../../model/failure.ts';
import type { Resource } from '../../model/resource.ts';
import { seconds } from '../../model/seconds.ts';
import { mergeOverrides } from '../../formats/overrides.ts';
import { configFile } from '../../resources/config-file.ts';
import { directory } from '../../resources/file.ts';
import { unit } from '../../resources/unit.ts';
import { virtType } from '../../resources/virt-type.ts';
import { lockDirectory } from '../oslo/sections.ts';
import { REPORTS, timer } from '../oslo/timers.ts';
import { workerHealth } from '../oslo/worker-group.ts';
import { CEPH_SECRET, CEPH_USER, CEPH_UUID_SECRET, CONF, VIRT_TYPE_CONF, novaComputeConf } from './config.ts';
import {
  LIBVIRT_CERTIFICATE,
  LIBVIRT_TLS_PORT,
  MIGRATION_PORTS,
  QEMU_CERTIFICATE,
  SOCKETS,
  cephKey,
  libvirtFiles,
  libvirtUnits,
} from './libvirt.ts';

const UNIT = 'nova-compute';
const NOTIFIES = [`unit:${UNIT}`];

export default component({
  id: 'nova-compute',
  title: 'Nova compute',
  service: 'nova',
  roles: ['compute'],
  after: ['nova', 'ovn-host', 'neutron-ovs-agent', 'ceph', 'ceph-client'],
  when: (cluster) => 'nova' in cluster.services,
  // Not nova-compute-qemu, which brings QEMU for every architecture: how instances run is an option only.
  packages: [UNIT, 'nova-compute-kvm', 'libvirt-daemon-system', 'libvirt-clients', 'qemu-system-x86'],
  units: [`${UNIT}.service`, 'libvirtd.service', ...SOCKETS.map((name) => `${name}.socket`), 'libvirt-guests.service'],
  secrets: [
    { name: CEPH_SECRET, kind: 'ceph-key' },
    { name: CEPH_UUID_SECRET, kind: 'uuid' },
  ],
  cephUsers: (cluster) =>
    'ceph' in cluster.services
      ? [
          {
            user: CEPH_USER,
            pools: [
              { pool: 'vms', access: 'write' },
              { pool: 'volumes', access: 'write' },
              { pool: 'images', access: 'read' },
            ],
            secret: CEPH_SECRET,
            owner: 'root',
            group: 'nova',
          },
        ]
      : [],
  certificates: [
    { name: LIBVIRT_CERTIFICATE, owner: 'root', group: 'root', uses: ['internal'], notifies: ['unit:libvirtd'] },
    { name: QEMU_CERTIFICATE, owner: 'root', group: 'libvirt-qemu', uses: ['internal'] },
  ],
  ports: [
    { port: LIBVIRT_TLS_PORT, protocol: 'tcp', use: 'internal', from: 'members' },
    { port: MIGRATION_PORTS.first, through: MIGRATION_PORTS.last, protocol: 'tcp', use: 'internal', from: 'members' },
    // Consoles, for the proxies on the control hosts.
    { port: 5900, through: 6899, protocol: 'tcp', use: 'internal', from: 'members' },
  ],
  steps: [
    { on: 'each', resources: (ctx) => [...libvirtFiles(ctx), ...libvirtUnits()] },
    { on: 'each', resources: computeResources },
  ],
  health: (ctx) => [
    { name: 'libvirtd answers', script: 'timeout 10 virsh -c qemu:///system version --daemon | tail -n 1' },
    workerHealth(ctx, 'Nova compute', UNIT),
  ],
  failure: (ctx) => [compute(ctx)],
});

function computeResources(ctx: HostContext): readonly Resource[] {
  const wanted = ctx.options('nova')['virtType'];
  return [
    ...cephKey(ctx),
    directory({ path: lockDirectory('nova'), owner: 'nova', group: 'nova' }),
    configFile(ctx, {
      path: CONF,
      format: 'ini',
      tree: mergeOverrides(novaComputeConf(ctx), ctx.overrides('nova.conf')),
      mode: '0640',
      group: 'nova',
      secrets: [ctx.secret('nova/keystone'), ctx.secret('nova/messaging')],
      notifies: NOTIFIES,
    }),
    virtType({
      path: VIRT_TYPE_CONF,
      ...(wanted === 'kvm' || wanted === 'qemu' ? { wanted } : {}),
      notifies: NOTIFIES,
    }),
    configFile(ctx, {
      path: `/etc/systemd/system/${UNIT}.service.d/hastack.conf`,
      overrideAs: `${UNIT}.service`,
      format: 'systemd',
      tree: {
        Unit: { StartLimitIntervalSec: '0' },
        Service: {
          Environment: 'OS_OSLO_MESSAGING_RABBIT__PROCESSNAME=nova-compute',
          // The file of how instances run comes first, so that overrides of the spec count.
          ExecStart: [
            '',
            `/usr/bin/nova-compute --config-file=${VIRT_TYPE_CONF} --config-file=${CONF} --log-file=/var/log/nova/nova-compute.log`,
          ],
          Restart: 'always',
          RestartSec: '1s',
          TimeoutStopSec: '65',
          RuntimeDirectoryPreserve: 'yes',
        },
      },
      notifies: NOTIFIES,
    }),
    unit(UNIT, { startTimeout: 180 }),
    // Stops and starts instances behind Nova's back.
    unit('libvirt-guests', { enabled: false, active: false }),
  ];
}

function compute(ctx: ClusterContext): ComponentRule {
  const option = (name: string, rendered: number): number =>
    timer(ctx, { file: 'nova.conf', section: 'DEFAULT', option: name }, rendered);
  const down = option('service_down_time', REPORTS.downAfter);
  const report = option('report_interval', REPORTS.interval);
  const stale: Interruption = {
    terms: [
      {
        name: 'requests that the scheduler still sends to the dead host wait until it is known to be down',
        seconds: seconds(0, down, down + 1.5 * report),
        source: 'nova.conf service_down_time, report_interval',
      },
    ],
  };
  return {
    id: UNIT,
    title: 'Nova compute',
    needs: atLeast(1),
    uses: ['internal'],
    interruption: { 'process-killed': stale, 'process-frozen': stale, 'host-power': stale },
    improve:
      'a shorter service_down_time; more compute hosts make the share of requests that meet the dead one smaller',
  };
}
