// OpenStack services. Manuals: the configuration references of Keystone, Nova, Neutron, Cinder, Glance, oslo.messaging,
// oslo.db, keystonemiddleware.
import type { Catalogue, FileTemplate } from './option.ts';

const QUORUM = 'rabbit_quorum_queue = true';

export const SERVICE_OPTIONS: Catalogue = {
  'os.transport': { sound: ['transport_url = rabbit://openstack:PASS@<member1>:5672,openstack:PASS@<member2>:5672,openstack:PASS@<member3>:5672/'], harmful: [
    { text: 'transport_url = rabbit://openstack:PASS@<member1>:5672/', why: 'one broker only' },
    { text: 'transport_url = rabbit://openstack:PASS@<member1>:5672,<member2>:5672,<member3>:5672/', why: 'user and password are missing for the others' }] },
  'os.quorum': { sound: [QUORUM], harmful: [{ text: '', why: 'classic queues are lost with their broker' }, { text: 'rabbit_quorum_queue = false', why: 'classic queues are lost with their broker' }] },
  'os.transient': { sound: ['rabbit_transient_quorum_queue = true'], harmful: [{ text: 'rabbit_transient_quorum_queue = false', why: 'replies are lost with their broker' }] },
  'os.fanout': { sound: ['use_queue_manager = true\nrabbit_stream_fanout = true'], harmful: [{ text: '', why: 'fanout queues are lost with their broker' }] },
  'os.heartbeat': { sound: ['heartbeat_timeout_threshold = 10', ''], harmful: [{ text: 'heartbeat_timeout_threshold = 0', why: 'a dead broker is never noticed' }, { text: 'heartbeat_timeout_threshold = 600', why: 'a dead broker is noticed after ten minutes' }] },
  'os.rpc': { sound: ['rpc_response_timeout = 60', ''], harmful: [{ text: 'rpc_response_timeout = 1800', why: 'a lost answer is waited for half an hour' }] },
  'os.pool': { sound: ['max_pool_size = 5\nmax_overflow = 10', 'max_pool_size = 10\nmax_overflow = 20'], harmful: [{ text: 'max_pool_size = 4000\nmax_overflow = 4000', why: 'more connections than the database takes' }] },
  'os.recycle': { sound: ['connection_recycle_time = 3600', ''], harmful: [{ text: 'connection_recycle_time = 90000', why: 'longer than wait_timeout and the proxy keep it' }] },
  'os.dburl': { sound: ['connection = mysql+pymysql://nova:PASS@<vip>/nova', 'connection = mysql+pymysql://nova:PASS@<vip>/nova?charset=utf8'], harmful: [{ text: 'connection = mysql+pymysql://nova:PASS@<member1>/nova', why: 'one member, not the floating address' }, { text: 'connection = sqlite:////var/lib/nova/nova.sqlite', why: 'a database of this host alone' }] },
  'os.caches': { sound: ['memcached_servers = <member1>:11211,<member2>:11211,<member3>:11211'], harmful: [{ text: 'memcached_servers = <member2>:11211,<member1>:11211,<member3>:11211', why: 'another order hashes to other servers', on: 'one' }] },
  'os.auth': { sound: ['www_authenticate_uri = http://<vip>:5000', 'www_authenticate_uri = http://<vip>:5000/v3'], harmful: [{ text: 'www_authenticate_uri = http://<member1>:5000', why: 'one controller, not the floating address' }] },
  'os.workers': { sound: ['osapi_compute_workers = 4', 'osapi_compute_workers = 2'], harmful: [] },
  'os.debug': { sound: ['debug = false', ''], harmful: [] },
  'nova.down': { sound: ['service_down_time = 60\nreport_interval = 10', ''], harmful: [{ text: 'service_down_time = 5\nreport_interval = 10', why: 'services are down between two reports' }] },
  'nova.vif': { sound: ['vif_plugging_timeout = 300', ''], harmful: [{ text: 'vif_plugging_is_fatal = false\nvif_plugging_timeout = 0', why: 'instances start without network and nobody says so' }] },
  'neutron.l3': { sound: ['l3_ha = true', 'l3_ha = True'], harmful: [{ text: 'l3_ha = false', why: 'a router lives on one host' }, { text: '', why: 'a router lives on one host' }] },
  'neutron.dhcp': { sound: ['dhcp_agents_per_network = 2', 'dhcp_agents_per_network = 3'], harmful: [{ text: 'dhcp_agents_per_network = 1', why: 'one DHCP server' }] },
  'neutron.failover': { sound: ['', 'allow_automatic_l3agent_failover = false'], harmful: [{ text: 'allow_automatic_l3agent_failover = true', why: 'a second mechanism moves routers' }] },
  'neutron.down': { sound: ['agent_down_time = 75', ''], harmful: [{ text: 'agent_down_time = 20', why: 'below the report interval of 30 s: agents flap' }] },
  'neutron.check': { sound: ['ha_vrrp_health_check_interval = 5'], harmful: [{ text: 'ha_vrrp_health_check_interval = 0', why: 'the outer link is not looked at' }] },
  'glance.store': { sound: ['default_store = rbd', 'default_store = swift'], harmful: [{ text: 'default_store = file\nfilesystem_store_datadir = /var/lib/glance/images', why: 'a directory of one host' }] },
  'cinder.cluster': { sound: ['cluster = volumes'], harmful: [] },
  'cinder.coordination': { sound: ['backend_url = etcd3+http://<member1>:2379'], harmful: [{ text: '', why: 'active-active without locks' }] },
  'keystone.key': { sound: ['c2VjcmV0a2V5c2VjcmV0a2V5c2VjcmV0a2V5c2VjcmU='], harmful: [{ text: 'b3RoZXJrZXlvdGhlcmtleW90aGVya2V5b3RoZXJrZXk=', why: 'tokens of one host are refused by another', on: 'one' }] },
  'ceph.min': { sound: ['osd pool default min size = 2', 'osd_pool_default_min_size = 2'], harmful: [{ text: 'osd pool default min size = 1', why: 'writes with one copy left' }] },
  'ceph.size': { sound: ['osd pool default size = 3'], harmful: [{ text: 'osd pool default size = 2', why: 'two copies: one is left while the other is repaired' }] },
  'ceph.mon': { sound: ['mon host = <member1>,<member2>,<member3>'], harmful: [{ text: 'mon host = <member1>,<member2>', why: 'an even number of monitors' }] },
}; // prettier-ignore

const MESSAGING = '[oslo_messaging_rabbit]\n{{os.quorum}}\n{{os.transient}}\n{{os.fanout}}\n{{os.heartbeat}}\n';
const DATABASE = '[database]\n{{os.dburl}}\n{{os.pool}}\n{{os.recycle}}\n';
const TOKENS = '[keystone_authtoken]\n{{os.auth}}\n{{os.caches}}\n';

export const SERVICE_FILES: readonly FileTemplate[] = [
  {
    roles: ['control'],
    path: 'etc/nova/nova.conf',
    loose: 'nova-<name>.conf',
    text: `[DEFAULT]\n{{os.debug}}\n{{os.transport}}\n{{os.rpc}}\n{{os.workers}}\n{{nova.down}}\n{{nova.vif}}\n\n${DATABASE}\n${MESSAGING}\n${TOKENS}`,
  },
  {
    roles: ['control'],
    path: 'etc/neutron/neutron.conf',
    loose: 'neutron-<name>.conf',
    text: `[DEFAULT]\ncore_plugin = ml2\nservice_plugins = router\n{{os.debug}}\n{{os.transport}}\n{{neutron.l3}}\n{{neutron.dhcp}}\n{{neutron.failover}}\n{{neutron.down}}\n\n${MESSAGING}\n${TOKENS}`,
  },
  { roles: ['control'], path: 'etc/neutron/l3_agent.ini', text: '[DEFAULT]\n{{neutron.check}}\n' },
  {
    roles: ['control'],
    path: 'etc/glance/glance-api.conf',
    loose: 'glance-<name>.conf',
    text: `[DEFAULT]\n{{os.debug}}\n\n[glance_store]\n{{glance.store}}\n\n${TOKENS}`,
  },
  {
    roles: ['control'],
    path: 'etc/cinder/cinder.conf',
    loose: 'cinder-<name>.conf',
    text: `[DEFAULT]\n{{os.transport}}\n{{cinder.cluster}}\n\n[coordination]\n{{cinder.coordination}}\n\n${MESSAGING}\n${TOKENS}`,
  },
  { roles: ['control'], path: 'etc/keystone/fernet-keys/1', mode: 0o600, text: '{{keystone.key}}' },
  {
    roles: ['control'],
    path: 'etc/ceph/ceph.conf',
    text: '[global]\nfsid = 5b2c0b9e-0000-4000-8000-000000000001\n{{ceph.mon}}\n{{ceph.size}}\n{{ceph.min}}\n',
  },
];
