// A network with a subnet, a router to the outside with SNAT, a security group that lets in ping and ssh.
// The external network is the cloud's own; where it has none yet, one is made from the spec and removed again.
import { need } from '../bench.ts';
import type { Bench, ExternalNetwork } from '../bench.ts';
import type { VerifyStep } from '../step.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Not one that clouds usually route: nothing is lost when it hides another network from our instances. */
const CIDR = '192.168.231.0/24';

export const networkStep: VerifyStep = {
  name: 'network',
  services: ['neutron'],
  after: ['account'],
  deadlineSeconds: 120,
  act: async (bench, signal) => {
    const user = need(bench, 'user');
    const { network } = await user.request<{ readonly network: Named }>('network', {
      method: 'POST',
      path: '/networks',
      body: { network: { name: bench.name('network') } },
      signal,
    });
    bench.made.networkId = network.id;
    const { subnet } = await user.request<{ readonly subnet: Named }>('network', {
      method: 'POST',
      path: '/subnets',
      body: { subnet: { name: bench.name('subnet'), network_id: network.id, ip_version: 4, cidr: CIDR } },
      signal,
    });
    bench.made.subnetId = subnet.id;
    return `a network with the subnet ${CIDR}`;
  },
};

export const securityGroupStep: VerifyStep = {
  name: 'security-group',
  services: ['neutron'],
  after: ['account'],
  deadlineSeconds: 60,
  act: async (bench, signal) => {
    const user = need(bench, 'user');
    const { security_group: group } = await user.request<{ readonly security_group: Named }>('network', {
      method: 'POST',
      path: '/security-groups',
      body: { security_group: { name: bench.name('group') } },
      signal,
    });
    const rule = { security_group_id: group.id, direction: 'ingress', ethertype: 'IPv4' };
    for (const more of [{ protocol: 'icmp' }, { protocol: 'tcp', port_range_min: 22, port_range_max: 22 }]) {
      // oxlint-disable-next-line no-await-in-loop
      await user.request('network', {
        method: 'POST',
        path: '/security-group-rules',
        body: { security_group_rule: { ...rule, ...more } },
        signal,
      });
    }
    bench.made.securityGroupId = group.id;
    return 'lets in ping and ssh';
  },
};

export const routerStep: VerifyStep = {
  name: 'router',
  services: ['neutron'],
  after: ['network'],
  deadlineSeconds: 120,
  act: async (bench, signal) => {
    const external = (await externalNetwork(bench, signal)) ?? (await makeExternalNetwork(bench, signal));
    const user = need(bench, 'user');
    const { router } = await user.request<{
      readonly router: Named & { readonly external_gateway_info: Gateway | null };
    }>('network', {
      method: 'POST',
      path: '/routers',
      body: { router: { name: bench.name('router'), external_gateway_info: { network_id: external.id } } },
      signal,
    });
    await user.request('network', {
      method: 'PUT',
      path: `/routers/${router.id}/add_router_interface`,
      body: { subnet_id: need(bench, 'subnetId') },
      signal,
    });
    bench.made.routerId = router.id;
    bench.made.externalNetworkId = external.id;
    await noteGateway(bench, signal);
    const [address] = router.external_gateway_info?.external_fixed_ips ?? [];
    return `to ${external.name}${address === undefined ? '' : `, SNAT from ${address.ip_address}`}`;
  },
};

interface Gateway {
  readonly external_fixed_ips?: readonly { readonly ip_address: string }[];
}

async function externalNetwork(bench: Bench, signal: AbortSignal): Promise<Named | undefined> {
  const { networks } = await need(bench, 'user').request<{ readonly networks: readonly Named[] }>('network', {
    path: '/networks?router:external=true&fields=id&fields=name',
    signal,
  });
  return networks.find(({ name }) => !name.startsWith('hastack-verify-'));
}

async function makeExternalNetwork(bench: Bench, signal: AbortSignal): Promise<Named> {
  const { external } = bench.settings;
  if (external === undefined) {
    throw new Error('there is no external network, and the spec has no network of zone edge with floating addresses');
  }
  const admin = need(bench, 'admin');
  const { network } = await admin.request<{ readonly network: Named }>('network', {
    method: 'POST',
    path: '/networks',
    body: {
      network: {
        name: bench.name('external'),
        'router:external': true,
        'provider:network_type': 'flat',
        'provider:physical_network': external.physicalNetwork,
      },
    },
    signal,
  });
  await admin.request('network', {
    method: 'POST',
    path: '/subnets',
    body: { subnet: externalSubnet(bench.name('external'), network.id, external) },
    signal,
  });
  return network;
}

function externalSubnet(name: string, networkId: string, external: ExternalNetwork): unknown {
  return {
    name,
    network_id: networkId,
    ip_version: 4,
    cidr: external.cidr,
    gateway_ip: external.gateway,
    enable_dhcp: false,
    allocation_pools: [{ start: external.first, end: external.last }],
  };
}

/** What instances ping to show that they get out. Users may not see the subnet of an external network. */
async function noteGateway(bench: Bench, signal: AbortSignal): Promise<void> {
  const { subnets } = await need(bench, 'admin').request<{
    readonly subnets: readonly { readonly gateway_ip: string | null; readonly ip_version: number }[];
  }>('network', { path: `/subnets?network_id=${need(bench, 'externalNetworkId')}`, signal });
  const gateway = subnets.find(({ gateway_ip: address, ip_version: version }) => address !== null && version === 4);
  if (gateway?.gateway_ip) bench.made.externalGateway = gateway.gateway_ip;
}
