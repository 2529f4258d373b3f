// nova.conf of the control plane: one file for API, metadata, conductor, scheduler and console proxy.
// Manual: https://docs.openstack.org/nova/2025.1/configuration/config.html
import type { ConfigTree, OptionTable } from '../../formats/config-tree.ts';
import type { HostContext } from '../../model/component.ts';
import { workersOf } from '../oslo/accounts.ts';
import { databaseSection } from '../oslo/database.ts';
import { authtokenSection, clientSection, serviceUserSection } from '../oslo/identity.ts';
import { RABBIT, RPC_TIMEOUT, transportUrl } from '../oslo/messaging.ts';
import { REPORTS } from '../oslo/timers.ts';
import { MIDDLEWARE, POLICY, cacheSection, concurrencySection } from '../oslo/sections.ts';
import { CONSOLE_PORT, METADATA_SECRET, NAME } from './names.ts';

export function novaConf(ctx: HostContext): ConfigTree {
  const workers = workersOf(ctx.cluster, NAME);
  const client = clientSection(ctx, NAME);
  return {
    DEFAULT: {
      // As Neutron and the other hosts know it, whatever the resolver makes of its name.
      host: ctx.host.name,
      my_ip: ctx.address('internal'),
      state_path: '/var/lib/nova',
      log_dir: '/var/log/nova',
      transport_url: transportUrl(ctx, NAME),
      rpc_response_timeout: RPC_TIMEOUT,
      // Seconds. Six reports may be lost before a compute host counts as down and gets no more instances.
      report_interval: REPORTS.interval,
      service_down_time: REPORTS.downAfter,
    },
    api: { auth_strategy: 'keystone' },
    api_database: databaseSection(ctx, 'nova_api'),
    database: databaseSection(ctx, 'nova'),
    cache: cacheSection(ctx),
    conductor: { workers },
    // Seconds. New compute hosts are mapped to their cell without a hand.
    scheduler: { workers, discover_hosts_in_cells_interval: 30 },
    keystone: client,
    keystone_authtoken: authtokenSection(ctx, NAME, 'compute'),
    service_user: serviceUserSection(ctx, NAME),
    placement: client,
    glance: { ...client, num_retries: 3 },
    neutron: {
      ...client,
      service_metadata_proxy: true,
      metadata_proxy_shared_secret: ctx.secret(METADATA_SECRET),
    },
    cinder: { ...client, catalog_info: 'volumev3::internalURL', os_region_name: client['region_name'] ?? '' },
    vnc: consoleSection(ctx),
    oslo_concurrency: concurrencySection(NAME),
    oslo_messaging_rabbit: RABBIT,
    oslo_middleware: MIDDLEWARE,
    oslo_policy: POLICY,
  };
}

function consoleSection(ctx: HostContext): OptionTable {
  return { enabled: true, novncproxy_host: ctx.address('internal'), novncproxy_port: CONSOLE_PORT };
}
