// `[database]` of every service, and how the connections that MariaDB allows are shared: pools are per process and
// per database, and after a failover all of them fill at once. So the sum over all services, processes and hosts
// stays below max_connections, whatever a cluster runs; it must be known before any host is read, which is why the
// numbers of processes come from the spec and not from the cores of a host.
// Manual: https://docs.openstack.org/oslo.db/latest/reference/opts.html
import type { OptionTable } from '../../formats/config-tree.ts';
import type { ClusterContext } from '../../model/component.ts';
import { CA_FILE, internalVip } from './sections.ts';

/** All clients are on one server (single writer), so this is what the whole cluster has. */
export const MAX_CONNECTIONS = 4096;
/** For checks, joining members and operators. */
const RESERVED = 96;

type Ctx = Pick<ClusterContext, 'cluster' | 'contributions' | 'secret'>;

/** `[database]` of a service whose component contributed this database. */
export function databaseSection(ctx: Ctx, name: string): OptionTable {
  return {
    connection: databaseUrl(ctx, name),
    ...poolSizes(ctx),
    // Below HAProxy's client and server timeouts of 3600 s, or it would cut connections the pool thinks alive.
    connection_recycle_time: 600,
    max_retries: -1,
    db_max_retries: 20,
  };
}

export function databaseUrl(ctx: Ctx, name: string): string {
  const wanted = ctx.contributions('database').find((each) => each.name === name);
  if (wanted === undefined) throw new Error(`no component contributed the database ${name}`);
  const credentials = `${wanted.user}:${encodeURIComponent(ctx.secret(wanted.secret))}`;
  return `mysql+pymysql://${credentials}@${internalVip(ctx)}/${name}?charset=utf8&ssl_ca=${CA_FILE}`;
}

/** An equal share for every pool of the cluster, at most 10 kept and 20 more for peaks. */
export function poolSizes(ctx: Pick<ClusterContext, 'contributions'>): {
  readonly max_pool_size: number;
  readonly max_overflow: number;
} {
  const pools = ctx
    .contributions('database')
    .reduce((sum, { pools: perHost = 1, hosts }) => sum + perHost * hosts.length, 0);
  const share = Math.max(2, Math.floor((MAX_CONNECTIONS - RESERVED) / Math.max(1, pools)));
  const kept = Math.min(10, Math.ceil(share / 3));
  return { max_pool_size: kept, max_overflow: Math.min(20, share - kept) };
}
