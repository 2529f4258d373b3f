// Keepalived holds the VIPs. It gives one up when HAProxy is gone or frozen, or a network of the host is down.
// Restart=always, because a killed keepalived would leave its VIP behind and a second host would take it too.
// Manual: keepalived(8).
import { component } from '../../model/component.ts';
import type { HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { writeKeepalivedConf } from '../../formats/keepalived-conf-write.ts';
import { mergeKeepalivedOverrides } from '../../formats/keyword-overrides.ts';
import { managedHeader } from '../../formats/managed-header.ts';
import { configFile } from '../../resources/config-file.ts';
import { file } from '../../resources/file.ts';
import { unit } from '../../resources/unit.ts';
import { CHECK_PATH, LEAVE_PATH, keepalivedNodes } from './config.ts';
import { keepalivedFailure } from './failure.ts';

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
