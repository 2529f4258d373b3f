// HAProxy 3.0 in front of Galera and two APIs. Manual: https://docs.haproxy.org/3.0/configuration.html
import type { Catalogue, FileTemplate } from './option.ts';

export const HAPROXY_OPTIONS: Catalogue = {
  'haproxy.maxconn': { sound: ['maxconn 8000', 'maxconn 20000'], harmful: [{ text: 'maxconn 60', why: 'below the maxconn of defaults: connections wait in the kernel' }] },
  'haproxy.stats': { sound: ['stats socket /run/haproxy/admin.sock mode 660 level admin'], harmful: [] },
  'haproxy.threads': { sound: ['', 'nbthread 2', 'nbthread 4'], harmful: [] },
  'haproxy.redispatch': { sound: ['option redispatch', 'option redispatch 1'], harmful: [{ text: '', why: 'a request stays with the server that refuses it' }] },
  'haproxy.retries': { sound: ['retries 3', 'retries 2', ''], harmful: [{ text: 'retries 0', why: 'no second try on another server' }] },
  'haproxy.log': { sound: ['option dontlognull', 'option httplog', ''], harmful: [] },
  'haproxy.timeout.connect': { sound: ['timeout connect 5s', 'timeout connect 5000'], harmful: [{ text: '', why: 'HAProxy warns: without it a dead server is waited for without end' }, { text: 'timeout conect 5s', why: 'misspelt' }] },
  'haproxy.timeout.client': { sound: ['timeout client 90s', 'timeout client 1m'], harmful: [{ text: '', why: 'HAProxy warns: dead clients are kept for ever' }] },
  'haproxy.timeout.server': { sound: ['timeout server 90s', 'timeout server 2m'], harmful: [{ text: '', why: 'HAProxy warns: a hung server holds its requests for ever' }, { text: 'time out server 90s', why: 'a space inside the keyword' }] },
  'haproxy.timeout.check': { sound: ['timeout check 1s', 'timeout check 1500ms'], harmful: [{ text: 'timeout check 60s', why: 'a hung server counts as up for a minute' }] },
  'galera.mode': { sound: ['mode tcp'], harmful: [{ text: '', why: 'inherits http from defaults: MySQL is not HTTP' }, { text: 'mode http', why: 'MySQL is not HTTP' }] },
  'galera.check': { sound: ['option httpchk', 'option httpchk GET /', 'option httpchk HEAD / HTTP/1.0'], harmful: [{ text: '', why: 'an open port is no synced member' }, { text: 'option tcp-check', why: 'an open port is no synced member' }, { text: 'option mysql-check user haproxy', why: 'does not check consistency' }] },
  'galera.stick': { sound: ['stick-table type ip size 1 nopurge peers lb\n    stick on dst'], harmful: [] },
  'galera.client': { sound: ['timeout client 2h', 'timeout client 7200s'], harmful: [{ text: 'timeout client 30s', why: 'pooled connections idle longer than that' }, { text: 'timeout client 2000', why: 'without a unit these are milliseconds' }] },
  'galera.server': { sound: ['timeout server 2h', 'timeout server 7200s'], harmful: [{ text: 'timeout server 30s', why: 'pooled connections idle longer than that' }] },
  'galera.flags': { sound: ['check port 9200 inter 2s fall 2 rise 2 on-marked-down shutdown-sessions', 'check port 9200 inter 1s fall 3 on-marked-down shutdown-sessions'], harmful: [
    { text: 'inter 2s fall 2 rise 2 on-marked-down shutdown-sessions', why: 'no check: a dead member keeps its clients' },
    { text: 'check port 9200 inter 2s fall 2 rise 2', why: 'sessions stay on a member that was marked down' },
    { text: 'check port 9200 inter 20s fall 5 on-marked-down shutdown-sessions', why: 'a dead member is noticed after more than a minute' }] },
  // Without it the table still keeps all on one member: no harm.
  'galera.backup': { sound: [' backup', ''], harmful: [] },
  'galera.second': { sound: ['<member2>:3306'], harmful: [{ text: '<member2-short>:3306', why: 'an address with three numbers' }, { text: '<member1>:3306', why: 'the first member twice' }, { text: '127.0.0.1:3306', why: 'not the member', on: 'one' }] },
  'api.check': { sound: ['option httpchk GET /healthcheck', 'option httpchk GET /'], harmful: [{ text: '', why: 'a hung API accepts connections' }] },
  'api.expect': { sound: ['http-check expect status 200', 'http-check expect rstatus ^[23]00'], harmful: [] },
  'api.balance': { sound: ['balance roundrobin', 'balance leastconn', 'balance source'], harmful: [{ text: 'ballance roundrobin', why: 'misspelt' }] },
  'api.flags': { sound: ['check inter 2s fall 2 rise 2', 'check inter 2000 rise 2 fall 3', 'check'], harmful: [{ text: 'inter 2s fall 2 rise 2', why: 'no check: a dead server keeps its share' }, { text: 'check inter 30s fall 3', why: 'noticed after a minute and a half' }, { text: 'check inter 2s fall 2 backup', why: 'every server is a backup: they are used only one at a time' }] },
  'api.servers': { sound: ['server a <member1>:8774 {{api.flags}}\n    server b <member2>:8774 {{api.flags}}\n    server c <member3>:8774 {{api.flags}}'], harmful: [
    { text: 'server a <member1>:8774 {{api.flags}}', why: 'one server behind a redundant address' },
    { text: 'server a <member1>:8774 {{api.flags}}\n    server b <member2>:8774 {{api.flags}}', why: 'other servers than the other proxies', on: 'one' }] },
  'api.bind': { sound: ['bind <vip>:8774'], harmful: [{ text: 'bind <vip>:8774 ssl crt', why: 'no file is named: HAProxy does not start' }, { text: 'bind <vip>', why: 'no port: HAProxy does not start' }] },
}; // prettier-ignore

export const HAPROXY_FILES: readonly FileTemplate[] = [
  {
    roles: ['proxy'],
    path: 'etc/haproxy/haproxy.cfg',
    loose: 'haproxy-<name>.cfg',
    text: `global
    log /dev/log local0
    user haproxy
    group haproxy
    {{haproxy.maxconn}}
    {{haproxy.stats}}
    {{haproxy.threads}}

defaults
    log global
    mode http
    maxconn 2000
    {{haproxy.log}}
    {{haproxy.redispatch}}
    {{haproxy.retries}}
    {{haproxy.timeout.connect}}
    {{haproxy.timeout.client}}
    {{haproxy.timeout.server}}
    {{haproxy.timeout.check}}

peers lb
    peer <me> 127.0.0.1:1024

listen galera
    bind <vip>:3306
    {{galera.mode}}
    {{galera.check}}
    {{galera.stick}}
    {{galera.client}}
    {{galera.server}}
    server db1 <member1>:3306 {{galera.flags}}
    server db2 {{galera.second}} {{galera.flags}}{{galera.backup}}
    server db3 <member3>:3306 {{galera.flags}}{{galera.backup}}

frontend compute
    {{api.bind}}
    default_backend compute

backend compute
    {{api.balance}}
    {{api.check}}
    {{api.expect}}
    {{api.servers}}
`,
  },
];
