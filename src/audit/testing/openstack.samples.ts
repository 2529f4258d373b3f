// Samples of the OS rules.
import type { Samples, Tree } from './sample.ts';

const ini = (service: string, text: string): Tree => ({ [`etc/${service}/${service}.conf`]: `${text}\n` });
const neutron = (lines: string, mark = ''): Tree => ini('neutron', `${mark}[DEFAULT]\ncore_plugin = ml2\n${lines}`);
const ml2 = (text: string): Tree => ({ 'etc/neutron/plugins/ml2/ml2_conf.ini': `${text}\n` });
const OVN = ml2('[ml2]\nmechanism_drivers = ovn');
const key = (host: string, text: string): Tree => ({ [`${host}/etc/keystone/fernet-keys/1`]: text });
const cron = (host: string, text: string): Tree => ({ [`${host}/etc/cron.d/keystone`]: text });
const ROTATE = '0 1 * * * keystone keystone-manage fernet_rotate\n';
const nodes: Tree = { 'etc/mysql/my.cnf': '[galera]\nwsrep_node_address = 10.0.0.1\n' };

export const OPENSTACK: Samples = {
  OS01: { bad: { ...key('a', 'AAA'), ...key('b', '«BBB') }, good: { ...key('a', 'AAA'), ...key('b', 'AAA\n') } },
  OS02: {
    bad: { ...cron('a', ROTATE), ...cron('b', `«${ROTATE}`) },
    good: { ...cron('a', ROTATE), ...cron('b', `#${ROTATE}`) },
  },
  OS03: {
    bad: ini('glance', '[glance_store]\ndefault_store = file\n«filesystem_store_datadir = /var/lib/glance/images/'),
    good: [
      ini('glance', '[glance_store]\ndefault_store = rbd'),
      {
        ...ini('glance', '[glance_store]\ndefault_store = file'),
        'etc/systemd/system/g.mount': '[Mount]\nWhere=/var/lib/glance/images\n',
      },
    ],
  },
  OS04: {
    bad: ini('cinder', '[DEFAULT]\n«cluster = ceph'),
    good: ini('cinder', '[DEFAULT]\ncluster = ceph\n[coordination]\nbackend_url = etcd3+http://10.0.0.1:2379'),
  },
  OS05: {
    bad: {
      'a/etc/cinder/cinder.conf': '[ceph]\nbackend_host = rbd\n',
      'b/etc/cinder/cinder.conf': '[ceph]\n«backend_host = rbd\n',
    },
    good: {
      'a/etc/cinder/cinder.conf': '[ceph]\nbackend_host = a\n',
      'b/etc/cinder/cinder.conf': '[ceph]\nbackend_host = b\n',
    },
  },
  OS06: {
    bad: neutron('«dhcp_agents_per_network = 1'),
    good: [neutron('dhcp_agents_per_network = 2'), { ...neutron(''), ...OVN }],
  },
  OS07: {
    bad: neutron('debug = true', '«'),
    good: [
      neutron('l3_ha = true'),
      { ...neutron(''), ...OVN },
      neutron('[database]\nconnection = sqlite:///var/lib/neutron/neutrondb'),
    ],
  },
  OS08: {
    bad: neutron('l3_ha = true\n«allow_automatic_l3agent_failover = true'),
    good: neutron('l3_ha = false\nallow_automatic_l3agent_failover = true'),
  },
  OS09: { bad: neutron('«min_l3_agents_per_router = 3'), good: neutron('min_l3_agents_per_router = 2') },
  OS10: {
    bad: { 'etc/neutron/l3_agent.ini': '«[DEFAULT]\ndebug = true\n' },
    good: { 'etc/neutron/l3_agent.ini': '[DEFAULT]\nha_vrrp_health_check_interval = 5\n' },
  },
  OS11: { bad: neutron('l3_ha = true'), good: neutron('l3_ha = false'), undecided: true },
  OS12: {
    bad: ml2('[ovn]\n«ovn_nb_connection = ssl:10.0.0.1:6641\n«ovn_sb_connection = ssl:10.0.0.1:6642,ssl:10.0.0.2:6642'),
    good: ml2('[ovn]\novn_nb_connection = ssl:10.0.0.1:6641,ssl:10.0.0.2:6641,ssl:10.0.0.3:6641'),
  },
  OS13: { bad: ml2('[ovn]\n«ovsdb_probe_interval = 0'), good: ml2('[ovn]\novsdb_probe_interval = 60000') },
  OS14: {
    bad: { ...nodes, ...ini('nova', '[keystone_authtoken]\n«auth_url = http://10.0.0.1:5000') },
    good: { ...nodes, ...ini('nova', '[keystone_authtoken]\nauth_url = http://10.0.0.10:5000') },
  },
  OS15: { bad: ini('nova', '[DEFAULT]'), good: ini('glance', '[DEFAULT]'), undecided: true },
  OS16: {
    bad: { 'a/etc/keystone/keystone.conf': '[DEFAULT]\n', 'b/etc/keystone/keystone.conf': '[DEFAULT]\n' },
    good: ini('keystone', '[DEFAULT]'),
    undecided: true,
  },
  OS17: {
    bad: { 'etc/chrony/chrony.conf': '«server 10.0.0.1 iburst\n' },
    good: [
      { 'etc/chrony/chrony.conf': 'pool 2.debian.pool.ntp.org\n' },
      { 'etc/chrony/chrony.conf': 'server a\nserver b\nserver c\n' },
    ],
  },
};
