// Samples of the HA rules.
import type { Samples, Tree } from './sample.ts';

const FILE = 'etc/haproxy/haproxy.cfg';
const cfg = (text: string): Tree => ({ [FILE]: text });
const two = (first: string, second: string): Tree => ({ [`a/${FILE}`]: first, [`b/${FILE}`]: second });
const galera = (lines: string): Tree => cfg(`backend galera\n mode tcp\n${lines}\n`);
const api = (lines: string): Tree => cfg(`backend nova\n mode http\n${lines}\n`);
const DOWN = 'on-marked-down shutdown-sessions';
const VIP = 'vrrp_instance a {\n virtual_ipaddress {\n  10.0.0.9/24\n }\n}\n';
const BIND = 'frontend a\n bind 10.0.0.9:80\n';

export const HAPROXY: Samples = {
  HA01: {
    bad: {
      ...cfg('frontend a\n «bind 10.0.0.9:80\n'),
      'etc/keepalived/keepalived.conf': VIP,
      'etc/sysctl.d/9.conf': 'net.ipv4.ip_nonlocal_bind=0\n',
    },
    good: [
      { ...cfg(BIND), 'etc/keepalived/keepalived.conf': VIP, 'etc/sysctl.d/9.conf': 'net.ipv4.ip_nonlocal_bind=1\n' },
      {
        ...cfg('frontend a\n bind 10.0.0.8:80\n'),
        'etc/keepalived/keepalived.conf': VIP,
        'etc/sysctl.d/9.conf': 'a.b=1\n',
      },
    ],
  },
  HA02: {
    bad: galera(' option tcpka\n «server a 10.0.0.1:3306 check'),
    good: [
      galera(' option httpchk\n server a 10.0.0.1:3306 check port 9200'),
      cfg('backend web\n mode tcp\n server a 10.0.0.1:80 check\n'),
    ],
  },
  HA03: {
    bad: galera(' server a 10.0.0.1:3306 check\n «server b 10.0.0.2:3306 check'),
    good: [
      galera(' server a 10.0.0.1:3306 check\n server b 10.0.0.2:3306 check backup'),
      galera(' balance first\n server a 10.0.0.1:3306 check\n server b 10.0.0.2:3306 check'),
    ],
  },
  HA04: {
    bad: galera(` server a 10.0.0.1:3306 check ${DOWN}\n «server b 10.0.0.2:3306 check backup`),
    good: [
      galera(` default-server ${DOWN}\n server a 10.0.0.1:3306 check\n server b 10.0.0.2:3306 check backup`),
      galera(' server a 10.0.0.1:3306 check\n server b 10.0.0.2:3306 check'),
    ],
  },
  HA05: {
    bad: two(
      'backend galera\n mode tcp\n server a 10.0.0.1:3306\n server b 10.0.0.2:3306 backup\n',
      'backend galera\n mode tcp\n «server b 10.0.0.2:3306\n server a 10.0.0.1:3306 backup\n',
    ),
    good: two(
      'backend galera\n mode tcp\n server a 10.0.0.1:3306\n server b 10.0.0.2:3306 backup\n',
      'backend galera\n mode tcp\n server b 10.0.0.2:3306 backup\n server a 10.0.0.1:3306\n',
    ),
  },
  HA06: {
    bad: {
      ...galera(' «timeout server 60s\n server a 10.0.0.1:3306'),
      'etc/nova/nova.conf': '[database]\nconnection_recycle_time = 600\n',
    },
    good: {
      ...galera(' timeout server 11m\n server a 10.0.0.1:3306'),
      'etc/nova/nova.conf': '[database]\nconnection_recycle_time = 600\n',
    },
  },
  HA07: {
    bad: cfg('listen db\n mode tcp\n «timeout client 1m\n timeout server 2m\n'),
    good: [
      cfg('listen db\n mode tcp\n timeout client 1m\n timeout server 60s\n'),
      cfg('listen w\n mode http\n timeout client 1m\n timeout server 2m\n'),
    ],
  },
  HA08: {
    bad: api(' «server a 10.0.0.1:8774 check inter 12000 fall 3'),
    good: [api(' server a 10.0.0.1:8774 check inter 2s fall 3'), api(' server a 10.0.0.1:8774 inter 12000')],
  },
  HA09: {
    bad: api(' «timeout check 10s\n server a 10.0.0.1:8774 check inter 1s fall 2'),
    good: api(' timeout check 1s\n server a 10.0.0.1:8774 check inter 1s fall 2'),
  },
  HA10: {
    bad: cfg('«listen rabbitmq\n server a 10.0.0.1:5672 check\n'),
    good: cfg('listen rabbitmq_management\n server a 10.0.0.1:15672 check\n'),
  },
  HA11: {
    bad: cfg('listen rabbitmq\n «timeout client 30s\n server a 10.0.0.1:5672\n'),
    good: cfg('listen rabbitmq\n timeout client 3h\n server a 10.0.0.1:5672\n'),
  },
  HA12: {
    bad: cfg('«backend nova\n server a 10.0.0.1:8774\n server b 10.0.0.2:8774\n'),
    good: cfg('defaults\n option redispatch\nbackend nova\n server a 10.0.0.1:8774\n server b 10.0.0.2:8774\n'),
  },
  HA13: {
    bad: cfg('global\n «maxconn 100\nfrontend a\n maxconn 60\nfrontend b\n maxconn 60\n'),
    good: cfg('global\n maxconn 120\nfrontend a\n maxconn 60\nfrontend b\n maxconn 60\n'),
  },
  HA14: {
    bad: {
      ...cfg('global\n «maxconn 1000\n'),
      'etc/systemd/system/haproxy.service.d/l.conf': '[Service]\nLimitNOFILE=1024\n',
    },
    good: {
      ...cfg('global\n maxconn 500\n'),
      'etc/systemd/system/haproxy.service.d/l.conf': '[Service]\nLimitNOFILE=1024\n',
    },
  },
  HA15: {
    bad: cfg('«backend memcached\n server a 10.0.0.1:11211\n'),
    good: cfg('backend web\n server a 10.0.0.1:80\n'),
  },
  HA16: {
    bad: two('backend n\n server a 10.0.0.1:1\n server b 10.0.0.2:1\n', '«backend n\n server a 10.0.0.1:1\n'),
    good: two(
      'backend n\n server a 10.0.0.1:1\n server b 10.0.0.2:1\n',
      'backend n\n server b 10.0.0.2:1\n server a 10.0.0.1:1\n',
    ),
  },
  HA17: {
    bad: api(' «server a 10.0.0.1:8774 check'),
    good: [api(' server a 10.0.0.1:8774 check\n server b 10.0.0.2:8774 check'), api(' server a 127.0.0.1:8774')],
  },
  HA18: {
    bad: api(' server a 10.0.0.1:8774 check\n «server b 10.0.0.2:8774'),
    good: api(' default-server check\n server a 10.0.0.1:8774\n server b 10.0.0.2:8774'),
  },
  HA19: {
    bad: api(' «server a 10.0.0.1:8774 check'),
    good: [api(' option httpchk GET /healthcheck\n server a 10.0.0.1:8774 check'), api(' server a 10.0.0.1:80 check')],
  },
  HA20: {
    bad: cfg('«global\n stats socket /run/h.sock mode 600\n'),
    good: cfg('global\n stats socket /run/h.sock mode 600 level admin\n'),
  },
  HA21: {
    bad: {
      'a/etc/ssl/haproxy.pem': '-----BEGIN CERTIFICATE-----\nMQ==\n',
      'b/etc/ssl/haproxy.pem': '«-----BEGIN CERTIFICATE-----\nMg==\n',
    },
    good: {
      'a/etc/ssl/haproxy.pem': '-----BEGIN CERTIFICATE-----\nMQ==\n',
      'b/etc/ssl/haproxy.pem': '-----BEGIN CERTIFICATE-----\nMQ==\n',
    },
  },
  HA22: {
    bad: galera(' «server a 10.0.0.1:3306\n server b 10.0.0.2:3306 backup'),
    good: [
      galera(' stick on dst\n server a 10.0.0.1:3306\n server b 10.0.0.2:3306 backup'),
      galera(' server a 10.0.0.1:3306 on-marked-up shutdown-backup-sessions\n server b 10.0.0.2:3306 backup'),
    ],
  },
  HA23: {
    bad: cfg('defaults\n mode http\n«listen galera\n server a 10.0.0.1:3306\n'),
    good: [
      cfg('defaults\n mode http\nlisten galera\n mode tcp\n server a 10.0.0.1:3306\n'),
      cfg('defaults\n mode http\nlisten web\n server a 10.0.0.1:80\n'),
    ],
  },
};
