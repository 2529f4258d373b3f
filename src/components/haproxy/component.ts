// HAProxy on every balancer host: TLS on the VIPs, checks that look at the service, sessions moved when a
// backend dies. It binds the VIPs everywhere (ip_nonlocal_bind), so a VIP that moves finds it listening.
// A new configuration is checked before it is put in place and taken up by a reload that drops no connection.
import { component } from '../../model/component.ts';
import type { HostContext } from '../../model/component.ts';
import { atLeast } from '../../model/failure.ts';
import type { FailureRule } from '../../model/failure.ts';
import type { Resource } from '../../model/resource.ts';
import { seconds } from '../../model/seconds.ts';
import { writeHaproxyCfg } from '../../formats/haproxy-cfg-write.ts';
import { mergeHaproxyOverrides } from '../../formats/keyword-overrides.ts';
import { managedHeader } from '../../formats/managed-header.ts';
import { configFile } from '../../resources/config-file.ts';
import { file } from '../../resources/file.ts';
import { unit } from '../../resources/unit.ts';
import { HEALTH_PORT, PEERS_PORT, haproxySections } from './config.ts';
import {
  STALE_SESSIONS_PATH,
  STALE_SESSIONS_SCRIPT,
  STALE_SESSIONS_SERVICE,
  staleSessionsUnit,
} from './stale-sessions.ts';

const UNIT = 'unit:haproxy';

export default component({
  id: 'haproxy',
  title: 'HAProxy',
  roles: ['control', 'balancer'],
  after: ['certificates', 'firewall'],
  when: (cluster) => 'haproxy' in cluster.services,
  packages: ['haproxy', 'socat'],
  units: ['haproxy.service'],
  certificates: (cluster) =>
    cluster.vips.map((vip) => ({
      name: `haproxy-${vip.name}`,
      owner: 'root',
      group: 'haproxy',
      uses: [],
      vips: [vip.name],
      bundle: true,
      notifies: [UNIT],
    })),
  ports: [{ port: PEERS_PORT, protocol: 'tcp', use: 'internal', from: 'members' }],
  steps: [{ on: 'each', resources: haproxyResources }],
  health: () => [
    {
      name: 'HAProxy answers',
      script: `curl -sf -m 2 -o /dev/null http://127.0.0.1:${HEALTH_PORT}/alive && echo alive`,
    },
    {
      name: 'Certificates of HAProxy have not expired',
      script: `for file in /etc/hastack/tls/haproxy-*.pem; do openssl x509 -in "$file" -noout -checkend 0 >/dev/null || { echo "$file has expired"; exit 1; }; done; echo valid`,
    },
  ],
  failure: haproxyFailure,
});

function haproxyResources(ctx: HostContext): readonly Resource[] {
  const sections = mergeHaproxyOverrides(haproxySections(ctx), ctx.overrides('haproxy.cfg'));
  const guarded = ctx
    .contributions('endpoint')
    .flatMap(({ name, balance, cutSessionsAfter: after }) =>
      after === undefined ? [] : [{ name, after, singleWriter: balance === 'first-is-writer' }],
    );
  return [
    file({
      path: '/etc/haproxy/haproxy.cfg',
      content: managedHeader('#') + writeHaproxyCfg(sections),
      mode: '0640',
      group: 'haproxy',
      validate: '/usr/sbin/haproxy -c -q -f "$1"',
      notifies: [UNIT],
    }),
    configFile(ctx, {
      path: '/etc/systemd/system/haproxy.service.d/hastack.conf',
      format: 'systemd',
      // A killed HAProxy is back before keepalived's check has failed twice.
      tree: {
        // However often it fails: a balancer that systemd has given up on is an outage.
        Unit: { StartLimitIntervalSec: '0' },
        Service: { Restart: 'always', RestartSec: '50ms', LimitNOFILE: '65536' },
      },
    }),
    unit('haproxy', { onChange: 'reload' }),
    file({
      path: STALE_SESSIONS_PATH,
      content: STALE_SESSIONS_SCRIPT,
      mode: '0755',
      notifies: [`unit:${STALE_SESSIONS_SERVICE}`],
    }),
    configFile(ctx, {
      path: '/etc/systemd/system/hastack-cut-stale-sessions.service',
      format: 'systemd',
      tree: staleSessionsUnit(guarded),
      notifies: [`unit:${STALE_SESSIONS_SERVICE}`],
    }),
    unit(STALE_SESSIONS_SERVICE),
  ];
}

function haproxyFailure(): FailureRule {
  return {
    needs: atLeast(1),
    survives: ['process-killed'],
    improve:
      'balancers on hosts of their own, which nothing else can starve or stop: preset load-balancer-pair; HAProxy is started again after 50 ms already',
    interruption: {
      'process-killed': {
        terms: [
          {
            name: 'systemd starts HAProxy again',
            seconds: seconds(0.05, 0.05, 0.1),
            source: 'haproxy.service RestartSec',
          },
          {
            name: 'HAProxy reads its configuration and binds',
            seconds: seconds(0.1, 0.2, 0.6),
            source: 'measured on twins',
          },
        ],
      },
    },
  };
}
