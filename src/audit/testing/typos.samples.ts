// Samples of the FM and TY rules.
import type { Samples } from './sample.ts';

const CFG = 'etc/haproxy/haproxy.cfg';
const CONF = 'etc/keepalived/keepalived.conf';

export const TYPOS: Samples = {
  FM01: { bad: { [CONF]: 'global_defs {\n}\n«}\n' }, good: { [CONF]: 'global_defs {\n}\n' } },
  FM02: {
    bad: { 'etc/memcached.conf': '-m 64\n«logfile /x\n' },
    good: { 'etc/memcached.conf': '-m 64\n# logfile /x\n' },
  },
  TY01: {
    bad: {
      [CFG]: 'backend a\n server a «10.0.01:80\n server b 10.0.0.2:80\n',
      [CONF]: 'vrrp_instance a {\n unicast_src_ip «10.0.1\n unicast_peer {\n  «10.0.0.256\n }\n}\n',
      'etc/corosync/corosync.conf': 'nodelist {\n node {\n  ring0_addr: «10.0.7\n }\n}\n',
      'etc/drbd.d/r0.res': 'resource r0 {\n on a {\n  address ipv4 «10.0.7:7789;\n }\n}\n',
      'etc/mysql/my.cnf': '[mysqld]\nwsrep_node_address = «10.0.0.1.2\n',
    },
    good: { [CFG]: 'backend a\n server a 10.0.0.1:80\n server b db.example:80\n server c /run/x\n' },
  },
  TY02: {
    bad: {
      [CONF]: 'vrrp_instance a {\n «virtual router_id 5\n}\n',
      [CFG]: 'backend a\n option «http chk\n «default_server inter 1s\n',
    },
    good: {
      [CONF]: 'vrrp_instance a {\n virtual_router_id 5\n}\n',
      [CFG]: 'backend a\n option httpchk\n default-server inter 1s\n',
    },
  },
  TY03: {
    bad: {
      'etc/mysql/my.cnf': '[mysqld]\nmax_connections = 5\n«max-connections = 6\n',
      [CONF]: 'vrrp_instance a {\n priority 1\n «priority 2\n}\n',
    },
    good: {
      'etc/mysql/my.cnf': '[mysqld]\nmax_connections = 5\n[mysqldump]\nmax_connections = 6\n',
      [CONF]: 'vrrp_instance a {\n priority 1\n priority 1\n}\n',
    },
  },
  TY04: {
    bad: {
      [CONF]: 'vrrp_instance a {\n «virtual_ipadress {\n  10.0.0.1\n }\n}\n',
      [CFG]: 'backend a\n «balence roundrobin\n option «redispach\n«}\n',
    },
    good: {
      [CONF]: 'vrrp_instance a {\n virtual_ipaddress {\n  10.0.0.1\n }\n}\n',
      [CFG]: 'backend a\n balance roundrobin\n fullconn 5\n',
    },
  },
};
