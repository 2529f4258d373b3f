// How services talk to RabbitMQ: all members by TLS, not through a VIP; quorum queues for what waits and for replies,
// one stream for what all listeners read. Options as in oslo.messaging 16.1 (OpenStack 2025.1).
// Manual: https://docs.openstack.org/oslo.messaging/latest/admin/rabbit.html
import type { OptionTable } from '../../formats/config-tree.ts';
import type { ClusterContext } from '../../model/component.ts';
import { CA_FILE } from './sections.ts';

/** `[DEFAULT] transport_url` of the service with this message user. oslo.messaging shuffles the members itself. */
export function transportUrl(
  ctx: Pick<ClusterContext, 'contributions' | 'addressOf' | 'secret'>,
  user: string,
): string {
  const account = ctx.contributions('messageUser').find((each) => each.user === user);
  if (account === undefined) throw new Error(`no component contributed the message user ${user}`);
  const credentials = `${account.user}:${encodeURIComponent(ctx.secret(account.secret))}`;
  const members = ctx
    .contributions('broker')
    .flatMap(({ hosts, use, port }) => hosts.map((host) => `${credentials}@${ctx.addressOf(host, use)}:${port}`));
  return `rabbit://${members.join(',')}/${account.vhost}`;
}

/** `[oslo_messaging_rabbit]` */
export const RABBIT: OptionTable = {
  ssl: true,
  ssl_ca_file: CA_FILE,
  ssl_enforce_hostname_verification: true,
  rabbit_quorum_queue: true,
  rabbit_transient_quorum_queue: true,
  // Names that stay over a restart: queues are taken up again instead of left behind.
  use_queue_manager: true,
  // One stream for all listeners instead of a replicated queue for each. Needs a prefetch count.
  rabbit_stream_fanout: true,
  rabbit_qos_prefetch_count: 1,
  // Seconds. A silent broker is given up after so many, with two questions on the way; RabbitMQ advises 5 to 20.
  heartbeat_timeout_threshold: 15,
  heartbeat_rate: 3,
  rabbit_interval_max: 5,
  kombu_reconnect_delay: 0.5,
  kombu_reconnect_splay: 0.5,
};

/** `[DEFAULT] rpc_response_timeout`, seconds: the default of oslo.messaging, which failure rules reckon with. */
export const RPC_TIMEOUT = 60;
