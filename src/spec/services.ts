// The catalogue of services a spec can name: what each is called, whether this version deploys it, and the
// configuration files its options go into (base names, as they are written under `config`).
// A service that is not deployable yet is known all the same, so that presets can say what they need.

export interface ServiceEntry {
  readonly title: string;
  /** Whether this version of hastack can deploy it. */
  readonly deployable: boolean;
  /** Base names of its configuration files. */
  readonly files: readonly string[];
}

export const SERVICES = {
  base: deployed('Base system', 'sysctl.conf'),
  chrony: deployed('Time synchronisation', 'chrony', 'chrony.service'),
  certificates: deployed('Internal CA and certificates'),
  firewall: deployed('Firewall of the hosts'),
  galera: deployed('MariaDB Galera', 'my.cnf'),
  rabbitmq: deployed('RabbitMQ', 'rabbitmq.conf', 'rabbitmq-env.conf'),
  memcached: deployed('memcached'),
  haproxy: deployed('HAProxy', 'haproxy.cfg'),
  keepalived: deployed('Keepalived', 'keepalived.conf'),
  keystone: deployed('Keystone (identity)', 'keystone.conf', 'keystone-uwsgi.ini', 'keystone.service'),
  pacemaker: planned('Pacemaker and Corosync', 'corosync.conf'),
  qdevice: planned('Corosync quorum device'),
  mariadb: planned('MariaDB on a mirrored file system', 'my.cnf'),
  drbd: planned('DRBD', 'drbd.conf', 'global_common.conf'),
  etcd: deployed('etcd (coordination)', 'etcd.conf', 'etcd.service'),
  valkey: planned('Valkey', 'valkey.conf'),
  glance: deployed('Glance (images)', 'glance-api.conf', 'glance-api.service', 'var-lib-glance-images.mount'),
  placement: deployed('Placement', 'placement.conf', 'placement-api-uwsgi.ini', 'placement-api.service'),
  nova: deployed(
    'Nova (instances)',
    'nova.conf',
    'nova-api-uwsgi.ini',
    'nova-api-metadata-uwsgi.ini',
    'nova-api.service',
    'nova-api-metadata.service',
    'nova-conductor.service',
    'nova-scheduler.service',
    'nova-novncproxy.service',
    'nova-compute.conf',
    'nova-compute.service',
    'libvirtd.conf',
    'qemu.conf',
  ),
  neutron: deployed(
    'Neutron (networks)',
    'neutron.conf',
    'ml2_conf.ini',
    'neutron-api-uwsgi.ini',
    'neutron-api.service',
    'neutron-rpc-server.service',
    'neutron-periodic-workers.service',
    'neutron-ovn-maintenance-worker.service',
    'neutron_ovn_metadata_agent.ini',
    'neutron-ovn-metadata-agent.service',
    'ovn-central',
    'ovn-host',
    'ovs-vswitchd.service',
    'openvswitch_agent.ini',
    'l3_agent.ini',
    'dhcp_agent.ini',
    'metadata_agent.ini',
    'neutron-openvswitch-agent.service',
    'neutron-l3-agent.service',
    'neutron-dhcp-agent.service',
    'neutron-metadata-agent.service',
  ),
  cinder: deployed(
    'Cinder (volumes)',
    'cinder.conf',
    'cinder-api-uwsgi.ini',
    'cinder-api.service',
    'cinder-scheduler.service',
    'cinder-volume.service',
    'cinder-backup.service',
  ),
  horizon: deployed('Horizon (dashboard)', 'local_settings.py', 'horizon-uwsgi.ini'),
  heat: deployed(
    'Heat (orchestration)',
    'heat.conf',
    'heat-api-uwsgi.ini',
    'heat-api-cfn-uwsgi.ini',
    'heat-api.service',
    'heat-api-cfn.service',
    'heat-engine.service',
  ),
  swift: planned(
    'Swift (objects)',
    'proxy-server.conf',
    'account-server.conf',
    'container-server.conf',
    'object-server.conf',
    'swift.conf',
  ),
  ceilometer: planned('Ceilometer (metering)', 'ceilometer.conf', 'polling.yaml', 'pipeline.yaml'),
  gnocchi: planned('Gnocchi (metrics)', 'gnocchi.conf'),
  aodh: planned('Aodh (alarms)', 'aodh.conf'),
  octavia: planned('Octavia (load balancers)', 'octavia.conf'),
  ceph: deployed('Ceph', 'ceph.conf', 'ceph-mon@.service', 'ceph-mgr@.service', 'ceph-osd@.service'),
  'instance-ha': planned('Instance high availability'),
  exporters: planned('Prometheus exporters'),
  'vdi-edge': planned('nginx for the VDI edge', 'nginx.conf'),
} as const satisfies Readonly<Record<string, ServiceEntry>>;

export type ServiceName = keyof typeof SERVICES;

export const SERVICE_NAMES = Object.keys(SERVICES) as readonly ServiceName[];

/** On every host, whatever its roles: a spec can set their options but neither move nor leave them out. */
export const HOST_SERVICES = ['base', 'chrony', 'certificates', 'firewall'] as const satisfies readonly ServiceName[];

/** What a cloud without compute hosts has no use for: deployed when a host has the role compute, or by name. */
export const CLOUD_SERVICES = [
  'glance',
  'placement',
  'nova',
  'neutron',
  'cinder',
  'horizon',
  'heat',
] as const satisfies readonly ServiceName[];

/** Deployed, and not yet seen to serve an instance from end to end. To be emptied by rehearsals that end in `verify`. */
export const ON_TRIAL = [...CLOUD_SERVICES, 'ceph', 'etcd'] as const satisfies readonly ServiceName[];

export function isDeployable(service: ServiceName): boolean {
  return SERVICES[service].deployable;
}

/** Every configuration file a spec may override options of, by base name. */
export function knownConfigFiles(): readonly string[] {
  return SERVICE_NAMES.flatMap((name) => SERVICES[name].files);
}

function deployed(title: string, ...files: readonly string[]): ServiceEntry {
  return { title, deployable: true, files };
}

function planned(title: string, ...files: readonly string[]): ServiceEntry {
  return { title, deployable: false, files };
}
