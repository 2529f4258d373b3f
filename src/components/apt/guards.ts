// Debian must not restart a quorum by itself (decision 8): cluster packages are kept out of unattended
// upgrades, and needrestart only lists. Manuals: apt.conf(5), needrestart(1).
import type { Resource } from '../../model/resource.ts';
import { file } from '../../resources/file.ts';

const CLUSTER_PACKAGES = [
  'mariadb-',
  'galera-',
  'rabbitmq-server',
  'erlang-',
  'haproxy',
  'keepalived',
  'corosync',
  'pacemaker',
  'drbd-',
  'ceph',
  'openvswitch-',
  'ovn-',
  'etcd-',
  'memcached',
  'keystone',
  'glance',
  'placement',
  'nova-',
  'neutron-',
  'cinder-',
  'heat-',
  'libvirt-',
  'qemu-',
];

export function updateGuards(): readonly Resource[] {
  return [
    file({
      path: '/etc/apt/apt.conf.d/60hastack-cluster-packages',
      content: `// Written by hastack: cluster packages are upgraded one host at a time, by hastack.
Unattended-Upgrade::Package-Blacklist {
${CLUSTER_PACKAGES.map((name) => `  "^${name}";\n`).join('')}};
Unattended-Upgrade::Automatic-Reboot "false";
`,
    }),
    file({
      path: '/etc/needrestart/conf.d/60-hastack.conf',
      content: `# Written by hastack: restarts of cluster services are rolling and gated; needrestart only lists.\n$nrconf{restart} = 'l';\n`,
    }),
  ];
}
