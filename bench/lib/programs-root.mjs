// Debian 13's own programs and their unmodified configuration, in a directory beside the images of the lab, made once by
// mmdebstrap. Nothing is installed on this machine and nothing in there is started.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const SUITE = 'trixie';
const PACKAGES = [
  'haproxy', 'keepalived', 'mariadb-server', 'galera-4', 'mariadb-backup', 'corosync', 'corosync-qdevice', 'pacemaker',
  'pcs', 'sbd', 'drbd-utils', 'nginx', 'libnginx-mod-stream', 'memcached', 'rabbitmq-server', 'chrony', 'apache2',
  'nfs-kernel-server', 'ceph-common', 'keystone', 'glance-api', 'placement-api', 'nova-api', 'nova-conductor',
  'nova-scheduler', 'nova-compute', 'nova-novncproxy', 'neutron-server', 'neutron-l3-agent', 'neutron-dhcp-agent',
  'neutron-metadata-agent', 'neutron-openvswitch-agent', 'cinder-api', 'cinder-volume', 'cinder-scheduler', 'heat-api',
  'heat-engine', 'masakari-api', 'masakari-engine', 'masakari-host-monitor', 'octavia-api', 'ovn-central', 'ovn-host',
]; // prettier-ignore

/** undefined: it is not there and `make` is not given. Making it takes minutes, a gigabyte, and root. */
export function programsRoot({ make = true } = {}) {
  const root = join(process.env.HASTACK_CACHE ?? '/var/cache/hastack', 'bench', `programs-${SUITE}`);
  if (existsSync(root)) return root;
  if (!make) return undefined;
  console.log(`making ${root}: ${PACKAGES.length} packages of Debian ${SUITE} and what they need`);
  const build = `${root}.build`;
  rmSync(build, { recursive: true, force: true });
  mkdirSync(join(root, '..'), { recursive: true });
  const options = ['--variant=minbase', '--mode=root', '--aptopt=Acquire::Languages "none"'];
  const { status, stderr } = spawnSync(
    'mmdebstrap',
    [...options, '--aptopt=APT::Install-Recommends "false"', `--include=${PACKAGES.join()}`, SUITE, build],
    { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] },
  );
  if (status !== 0) throw new Error(`mmdebstrap failed: ${stderr.trim().split('\n').slice(-5).join('\n')}`);
  renameSync(build, root);
  return root;
}
