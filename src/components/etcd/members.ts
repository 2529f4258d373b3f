// How the etcd group is read, formed and joined. All members start at once the first time, as a static cluster.
// A member whose data is gone is removed from the cluster and added again under a new identity, as etcd wants it.
// Manual: https://etcd.io/docs/v3.5/op-guide/clustering/, /op-guide/runtime-configuration/
import type { ClusterContext } from '../../model/component.ts';
import type { MemberGroup, MemberState, MemberStep } from '../../model/member-group.ts';
import { sh } from '../../remote/shell.ts';
import { startUnitScript } from '../../resources/unit-scripts.ts';
import {
  CA_FILE,
  CERTIFICATE_FILE,
  DATA_DIRECTORY,
  KEY_FILE,
  METRICS_PORT,
  START_FILE,
  clientUrl,
  peerUrl,
} from './config.ts';

const START_TIMEOUT = 120;

export function etcdGroup(ctx: ClusterContext): MemberGroup {
  const hosts = ctx.members('etcd').map((host) => host.name);
  return {
    id: 'etcd',
    hosts,
    kind: 'quorum',
    units: ['unit:etcd'],
    startTimeout: START_TIMEOUT,
    restartOutage: { low: 0, expected: 0.5, high: 3 },
    read: (host) => ({ text: readScript(ctx, host), timeout: 15 }),
    parse: (_host, output) => parseMember(output),
    form: () => [...hosts.map(startFirst), ...hosts.map(awaitFirst)],
    join: (host) => [joinStep(ctx, host)],
  };
}

export function healthUrl(ctx: ClusterContext, host: string): string {
  return `http://${ctx.addressOf(host, 'internal')}:${METRICS_PORT}/health`;
}

function readScript(ctx: ClusterContext, host: string): string {
  return `
printf 'unit %s\\n' "$(systemctl is-active etcd.service 2>/dev/null || true)"
for path in /var/lib/etcd/member /var/lib/etcd/*/member; do
  [ -e "$path" ] && { echo trace; break; }
done
printf 'health %s\\n' "$(${sh`curl -s -m 5 ${healthUrl(ctx, host)} 2>/dev/null`} || true)"
`;
}

/** Lines: `unit active`, `trace`, `health {"health":"true","reason":""}`. */
export function parseMember(output: string): MemberState {
  const lines = output.split('\n');
  const unit = lines.find((line) => line.startsWith('unit '))?.slice(5) ?? 'unknown';
  const health = lines.find((line) => line.startsWith('health '))?.slice(7) ?? '';
  const healthy = /"health":\s*"true"/.test(health);
  const reason = /"reason":\s*"([^"]+)"/.exec(health)?.[1];
  const view = healthy ? 'reads from a majority' : health === '' ? 'does not answer' : (reason ?? 'not healthy');
  return { trace: lines.includes('trace'), running: unit === 'active' && healthy, detail: `${unit}, ${view}` };
}

/** Type=notify: a start would wait for the other members, so the first ones are not waited for. */
function startFirst(host: string): MemberStep {
  return {
    host,
    does: 'start etcd for the first time',
    script: {
      text: `set -e
mkdir -p /run/hastack
${sh`[ -e ${`${DATA_DIRECTORY}/member`} ] || echo ETCD_INITIAL_CLUSTER_STATE=new >${START_FILE}`}
systemctl daemon-reload
systemctl start --no-block etcd.service
`,
    },
  };
}

function awaitFirst(host: string): MemberStep {
  return { host, does: 'wait for etcd', script: { text: startThenForget(), timeout: START_TIMEOUT } };
}

function startThenForget(): string {
  return `${startUnitScript({ name: 'etcd', startTimeout: START_TIMEOUT })}${sh`rm -f -- ${START_FILE}`}\n`;
}

function joinStep(ctx: ClusterContext, host: string): MemberStep {
  return {
    host,
    does: 'join the etcd cluster',
    script: { text: `${becomeMember(ctx, host)}${startThenForget()}`, timeout: START_TIMEOUT + 60 },
  };
}

/** `member add` is refused for some seconds after a change of members: it is asked again. */
function becomeMember(ctx: ClusterContext, host: string): string {
  const others = ctx.members('etcd').filter(({ name }) => name !== host);
  const endpoints = others.map(({ name }) => clientUrl(ctx, name)).join(',');
  const url = peerUrl(ctx, host);
  return `set -e
${sh`if [ ! -e ${`${DATA_DIRECTORY}/member`} ]; then`}
${sh`export ETCDCTL_API=3 ETCDCTL_ENDPOINTS=${endpoints} ETCDCTL_CACERT=${CA_FILE} ETCDCTL_CERT=${CERTIFICATE_FILE} ETCDCTL_KEY=${KEY_FILE}`}
mkdir -p /run/hastack
members=$(timeout 20 etcdctl member list </dev/null)
${sh`old=$(printf '%s\n' "$members" | awk -F', ' -v url=${url} '$4 == url { print $1 }')`}
for id in $old; do timeout 20 etcdctl member remove "$id" </dev/null >&2; done
left=15
${sh`until added=$(timeout 20 etcdctl member add ${host} ${`--peer-urls=${url}`} </dev/null 2>&1); do`}
  left=$((left - 1)); [ "$left" -gt 0 ] || { printf '%s\\n' "$added" >&2; exit 1; }
  sleep 2
done
${sh`printf '%s\n' "$added" | grep '^ETCD_' >${START_FILE}`}
systemctl daemon-reload
fi
`;
}
