// Lines as hosts, networks and clusters write them, per signature: those that show it, and near misses.
import type { LogSamples } from './samples.ts';

const K = 'Nov 21 12:03:04 ctl2 kernel: ';
const S = 'Nov 21 12:03:04 ctl2 systemd[1]: ';
const COROSYNC = 'Nov 21 12:03:04 ctl1 corosync[812]:   ';
const KEEPALIVED = 'Nov 21 12:03:04 ctl1 Keepalived_vrrp[901]: ';

export const INFRASTRUCTURE: LogSamples = {
  'host.power-loss': {
    bad: [
      `Nov 21 12:03:04 ctl2 sshd[7]: Accepted publickey for root\nNov 21 12:09:31 ctl2 kernel: Linux version 6.12.0 (debian)`,
      `2026-11-21T12:03:04+0000 ctl2 cron[7]: job\n-- Boot 0123456789abcdef0123456789abcdef --\n2026-11-21T12:09:31+0000 ctl2 kernel: Linux version 6.12.0`,
    ],
    good: [
      `Nov 21 12:03:04 ctl2 systemd-logind[7]: System is rebooting.\nNov 21 12:03:05 ctl2 systemd-journald[3]: Journal stopped\nNov 21 12:09:31 ctl2 kernel: Linux version 6.12.0`,
      'Nov 21 12:09:31 ctl2 kernel: Linux version 6.12.0 (debian)',
    ],
  },
  'host.shutdown': {
    bad: [
      'Nov 21 12:03:04 ctl2 systemd-logind[7]: System is rebooting.',
      `${S}Reached target reboot.target - System Reboot.`,
    ],
    good: [`${S}Reached target multi-user.target - Multi-User System.`],
  },
  'host.out-of-memory': {
    bad: [
      `${K}[86.1] Out of memory: Killed process 4711 (mariadbd) total-vm:8123456kB`,
      `${K}Memory cgroup out of memory: Killed process 12 (beam.smp) total-vm:1kB`,
    ],
    good: [`${K}oom_reaper: reaped process 4711 (mariadbd)`],
  },
  'host.disk-full': {
    bad: [
      '2026-11-21 12:03:04 0 [ERROR] mariadbd: Error writing file \'./ib_logfile0\' (errno: 28 "No space left on device")',
      '2026-11-21 12:03:04.123 99 ERROR glance.api [-] OSError: [Errno 28] No space left on device',
    ],
    good: [`${S}Started space-check.service`],
  },
  'host.disk-error': {
    bad: [
      `${K}I/O error, dev nvme0n1, sector 123456 op 0x1:(WRITE)`,
      `${K}Buffer I/O error on dev dm-0, logical block 5, lost async page write`,
    ],
    good: [`${K}nvme nvme0: I/O queues 8/0/0`],
  },
  'host.filesystem-readonly': {
    bad: [`${K}EXT4-fs (sda1): Remounting filesystem read-only`],
    good: [`${K}EXT4-fs (sda1): mounted filesystem ro`],
  },
  'host.task-blocked': {
    bad: [`${K}INFO: task mariadbd:812 blocked for more than 120 seconds.`],
    good: [`${K}task scheduler blocked nothing`],
  },
  'host.machine-check': {
    bad: [`${K}mce: [Hardware Error]: Machine check events logged`],
    good: [`${K}mce: CPU0: Thermal monitoring enabled`],
  },
  'host.too-many-files': {
    bad: ['2026-11-21 12:03:04.123 9 ERROR nova.api [-] OSError: [Errno 24] Too many open files'],
    good: ['2026-11-21 12:03:04.123 9 INFO nova.api [-] open files limit 65536'],
  },
  'host.unit-failed': {
    bad: [`${S}rabbitmq-server.service: Failed with result 'exit-code'.`],
    good: [`${S}rabbitmq-server.service: Deactivated successfully.`],
  },
  'host.unit-gave-up': {
    bad: [`${S}nova-conductor.service: Start request repeated too quickly.`],
    good: [`${S}nova-conductor.service: Scheduled restart job, restart counter is at 3.`],
  },
  'host.segfault': {
    bad: [
      `${K}haproxy[812]: segfault at 0 ip 000055 sp 00007f error 4 in haproxy`,
      `${S}haproxy.service: Main process exited, code=dumped, status=11/SEGV`,
    ],
    good: [`${S}haproxy.service: Main process exited, code=exited, status=1/FAILURE`],
  },
  'host.stuck-stopping': {
    bad: [`${S}mariadb.service: State 'stop-sigterm' timed out. Killing.`],
    good: [`${S}mariadb.service: Deactivated successfully.`],
  },
  'network.link-down': {
    bad: [
      `${K}bond0: (slave eno1): link status definitely down for interface eno1, disabling it`,
      `${K}ixgbe 0000:01:00.0 eno1: NIC Link is Down`,
      'Nov 21 12:03:04 ctl2 systemd-networkd[9]: eno1: Lost carrier',
    ],
    good: [`${K}ixgbe 0000:01:00.0 eno1: NIC Link is Up 10 Gbps`],
  },
  'network.conntrack-full': {
    bad: [`${K}nf_conntrack: nf_conntrack: table full, dropping packet`],
    good: [`${K}nf_conntrack: default automatic helper assignment`],
  },
  'network.neighbour-table-full': {
    bad: [`${K}neighbour: arp_cache: neighbor table overflow!`],
    good: [`${K}neighbour table is fine`],
  },
  'clock.stepped': {
    bad: [
      'Nov 21 12:03:04 ctl2 chronyd[9]: System clock wrong by 37.100000 seconds',
      'Nov 21 12:03:04 ctl2 chronyd[9]: System clock was stepped by 37.100000 seconds',
    ],
    good: ['Nov 21 12:03:04 ctl2 chronyd[9]: Selected source 10.0.0.1'],
  },
  'clock.went-back': {
    bad: ['Nov 21 12:03:04 ctl2 cron[9]: a\nNov 21 11:33:04 ctl2 cron[9]: b'],
    good: ['Nov 21 12:03:04 ctl2 cron[9]: a\nNov 21 12:02:54 ctl2 cron[9]: b'],
  },
  'clock.unsynchronised': {
    bad: ["Nov 21 12:03:04 ctl2 chronyd[9]: Can't synchronise: no selectable sources"],
    good: ['Nov 21 12:03:04 ctl2 chronyd[9]: Source 10.0.0.1 online'],
  },
  'tls.certificate-expired': {
    bad: [
      "2026-11-21 12:03:04.123 9 ERROR nova [-] SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired",
    ],
    good: ['2026-11-21 12:03:04.123 9 INFO nova [-] token has expired'],
  },
  'tls.verify-failed': {
    bad: [
      '2026-11-21 12:03:04.123 9 ERROR nova [-] [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate',
    ],
    good: ['2026-11-21 12:03:04.123 9 ERROR nova [-] certificate verify failed: certificate has expired'],
  },

  'corosync.token-lost': {
    bad: [
      `${COROSYNC}[TOTEM ] A processor failed, forming new configuration: token timed out (3000ms)`,
      'Nov 21 12:03:04 [812] ctl1 corosync notice  [TOTEM ] A processor failed, forming new configuration.',
    ],
    good: [`${COROSYNC}[TOTEM ] A new membership (1.2a) was formed. Members`],
  },
  'corosync.not-scheduled': {
    bad: [
      `${COROSYNC}[MAIN  ] Corosync main process was not scheduled (@1700000000) for 5023.1 ms (threshold is 2400.0 ms).`,
    ],
    good: [`${COROSYNC}[MAIN  ] Corosync Cluster Engine started`],
  },
  'corosync.quorum-lost': {
    bad: [
      `${COROSYNC}[QUORUM] This node is within the non-primary component and will NOT provide any services.`,
      'Nov 21 12:03:04 ctl1 pacemakerd[9]:  warning: Quorum lost',
    ],
    good: [`${COROSYNC}[QUORUM] This node is within the primary component and will provide service.`],
  },
  'corosync.link-down': {
    bad: [`${COROSYNC}[KNET  ] link: host: 2 link: 0 is down`, `${COROSYNC}[KNET  ] host: host: 2 has no active links`],
    good: [`${COROSYNC}[KNET  ] link: Resetting MTU for link 0 because host 2 joined`],
  },
  'corosync.retransmits': {
    bad: [`${COROSYNC}[TOTEM ] Retransmit List: 1a 1b`],
    good: [`${COROSYNC}[TOTEM ] Token timeout`],
  },
  'pacemaker.fenced': {
    bad: [
      'Nov 21 12:03:04.123 ctl1 pacemaker-controld  [812] (tengine_stonith_notify)  notice: Peer ctl2 was terminated (reboot) by ctl1 on behalf of pacemaker-controld.9: OK',
    ],
    good: ['Nov 21 12:03:04 ctl1 pacemaker-controld[812]:  notice: Node ctl2 state is now lost'],
  },
  'pacemaker.fencing-failed': {
    bad: [
      'Nov 21 12:03:04 ctl1 pacemaker-controld[812]:  notice: Peer ctl2 was not terminated (off) by <anyone> on behalf of pacemaker-controld.9: No route to host',
      'Nov 21 12:03:04 ctl1 pacemaker-controld[812]:  warning: Too many failures (10) to fence ctl2, giving up',
    ],
    good: [
      'Nov 21 12:03:04 ctl1 pacemaker-controld[812]:  notice: Peer ctl2 was terminated (off) by ctl1 on behalf of x: OK',
    ],
  },
  'pacemaker.resource-failed': {
    bad: [
      'Nov 21 12:03:04 ctl1 pacemaker-controld[812]:  error: Result of monitor operation for haproxy on ctl1: Timed Out after 20s (Resource agent did not complete within 20s)',
    ],
    good: [
      'Nov 21 12:03:04 ctl1 pacemaker-controld[812]:  notice: Result of start operation for vip on ctl1: OK',
      'Nov 21 12:03:04 ctl1 pacemaker-controld[812]:  notice: Result of probe operation for vip on ctl1: not running',
    ],
  },
  'pacemaker.no-stonith': {
    bad: [
      'Nov 21 12:03:04 ctl1 pacemaker-schedulerd[812]:  error: Resource start-up disabled since no STONITH resources have been defined',
    ],
    good: ['Nov 21 12:03:04 ctl1 pacemaker-schedulerd[812]:  notice: No resources found'],
  },
  'pacemaker.self-fenced': {
    bad: ['Nov 21 12:03:04 ctl1 pacemaker-controld[812]:  crit: We were allegedly just fenced by ctl2 for ctl2!'],
    good: ['Nov 21 12:03:04 ctl1 pacemaker-controld[812]:  notice: fenced ctl2'],
  },
  'drbd.split-brain': {
    bad: [`${K}block drbd0: Split-Brain detected but unresolved, dropping connection!`],
    good: [`${K}block drbd0: Split-Brain detected, manually solved. Sync from peer node`],
  },
  'drbd.peer-lost': {
    bad: [
      `${K}drbd r0: PingAck did not arrive in time.`,
      `${K}drbd r0: peer( Secondary -> Unknown ) conn( Connected -> NetworkFailure ) pdsk( UpToDate -> DUnknown )`,
    ],
    good: [`${K}drbd r0: conn( WFConnection -> WFReportParams )`],
  },
  'drbd.fence-peer': {
    bad: [
      `${K}drbd r0: fence-peer helper broken, returned 20`,
      `${K}drbd r0: helper command: /sbin/drbdadm fence-peer r0 exit code 1 (0x100)`,
    ],
    good: [`${K}drbd r0: helper command: /sbin/drbdadm fence-peer r0 exit code 4 (0x400)`],
  },
  'keepalived.became-master': {
    bad: [`${KEEPALIVED}(VI_1) Entering MASTER STATE`, 'Sat Nov 21 12:03:04 2026: (VI_1) Entering MASTER STATE'],
    good: [`${KEEPALIVED}(VI_1) Entering BACKUP STATE`],
  },
  'keepalived.flapping': {
    bad: [`${KEEPALIVED}(VI_1) Entering BACKUP STATE`],
    good: [`${KEEPALIVED}(VI_1) removing VIPs.`],
  },
  'keepalived.fault': {
    bad: [`${KEEPALIVED}(VI_1) Entering FAULT STATE`],
    good: [`${KEEPALIVED}(VI_1) Entering BACKUP STATE`],
  },
  'keepalived.two-masters': {
    bad: [`${KEEPALIVED}(VI_1) Received advert from 10.0.0.12 with lower priority 100, ours 105, forcing new election`],
    good: [`${KEEPALIVED}(VI_1) Master received advert from 10.0.0.12 with higher priority 110, ours 105`],
  },
  'keepalived.script-failed': {
    bad: [
      `${KEEPALIVED}Script \`chk_haproxy\` now returning 1`,
      `${KEEPALIVED}VRRP_Script(chk_haproxy) failed (exited with status 7)`,
    ],
    good: [`${KEEPALIVED}Script \`chk_haproxy\` now returning 0`],
  },
  'keepalived.password': {
    bad: [`${KEEPALIVED}(VI_1) received an invalid passwd from 10.0.0.12!`],
    good: [`${KEEPALIVED}(VI_1) received lower priority (0) advert from 10.0.0.12 - discarding`],
  },
  'keepalived.addresses-differ': {
    bad: [`${KEEPALIVED}(VI_1) ip address associated with VRID 51 not present in MASTER advert : 10.0.0.10`],
    good: [`${KEEPALIVED}(VI_1) setting VIPs.`],
  },
  'keepalived.late': {
    bad: [`${KEEPALIVED}A thread timer expired 2.512345 seconds ago`],
    good: [`${KEEPALIVED}timer expired`],
  },

  'haproxy.server-down': {
    bad: [
      'Nov 21 12:03:04 ctl1 haproxy[99]: Server mariadb/ctl2 is DOWN, reason: Layer4 timeout, check duration: 1001ms. 0 active and 2 backup servers left.',
      'Nov 21 12:03:04 ctl1 haproxy[99]: [WARNING]  (99) : Server nova/ctl2 is DOWN, reason: Layer7 wrong status, code: 503',
    ],
    good: ['Nov 21 12:03:04 ctl1 haproxy[99]: Server mariadb/ctl2 is going DOWN for maintenance'],
  },
  'haproxy.no-server': {
    bad: [
      'Nov 21 12:03:04 ctl1 haproxy[99]: backend nova_api has no server available!',
      "Nov 21 12:03:04 ctl1 haproxy[99]: [ALERT]    (99) : proxy 'nova_api' has no server available!",
    ],
    good: ['Nov 21 12:03:04 ctl1 haproxy[99]: Proxy nova_api started.'],
  },
  'haproxy.cannot-bind': {
    bad: [
      'Nov 21 12:03:04 ctl1 haproxy[99]: [ALERT]    (99) : Starting frontend fe: cannot bind socket (Address already in use) for [10.0.0.10:5000]',
    ],
    good: ['Nov 21 12:03:04 ctl1 haproxy[99]: Proxy fe started.'],
  },
  'haproxy.full': {
    bad: [
      "Nov 21 12:03:04 ctl1 haproxy[99]: Proxy fe reached the configured maximum connection limit. Please check the global 'maxconn' value.",
    ],
    good: ['Nov 21 12:03:04 ctl1 haproxy[99]: maxconn 4000'],
  },
  'haproxy.refused': {
    bad: [
      'Nov 21 12:03:04 ctl1 haproxy[99]: 10.0.0.5:4312 [21/Nov/2026:12:03:04.000] nova nova/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"',
    ],
    good: [
      'Nov 21 12:03:04 ctl1 haproxy[99]: 10.0.0.5:4312 [21/Nov/2026:12:03:04.000] nova nova/ctl1 0/0/0/503/503 200 503 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"',
    ],
  },
  'haproxy.server-up': {
    bad: ['Nov 21 12:03:04 ctl1 haproxy[99]: Server mariadb/ctl2 is UP, reason: Layer7 check passed, code: 200'],
    good: ['Nov 21 12:03:04 ctl1 haproxy[99]: Server mariadb/ctl2 is DOWN, reason: x'],
  },
};
