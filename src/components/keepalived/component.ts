// Keepalived holds the VIPs. It gives one up when HAProxy is gone or frozen, or a network of the host is down.
// Restart=always, because a killed keepalived would leave its VIP behind and a second host would take it too.
// Manual: keepalived(8).
import { component } from '../../model/component.ts';
import type { HostContext } from '../../model/component.ts';
import { atLeast } from '../../model/failure.ts';
import type { FailureRule, Term } from '../../model/failure.ts';
import type { Resource } from '../../model/resource.ts';
import { seconds } from '../../model/seconds.ts';
import { writeKeepalivedConf } from '../../formats/keepalived-conf-write.ts';
import { mergeKeepalivedOverrides } from '../../formats/keyword-overrides.ts';
import { managedHeader } from '../../formats/managed-header.ts';
import { configFile } from '../../resources/config-file.ts';
import { file } from '../../resources/file.ts';
import { unit } from '../../resources/unit.ts';
import {
  ADVERT,
  CHECK_FALL,
  CHECK_INTERVAL,
  CHECK_PATH,
  CHECK_TIMEOUT,
  LEAVE_PATH,
  keepalivedNodes,
} from './config.ts';

const UNIT = 'unit:keepalived';

export default component({
  id: 'keepalived',
  title: 'Keepalived',
  roles: ['control', 'balancer'],
  after: ['haproxy'],
  when: (cluster) => cluster.availability.engine === 'keepalived' && 'keepalived' in cluster.services,
  packages: ['keepalived', 'curl'],
  units: ['keepalived.service'],
  ports: (cluster) =>
    [...new Set(cluster.vips.map((vip) => vip.network))].map(() => ({
      port: 0,
      protocol: 'vrrp',
      use: 'internal',
      from: 'members',
    })),
  steps: [{ on: 'each', resources: keepalivedResources }],
  failure: keepalivedFailure,
});

function keepalivedResources(ctx: HostContext): readonly Resource[] {
  const nodes = mergeKeepalivedOverrides(keepalivedNodes(ctx), ctx.overrides('keepalived.conf'));
  return [
    file({
      path: CHECK_PATH,
      content:
        '#!/bin/sh\n# Written by hastack. A frozen HAProxy accepts connections and answers nothing: so ask it.\nexec curl -sf -m 1 -o /dev/null http://127.0.0.1:8404/alive\n',
      mode: '0755',
    }),
    file({ path: LEAVE_PATH, content: LEAVE_SCRIPT, mode: '0755' }),
    file({
      path: '/etc/keepalived/keepalived.conf',
      content: managedHeader('#') + writeKeepalivedConf(nodes),
      validate: '/usr/sbin/keepalived -t -f "$1"',
      notifies: [UNIT],
    }),
    configFile(ctx, {
      path: '/etc/systemd/system/keepalived.service.d/hastack.conf',
      format: 'systemd',
      tree: { Unit: { StartLimitIntervalSec: '0' }, Service: { Restart: 'always', RestartSec: '500ms' } },
    }),
    unit('keepalived', { onChange: 'reload' }),
  ];
}

/**
 * A service on the holder reaches the VIP from the VIP's own address. When it has moved, neither end can send any more,
 * and no refusal comes from anywhere: the service would wait for its database until the kernel gives up, 15 minutes.
 */
const LEAVE_SCRIPT = `#!/bin/sh
# Written by hastack. Ends the connections of this host that belong to a virtual address which it no longer has.
# Argument: the address. Listening sockets stay.
exec ss --kill --tcp src "$1" >/dev/null 2>&1
`;

function keepalivedFailure(): FailureRule {
  const silence: Term = {
    name: 'the backup misses three adverts, plus its skew',
    seconds: seconds(3 * ADVERT, 3 * ADVERT + 0.3 * ADVERT, 4 * ADVERT),
    source: 'keepalived.conf advert_int, priority',
  };
  const announce: Term = {
    name: 'gratuitous ARP reaches the clients',
    seconds: seconds(0, 0.02, 0.1),
    source: 'keepalived.conf',
  };
  const check: Term = {
    name: 'the check of HAProxy fails twice',
    seconds: seconds(
      CHECK_INTERVAL,
      CHECK_FALL * (CHECK_INTERVAL + CHECK_TIMEOUT),
      CHECK_FALL * (CHECK_INTERVAL + CHECK_TIMEOUT) + CHECK_INTERVAL,
    ),
    source: 'keepalived.conf vrrp_script interval, timeout, fall',
  };
  const restart: Term = {
    name: 'systemd starts keepalived again, which removes the VIP it left behind',
    seconds: seconds(0.1, 0.2, 0.5),
    source: 'keepalived.service RestartSec; measured 0.17 to 0.47 s',
  };
  return {
    needs: atLeast(1),
    interruption: {
      'host-power': { terms: [silence, announce] },
      'host-isolated': { terms: [silence, announce] },
      'nic-cut': { terms: [silence, announce] },
      'process-killed': { terms: [restart] },
      // The frozen holder answers on until another one has announced itself; see vrrp_garp_master_refresh.
      'process-frozen': { terms: [{ ...announce, seconds: seconds(0.01, 0.03, 1) }] },
    },
    watches: { 'process-frozen': { terms: [check, announce] }, 'process-killed': { terms: [check, announce] } },
    survives: ['process-killed'],
  };
}
