// rabbitmq.conf, its environment and the options of the Erlang runtime.
// Manual: https://www.rabbitmq.com/docs/4.0/configure, /clustering-ssl, /nettick
import type { ConfigTree, OptionTable } from '../../formats/config-tree.ts';
import type { HostContext } from '../../model/component.ts';

export const AMQPS_PORT = 5671;
export const MANAGEMENT_PORT = 15_672;
export const DISTRIBUTION_PORT = 25_672;
/** RabbitMQ's default range, of which each copy of a stream takes one. */
export const STREAM_REPLICATION = { first: 6000, last: 6500 } as const;
export const ADMIN_USER = 'hastack';
export const ADMIN_SECRET = 'rabbitmq/admin';

/**
 * Seconds. A client that reconnects to a survivor hangs until this has passed: measured 63 s with the default
 * of 60, 11 s with 10. The price: a freeze longer than it leaves Mnesia partitioned, which `health` sees.
 */
export const NET_TICKTIME = 10;

const TLS = '/etc/hastack/tls';
export const INTER_NODE_TLS_PATH = '/etc/rabbitmq/inter-node-tls.config';

export function rabbitmqConf(ctx: HostContext): ConfigTree {
  const nodes: Record<string, string> = {};
  ctx.members('rabbitmq').forEach((host, index) => {
    nodes[`cluster_formation.classic_config.nodes.${index + 1}`] = `rabbit@${host.name}`;
  });
  const options: OptionTable = {
    'listeners.tcp': 'none',
    'listeners.ssl.1': `${ctx.address('internal')}:${AMQPS_PORT}`,
    'ssl_options.cacertfile': `${TLS}/ca.crt`,
    'ssl_options.certfile': `${TLS}/rabbitmq.crt`,
    'ssl_options.keyfile': `${TLS}/rabbitmq.key`,
    'ssl_options.verify': 'verify_none',
    'ssl_options.fail_if_no_peer_cert': false,
    'management.tcp.ip': '127.0.0.1',
    'management.tcp.port': MANAGEMENT_PORT,
    // The API is for definitions and health (partitions are among the statistics of a node); rates only cost CPU.
    'management.rates_mode': 'none',
    cluster_name: ctx.cluster.name,
    'cluster_formation.peer_discovery_backend': 'classic_config',
    ...nodes,
    // A member that sees no majority stops serving instead of going its own way. Ends with RabbitMQ 4.3.
    cluster_partition_handling: 'pause_minority',
    default_queue_type: 'quorum',
    default_user: ADMIN_USER,
    default_pass: ctx.secret(ADMIN_SECRET),
    'vm_memory_high_watermark.relative': '0.4',
    'disk_free_limit.absolute': '1GB',
  };
  return { '': options };
}

export function rabbitmqEnv(ctx: HostContext): ConfigTree {
  const interfaceTuple = `{${ctx.address('internal').replaceAll('.', ',')}}`;
  // No busy waiting: on a host that also runs a database, spinning schedulers take its CPU for nothing.
  const schedulers = Number(ctx.options('rabbitmq')['schedulers'] ?? 0);
  const runtime = `${schedulers > 0 ? `+S ${schedulers}:${schedulers} ` : ''}+sbwt none +sbwtdcpu none +sbwtdio none`;
  const tls = `-proto_dist inet_tls -ssl_dist_optfile ${INTER_NODE_TLS_PATH}`;
  const distribution = `-kernel net_ticktime ${NET_TICKTIME} -kernel inet_dist_use_interface ${interfaceTuple}`;
  return {
    '': {
      NODENAME: `rabbit@${ctx.host.name}`,
      SERVER_ADDITIONAL_ERL_ARGS: `${runtime} ${distribution} ${tls}`,
      CTL_ERL_ARGS: tls,
    },
  };
}

/** Members and command-line tools speak TLS with each other, and each must show a certificate of our CA. */
export function interNodeTls(): string {
  const files = `{cacertfile,"${TLS}/ca.crt"},{certfile,"${TLS}/rabbitmq.crt"},{keyfile,"${TLS}/rabbitmq.key"}`;
  return `[{server, [${files},{secure_renegotiate,true},{verify,verify_peer},{fail_if_no_peer_cert,true}]},
 {client, [${files},{secure_renegotiate,true},{verify,verify_peer}]}].
`;
}

/** epmd listens where it is told only when its socket says so; 4369 on every address is Debian's default. */
export function epmdSocket(ctx: HostContext): ConfigTree {
  return { Socket: { ListenStream: ['', '127.0.0.1:4369', `${ctx.address('internal')}:4369`], FreeBind: 'yes' } };
}
