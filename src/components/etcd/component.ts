// etcd: the coordination of services that lock across hosts (Cinder's volume services). Three or five members,
// clients come through the internal VIP, everything over TLS with certificates on both sides.
// Guarantees: formed once and never over data; a host whose data is gone does not start until it joined anew.
// Manual: https://etcd.io/docs/v3.5/op-guide/
import { component } from '../../model/component.ts';
import type { ClusterContext, HostContext } from '../../model/component.ts';
import { majority } from '../../model/failure.ts';
import type { FailureRule, Interruption } from '../../model/failure.ts';
import type { Resource } from '../../model/resource.ts';
import { seconds } from '../../model/seconds.ts';
import { sh } from '../../remote/shell.ts';
import { configFile } from '../../resources/config-file.ts';
import { unit } from '../../resources/unit.ts';
import { timer } from '../oslo/timers.ts';
import { CLIENT_PORT, ELECTION_MS, ETCD_DROP_IN, HEARTBEAT_MS, METRICS_PORT, PEER_PORT, etcdEnv } from './config.ts';
import { etcdGroup, healthUrl } from './members.ts';

const UNIT = 'unit:etcd';

export default component({
  id: 'etcd',
  title: 'etcd',
  roles: ['control'],
  after: ['certificates', 'firewall'],
  when: (cluster) => 'etcd' in cluster.services,
  packages: ['etcd-server', 'etcd-client'],
  units: ['etcd.service'],
  certificates: [
    { name: 'etcd', owner: 'root', group: 'etcd', uses: ['internal'], vips: ['internal'], notifies: [UNIT] },
  ],
  ports: [CLIENT_PORT, PEER_PORT, METRICS_PORT].map((port) => ({
    port,
    protocol: 'tcp',
    use: 'internal',
    from: 'members',
  })),
  endpoints: [
    {
      name: 'etcd',
      port: CLIENT_PORT,
      path: '',
      mode: 'tcp',
      vips: ['internal'],
      backendUse: 'internal',
      tls: false,
      balance: 'leastconn',
      // Answers 200 only when the member has a leader and can read from a majority.
      check: { kind: 'http', path: '/health', port: METRICS_PORT, expect: '200' },
      cutSessionsAfter: 3,
    },
  ],
  steps: [
    { on: 'each', resources: memberResources },
    { on: 'members', group: etcdGroup },
  ],
  health: (ctx) => [
    {
      name: 'etcd member reads from a majority',
      script: `${sh`answer=$(curl -s -m 5 ${healthUrl(ctx, ctx.host.name)} || true)`}
echo "\${answer:-no answer}"; case "$answer" in *'"health":"true"'*) ;; *) false ;; esac`,
    },
  ],
  failure,
});

function memberResources(ctx: HostContext): readonly Resource[] {
  return [
    configFile(ctx, {
      path: '/etc/default/etcd',
      overrideAs: 'etcd.conf',
      format: 'env',
      tree: etcdEnv(ctx),
      notifies: [UNIT],
    }),
    configFile(ctx, {
      path: '/etc/systemd/system/etcd.service.d/hastack.conf',
      overrideAs: 'etcd.service',
      format: 'systemd',
      tree: ETCD_DROP_IN,
      notifies: [UNIT],
    }),
    unit('etcd', { group: 'etcd' }),
  ];
}

/** Only a lost leader is noticed; the election time-out is drawn between one and two times the configured one. */
function failure(ctx: ClusterContext): FailureRule {
  const second = 1000;
  const option = (name: string, rendered: number): number =>
    timer(ctx, { file: 'etcd.conf', section: '', option: name }, rendered);
  const timeout = option('ETCD_ELECTION_TIMEOUT', ELECTION_MS);
  const heartbeat = option('ETCD_HEARTBEAT_INTERVAL', HEARTBEAT_MS);
  const election: Interruption = {
    terms: [
      {
        name: 'the members miss the leader and elect another one',
        seconds: seconds(0, (1.5 * timeout + heartbeat) / second, (2 * timeout + heartbeat) / second + 1),
        source: 'etcd ETCD_ELECTION_TIMEOUT, ETCD_HEARTBEAT_INTERVAL',
      },
    ],
  };
  return {
    needs: majority,
    interruption: { 'process-killed': election, 'process-frozen': election, 'host-power': election },
    improve: 'five members survive two failures',
  };
}
