// nova-compute.conf: all that nova-compute reads, besides how instances run (resources/virt-type.ts). Not nova.conf,
// which on a host that serves the API too holds the passwords of the databases: compute has no business with those.
// Overrides of nova.conf for a compute host are laid over it all the same.
// Manual: https://docs.openstack.org/nova/2025.1/configuration/config.html, /admin/configuration/hypervisor-kvm.html
import type { ConfigTree, OptionTable } from '../../formats/config-tree.ts';
import type { HostContext } from '../../model/component.ts';
import { cacheSection, concurrencySection } from '../oslo/sections.ts';
import { clientSection, serviceUserSection } from '../oslo/identity.ts';
import { RABBIT, RPC_TIMEOUT, transportUrl } from '../oslo/messaging.ts';
import { REPORTS } from '../oslo/timers.ts';

const NAME = 'nova';
export const CONF = '/etc/nova/nova-compute.conf';
export const VIRT_TYPE_CONF = '/etc/nova/hastack-virt-type.conf';
export const CEPH_USER = 'nova';
export const CEPH_SECRET = 'nova/ceph';
/** Name by which libvirt knows the key of Ceph. */
export const CEPH_UUID_SECRET = 'nova/ceph-uuid';
const CONSOLE = 'nova-novncproxy';

export function novaComputeConf(ctx: HostContext): ConfigTree {
  const client = clientSection(ctx, NAME);
  return {
    DEFAULT: {
      host: ctx.host.name,
      my_ip: ctx.address('internal'),
      compute_driver: 'libvirt.LibvirtDriver',
      state_path: '/var/lib/nova',
      log_dir: '/var/log/nova',
      transport_url: transportUrl(ctx, NAME),
      rpc_response_timeout: RPC_TIMEOUT,
      report_interval: REPORTS.interval,
      service_down_time: REPORTS.downAfter,
      // Neutron says when a port is ready; without its word an instance does not start.
      vif_plugging_timeout: 120,
      vif_plugging_is_fatal: true,
      // What ran before a power cut runs again, unless it was started elsewhere meanwhile.
      resume_guests_state_on_host_boot: true,
    },
    cache: cacheSection(ctx),
    placement: client,
    glance: { ...client, num_retries: 3 },
    neutron: client,
    cinder: { ...client, catalog_info: 'volumev3::internalURL', os_region_name: client['region_name'] ?? '' },
    service_user: serviceUserSection(ctx, NAME),
    vnc: consoleSection(ctx),
    libvirt: libvirtSection(ctx),
    oslo_concurrency: concurrencySection(NAME),
    oslo_messaging_rabbit: RABBIT,
  };
}

/** Bound to the host's own address; users come through the console proxy. */
function consoleSection(ctx: HostContext): OptionTable {
  const address = ctx.address('internal');
  const proxy = ctx.contributions('endpoint').find(({ name }) => name === CONSOLE);
  const vip = ctx.cluster.vips.find(({ name }) => name === 'public');
  return {
    enabled: true,
    server_listen: address,
    server_proxyclient_address: address,
    ...(proxy === undefined || vip === undefined
      ? {}
      : { novncproxy_base_url: `https://${vip.dnsName ?? vip.address}:${proxy.port}${proxy.path}` }),
  };
}

function libvirtSection(ctx: HostContext): OptionTable {
  return {
    // Control by TLS to the other host's libvirtd, memory by TLS of QEMU itself.
    live_migration_scheme: 'tls',
    live_migration_inbound_addr: ctx.host.name,
    live_migration_with_native_tls: true,
    // A guest that writes faster than the network is slowed down instead of never arriving.
    live_migration_permit_auto_converge: true,
    num_pcie_ports: 16,
    ...(withCeph(ctx)
      ? {
          images_type: 'rbd',
          images_rbd_pool: 'vms',
          images_rbd_ceph_conf: '/etc/ceph/ceph.conf',
          rbd_user: CEPH_USER,
          rbd_secret_uuid: ctx.secret(CEPH_UUID_SECRET),
          disk_cachemodes: 'network=writeback',
          hw_disk_discard: 'unmap',
        }
      : {}),
  };
}

export function withCeph(ctx: Pick<HostContext, 'cluster'>): boolean {
  return 'ceph' in ctx.cluster.services;
}
