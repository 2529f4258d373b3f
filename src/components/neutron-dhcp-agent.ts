// DHCP servers of networks, by Neutron's DHCP agents: two for every network, on two network hosts. Either answers; leases
// outlive the loss of both for hours. Networks of an agent that stays away are given to another one by Neutron.
// Manual: https://docs.openstack.org/neutron/2025.1/admin/config-dhcp-ha.html
import { component } from '../model/component.ts';
import type { HostContext } from '../model/component.ts';
import { atLeast } from '../model/failure.ts';
import type { ComponentRule } from '../model/failure.ts';
import type { Resource } from '../model/resource.ts';
import { withAgents } from './oslo/networks.ts';
import { OVS_AGENT, agentResources } from './oslo/neutron-agents.ts';
import { workerHealth } from './oslo/worker-group.ts';

const UNIT = 'neutron-dhcp-agent';

export default component({
  id: UNIT,
  title: 'Neutron DHCP agents',
  service: 'neutron',
  roles: ['network'],
  after: ['neutron-ovs-agent'],
  when: withAgents,
  packages: [UNIT],
  units: [`${UNIT}.service`],
  steps: [{ on: 'each', resources: hostResources }],
  health: (ctx) => [workerHealth(ctx, 'Neutron DHCP agent', UNIT)],
  failure: () => [dhcp()],
});

function hostResources(ctx: HostContext): readonly Resource[] {
  const { dns } = ctx.cluster;
  return agentResources(ctx, {
    name: UNIT,
    leavesChildren: true,
    path: '/etc/neutron/dhcp_agent.ini',
    tree: {
      DEFAULT: {
        interface_driver: 'openvswitch',
        // Networks without a router get metadata by a route to the DHCP server.
        enable_isolated_metadata: true,
        ...(dns.length === 0 ? {} : { dnsmasq_dns_servers: dns.join(',') }),
      },
    },
    after: [OVS_AGENT],
  });
}

function dhcp(): ComponentRule {
  return {
    id: 'neutron-dhcp',
    title: 'DHCP agents',
    needs: atLeast(1),
    uses: ['tunnel'],
    // A client asks all servers of its network, one answer is enough; an agent that is killed leaves its servers.
    interruption: {},
    passive: false,
  };
}
