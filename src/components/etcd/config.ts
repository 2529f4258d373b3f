// The environment etcd is configured by, and the drop-in of its unit.
// Manual: https://etcd.io/docs/v3.5/op-guide/configuration/, /op-guide/security/
import type { ConfigTree } from '../../formats/config-tree.ts';
import type { ClusterContext, HostContext } from '../../model/component.ts';

export const CLIENT_PORT = 2379;
export const PEER_PORT = 2380;
/** Health and metrics over plain HTTP, for HAProxy's checks: nothing of the data is behind it. */
export const METRICS_PORT = 2381;
/** etcd's own defaults, written out: the failure rule reads the same numbers. */
export const HEARTBEAT_MS = 100;
export const ELECTION_MS = 1000;

export const DATA_DIRECTORY = '/var/lib/etcd/default';
/** What a first start or a join is told. In /run: a host that boots with an empty disk is told nothing and stays down. */
export const START_FILE = '/run/hastack/etcd-start.env';

const TLS = '/etc/hastack/tls';
export const CA_FILE = `${TLS}/ca.crt`;
export const CERTIFICATE_FILE = `${TLS}/etcd.crt`;
export const KEY_FILE = `${TLS}/etcd.key`;

export function etcdEnv(ctx: HostContext): ConfigTree {
  const own = ctx.host.name;
  return {
    '': {
      ETCD_NAME: own,
      ETCD_DATA_DIR: DATA_DIRECTORY,
      ETCD_LISTEN_CLIENT_URLS: clientUrl(ctx, own),
      ETCD_ADVERTISE_CLIENT_URLS: clientUrl(ctx, own),
      ETCD_LISTEN_PEER_URLS: peerUrl(ctx, own),
      ETCD_INITIAL_ADVERTISE_PEER_URLS: peerUrl(ctx, own),
      ETCD_LISTEN_METRICS_URLS: `http://${ctx.address('internal')}:${METRICS_PORT}`,
      ETCD_INITIAL_CLUSTER: ctx
        .members('etcd')
        .map(({ name }) => `${name}=${peerUrl(ctx, name)}`)
        .join(','),
      ETCD_INITIAL_CLUSTER_TOKEN: ctx.cluster.name,
      // Only the formation says `new`, and only for one start.
      ETCD_INITIAL_CLUSTER_STATE: 'existing',
      ETCD_CERT_FILE: CERTIFICATE_FILE,
      ETCD_KEY_FILE: KEY_FILE,
      ETCD_TRUSTED_CA_FILE: CA_FILE,
      ETCD_CLIENT_CERT_AUTH: 'true',
      ETCD_PEER_CERT_FILE: CERTIFICATE_FILE,
      ETCD_PEER_KEY_FILE: KEY_FILE,
      ETCD_PEER_TRUSTED_CA_FILE: CA_FILE,
      ETCD_PEER_CLIENT_CERT_AUTH: 'true',
      ETCD_HEARTBEAT_INTERVAL: HEARTBEAT_MS,
      ETCD_ELECTION_TIMEOUT: ELECTION_MS,
      // Locks come and go all day: old revisions are dropped after an hour.
      ETCD_AUTO_COMPACTION_MODE: 'periodic',
      ETCD_AUTO_COMPACTION_RETENTION: '1h',
    },
  };
}

/**
 * A member without data must not start by itself: under its old identity it would vote without knowing what it had
 * promised. It joins anew (members.ts), which writes START_FILE.
 */
export const ETCD_DROP_IN: ConfigTree = {
  Unit: { ConditionPathExists: [`|${DATA_DIRECTORY}/member`, `|${START_FILE}`] },
  Service: { EnvironmentFile: `-${START_FILE}`, Restart: 'always', RestartSec: '1s' },
};

export function clientUrl(ctx: ClusterContext, host: string): string {
  return `https://${ctx.addressOf(host, 'internal')}:${CLIENT_PORT}`;
}

export function peerUrl(ctx: ClusterContext, host: string): string {
  return `https://${ctx.addressOf(host, 'internal')}:${PEER_PORT}`;
}
