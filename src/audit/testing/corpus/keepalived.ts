// Keepalived 2.3 and what its addresses need of the kernel. Manual: keepalived.conf(5)
import type { Catalogue, FileTemplate } from './option.ts';

export const KEEPALIVED_OPTIONS: Catalogue = {
  'keepalived.security': { sound: ['enable_script_security'], harmful: [{ text: '', why: 'scripts that others may write run as root' }] },
  'keepalived.garp': { sound: ['vrrp_garp_master_refresh 60', ''], harmful: [] },
  'keepalived.script': { sound: ['"/usr/local/bin/check-api"', '"/usr/bin/curl -fsS -o /dev/null http://127.0.0.1:8404/"'], harmful: [{ text: '"/usr/bin/killall -0 haproxy"', why: 'a hung process exists' }, { text: '"/usr/bin/true"', why: 'always succeeds' }] },
  'keepalived.weight': { sound: ['weight -60', 'weight -80', ''], harmful: [{ text: 'weight -2', why: 'smaller than the distance of the priorities: nothing moves' }] },
  'keepalived.interval': { sound: ['interval 2', 'interval 1'], harmful: [{ text: 'interval 120', why: 'a dead proxy is noticed after minutes' }] },
  'keepalived.state': { sound: ['state BACKUP'], harmful: [{ text: 'state MASTER', why: 'nopreempt wants the initial state BACKUP' }] },
  'keepalived.interface': { sound: ['interface bond0', 'interface eno1'], harmful: [{ text: '', why: 'keepalived refuses the instance' }] },
  'keepalived.id': { sound: ['virtual_router_id 51', 'virtual_router_id 172'], harmful: [{ text: 'virtual_router_id 300', why: 'above 255' }, { text: 'virtual_router_id 99', why: 'two routers, both with the address', on: 'one' }, { text: 'virtual_router-id 51', why: 'a hyphen in the keyword' }, { text: '', why: 'keepalived refuses the instance' }] },
  'keepalived.priority': { sound: ['priority <priority>'], harmful: [{ text: 'priority 100', why: 'equal priorities: the address decides' }, { text: 'priority 400', why: 'above 255', on: 'one' }] },
  'keepalived.advert': { sound: ['advert_int 1', 'advert_int 2'], harmful: [{ text: 'advert_int 5', why: 'backups with a shorter one take over all the time', on: 'one' }, { text: 'advert_int 0.3', why: 'VRRP version 2 counts whole seconds' }] },
  'keepalived.preempt': { sound: ['nopreempt'], harmful: [{ text: '', why: 'the host that returns takes the address back before it is ready' }] },
  'keepalived.auth': { sound: ['', 'authentication {\n        auth_type PASS\n        auth_pass a1b2c3d4\n    }'], harmful: [{ text: 'authentication {\n        auth_type PASS\n        auth_pass correcthorsebattery\n    }', why: 'only eight characters count' }, { text: 'authentication {\n        auth_type PASS\n        auth_pass other123\n    }', why: 'hosts do not accept each other: both take the address', on: 'one' }] },
  'keepalived.source': { sound: ['unicast_src_ip <my-address>'], harmful: [{ text: 'unicast_src_ip <member1-short>', why: 'an address with three numbers', on: 'one' }] },
  'keepalived.peers': { sound: ['<peers>'], harmful: [{ text: '<one-peer>', why: 'the third host does not hear this one', on: 'one' }, { text: '<my-address>', why: 'a host that only talks to itself' }] },
  'keepalived.address': { sound: ['<vip>/24'], harmful: [{ text: '<vip-short>/24', why: 'an address with three numbers' }, { text: '<member1>/24', why: 'another address than on the other hosts', on: 'one' }] },
  'keepalived.track': { sound: ['track_script {\n        check\n    }'], harmful: [{ text: '', why: 'a host without a proxy keeps the address' }, { text: 'track_script {\n        chek\n    }', why: 'no script of this name' }] },
  'keepalived.end': { sound: ['}'], harmful: [{ text: '}\n}', why: 'a brace too many' }] },
  'keepalived.trackinterface': { sound: ['track_interface {\n        bond0\n    }', ''], harmful: [] },
  'sysctl.nonlocal': { sound: ['net.ipv4.ip_nonlocal_bind = 1'], harmful: [{ text: 'net.ipv4.ip_nonlocal_bind = 0', why: 'HAProxy cannot start on the host without the address' }, { text: '', why: 'HAProxy cannot start on the host without the address' }] },
  'sysctl.forward': { sound: ['net.ipv4.ip_forward = 1', 'vm.swappiness = 10'], harmful: [] },
  'chrony.sources': { sound: ['pool 2.debian.pool.ntp.org iburst', 'server 192.0.2.1 iburst\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst'], harmful: [{ text: 'server 192.0.2.1 iburst', why: 'one source: nobody notices when it is wrong' }] },
}; // prettier-ignore

export const KEEPALIVED_FILES: readonly FileTemplate[] = [
  {
    roles: ['vrrp'],
    path: 'etc/keepalived/keepalived.conf',
    loose: 'keepalived-<name>.conf',
    text: `global_defs {
    router_id <me>
    script_user root
    {{keepalived.security}}
    {{keepalived.garp}}
}

vrrp_script check {
    script {{keepalived.script}}
    {{keepalived.interval}}
    fall 2
    rise 2
    {{keepalived.weight}}
}

vrrp_instance api {
    {{keepalived.state}}
    {{keepalived.preempt}}
    {{keepalived.interface}}
    {{keepalived.id}}
    {{keepalived.priority}}
    {{keepalived.advert}}
    {{keepalived.auth}}
    {{keepalived.source}}
    unicast_peer {
        {{keepalived.peers}}
    }
    virtual_ipaddress {
        {{keepalived.address}}
    }
    {{keepalived.trackinterface}}
    {{keepalived.track}}
{{keepalived.end}}
`,
  },
  {
    roles: ['vrrp'],
    path: 'etc/sysctl.d/90-ha.conf',
    text: '{{sysctl.nonlocal}}\n{{sysctl.forward}}\n',
  },
  {
    roles: ['control', 'proxy'],
    path: 'etc/chrony/chrony.conf',
    text: '{{chrony.sources}}\ndriftfile /var/lib/chrony/chrony.drift\nmakestep 1 3\nrtcsync\n',
  },
];
