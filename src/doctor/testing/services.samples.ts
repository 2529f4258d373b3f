// Lines as OpenStack services write them, per signature: those that show it, and near misses.
import type { LogSamples } from './samples.ts';

const oslo = (level: string, name: string, message: string) =>
  `2026-11-21 12:03:04.123 4711 ${level} ${name} [None req-0f0f1e1e admin] ${message}`;
const one = (line: string, near: string) => ({ bad: [line], good: [near] });

export const SERVICES: LogSamples = {
  'keystone.fernet-unknown': one(
    oslo('WARNING', 'keystone.server.flask.application', 'Could not recognize Fernet token'),
    oslo('INFO', 'keystone', 'fernet ready'),
  ),
  'keystone.no-keys': one(
    oslo(
      'ERROR',
      'keystone.common.fernet_utils',
      '/etc/keystone/fernet-keys/ does not contain keys, use keystone-manage fernet_setup to create Fernet keys.',
    ),
    oslo('INFO', 'keystone', 'loaded 3 keys'),
  ),
  'keystone.many-401': {
    bad: [
      '10.0.0.5 - - [21/Nov/2026:12:03:04 +0000] "GET /v3/auth/tokens HTTP/1.1" 401 114',
      '[pid: 12|app: 0|req: 3/4] 10.0.0.5 () {40 vars in 500 bytes} [Sat Nov 21 12:03:04 2026] GET /v3/auth/tokens => generated 114 bytes in 3 msecs (HTTP/1.1 401) 5 headers in 180 bytes',
      oslo('WARNING', 'keystonemiddleware.auth_token', 'Authorization failed for token'),
    ],
    good: [
      '10.0.0.5 - - [21/Nov/2026:12:03:04 +0000] "GET /v3/auth/tokens HTTP/1.1" 200 401',
      oslo('INFO', 'nova', 'took 401 ms'),
    ],
  },
  'keystone.cannot-validate': one(
    oslo(
      'CRITICAL',
      'keystonemiddleware.auth_token',
      'Unable to validate token: Unable to establish connection to http://10.0.0.10:5000',
    ),
    oslo('INFO', 'keystone', 'validated'),
  ),
  'keystone.service-password': one(
    oslo(
      'ERROR',
      'keystonemiddleware.auth_token',
      'Identity server rejected authorization necessary to fetch token data',
    ),
    oslo('INFO', 'x', 'authorized'),
  ),

  'nova.no-valid-host': one(
    oslo(
      'ERROR',
      'nova.conductor.manager',
      'nova.exception.NoValidHost: No valid host was found. There are not enough hosts available.',
    ),
    oslo('INFO', 'nova.scheduler', 'Filter ComputeFilter returned 3 hosts'),
  ),
  'nova.quota': one(
    oslo(
      'INFO',
      'nova.api.openstack.wsgi',
      'HTTP exception thrown: Quota exceeded for cores, ram: Requested 4, but already used 20 of 20 cores',
    ),
    oslo('INFO', 'nova', 'quota ok'),
  ),
  'nova.block-device': one(
    oslo(
      'ERROR',
      'nova.compute.manager',
      'nova.exception.VolumeNotCreated: Volume 3fa8 did not finish being created even after we waited 187 seconds or 61 attempts.',
    ),
    oslo('INFO', 'nova', 'volume created'),
  ),
  'nova.vif-plug': one(
    oslo(
      'ERROR',
      'nova.compute.manager',
      'nova.exception.VirtualInterfaceCreateException: Virtual Interface creation failed',
    ),
    oslo('INFO', 'nova', 'VIF plugged'),
  ),
  'nova.power-sync': one(
    oslo(
      'WARNING',
      'nova.compute.manager',
      'Instance shutdown by itself. Calling the stop API. Current vm_state: active',
    ),
    oslo('INFO', 'nova', 'Instance shutdown successfully after 3 seconds.'),
  ),
  'nova.placement-conflict': one(
    oslo('WARNING', 'nova.scheduler.client.report', '"code": "placement.concurrent_update"'),
    oslo('INFO', 'nova', 'updated inventory'),
  ),
  'nova.compute-silent': one(
    oslo(
      'WARNING',
      'nova.scheduler.filters.compute_filter',
      '(cmp2, cmp2) ram: 100MB has not been heard from in a while',
    ),
    oslo('INFO', 'nova', 'heard from cmp2'),
  ),
  'nova.libvirt-lost': one(
    oslo('WARNING', 'nova.virt.libvirt.host', 'Connection to libvirt lost: 1'),
    oslo('INFO', 'nova', 'Connecting to libvirt'),
  ),
  'nova.evacuate-in-use': one(
    oslo('INFO', 'nova.api.openstack.wsgi', 'HTTP exception thrown: Compute service of cmp2 is still in use.'),
    oslo('INFO', 'nova', 'volume is in use'),
  ),
  'nova.build-timeout': one(
    oslo('WARNING', 'nova.compute.manager', 'Instance build timed out. Set to error state.'),
    oslo('INFO', 'nova', 'Took 9.20 seconds to build instance.'),
  ),
  'nova.unsafe-migration': one(
    oslo(
      'ERROR',
      'nova.virt.libvirt.driver',
      'libvirt.libvirtError: Unsafe migration: Migration without shared storage is unsafe',
    ),
    oslo('INFO', 'nova', 'Migration running'),
  ),
  'nova.no-db-access': one(
    oslo('ERROR', 'nova.db.main.api', 'No DB access allowed in nova-compute: File "x"'),
    oslo('INFO', 'nova', 'DB access'),
  ),

  'neutron.port-binding': one(
    oslo(
      'ERROR',
      'neutron.plugins.ml2.managers',
      'Failed to bind port 3fa85f64 on host cmp2 for vnic_type normal using segments',
    ),
    oslo('INFO', 'neutron', 'port bound'),
  ),
  'neutron.agents-dead': one(
    oslo('WARNING', 'neutron.db.agents_db', 'Agent healthcheck: found 4 dead agents out of 9:'),
    oslo('DEBUG', 'neutron.db.agents_db', 'Agent healthcheck: found 9 active agents'),
  ),
  'neutron.report-failed': one(
    oslo('ERROR', 'neutron.agent.dhcp.agent', 'Failed reporting state!: oslo_messaging.exceptions.Foo'),
    oslo('INFO', 'neutron', 'state reported'),
  ),
  'neutron.router-moved': one(
    oslo(
      'INFO',
      'neutron.agent.l3.ha',
      'Router 3fa85f64-5717-4562-b3fc-2c963f66afa6 transitioned to primary on agent ctl2',
    ),
    oslo(
      'INFO',
      'neutron.agent.l3.ha',
      'Router 3fa85f64-5717-4562-b3fc-2c963f66afa6 transitioned to backup on agent ctl1',
    ),
  ),
  'neutron.no-dhcp-agent': one(
    oslo('WARNING', 'neutron.db.agentschedulers_db', 'No DHCP agents available, skipping rescheduling'),
    oslo('INFO', 'neutron', '2 DHCP agents'),
  ),
  'neutron.no-lease': one(
    'Nov 21 12:03:04 ctl1 dnsmasq-dhcp[99]: DHCPDISCOVER(tap1a2b3c4d-5e) fa:16:3e:01:02:03 no address available',
    'Nov 21 12:03:04 ctl1 dnsmasq-dhcp[99]: DHCPACK(tap1a2b3c4d-5e) 10.1.0.5 fa:16:3e:01:02:03',
  ),
  'neutron.metadata': one(
    oslo('WARNING', 'neutron.agent.metadata.agent', 'Remote metadata server experienced an internal server error.'),
    oslo('INFO', 'neutron', 'metadata ok'),
  ),
  'neutron.addresses-used-up': one(
    oslo(
      'ERROR',
      'neutron.api',
      'neutron_lib.exceptions.IpAddressGenerationFailure: No more IP addresses available on network 3fa85f64.',
    ),
    oslo('INFO', 'neutron', 'IP addresses available'),
  ),
  'neutron.ovs-dead': one(
    oslo(
      'WARNING',
      'neutron.plugins.ml2.drivers.openvswitch.agent.ovs_neutron_agent',
      'OVS is dead. OVSNeutronAgent will keep running and checking OVS status periodically.',
    ),
    oslo('INFO', 'neutron', 'OVS is alive'),
  ),
  'neutron.hash-ring': one(
    oslo(
      'ERROR',
      'ovsdbapp.event',
      'HashRingIsEmpty: Hash Ring returned empty when hashing "b\'x\'". All 0 nodes were found offline.',
    ),
    oslo('DEBUG', 'neutron', 'Hash Ring loaded. 3 active nodes.'),
  ),

  'cinder.backend-down': one(
    oslo(
      'ERROR',
      'cinder.service',
      'Manager for service cinder-volume ctl1@rbd is reporting problems, not sending heartbeat. Service will appear "down".',
    ),
    oslo('INFO', 'cinder', 'Driver initialization completed successfully.'),
  ),
  'cinder.no-backend': one(
    oslo(
      'ERROR',
      'cinder.scheduler.manager',
      'Failed to run task create_volume: No valid backend was found. No weighed backends available',
    ),
    oslo('INFO', 'cinder', 'backend chosen'),
  ),
  'cinder.ceph-unreachable': one(
    oslo(
      'ERROR',
      'cinder.volume.drivers.rbd',
      'Error connecting to ceph cluster.: rados.ObjectNotFound: [errno 2] RADOS object not found',
    ),
    oslo('INFO', 'cinder', 'connected to ceph'),
  ),
  'cinder.quota': one(
    oslo(
      'WARNING',
      'cinder.quota_utils',
      'Quota exceeded for 1a2b, tried to create 10G volume (1000G of 1000G already consumed).',
    ),
    oslo('INFO', 'cinder', 'quota ok'),
  ),
  'glance.image-missing': one(
    oslo(
      'ERROR',
      'glance.api.v2.image_data',
      'glance_store.exceptions.NotFound: Image /var/lib/glance/images/3fa85f64 not found',
    ),
    oslo('INFO', 'glance', 'image found'),
  ),
  'glance.store-full': one(
    oslo('ERROR', 'glance.api.v2.image_data', 'Image storage media is full: There is not enough disk space'),
    oslo('INFO', 'glance', 'image stored'),
  ),
};
