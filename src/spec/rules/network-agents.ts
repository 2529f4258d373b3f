// Neutron's agents with Open vSwitch (backend: ovs): routers and DHCP servers outlive a host only when another one has
// them too, and DVR wants compute hosts that reach the outside themselves.
import { hostsWithRole } from '../../model/cluster.ts';
import { own } from '../lookup.ts';
import type { Hit, RuleInput } from './rule.ts';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.network-agents',
  severity: 'warning',
  impact: 'Instances lose their way out, or their addresses, when one network host fails.',
  source: 'https://docs.openstack.org/neutron/2025.1/admin/deploy-ovs-ha-vrrp.html, /admin/deploy-ovs-ha-dvr.html',
  reads: ['hosts', 'networks', 'services', 'config', 'preset'],
  check: (input) => {
    const neutron = own(input.cluster.services, 'neutron');
    if (neutron?.['backend'] !== 'ovs') return [];
    return [...fewHosts(input), ...options(input), ...withoutWayOut(input), ...inAProcess(input)];
  },
});

function fewHosts({ cluster }: RuleInput): readonly Hit[] {
  const hosts = hostsWithRole(cluster, 'network');
  if (hosts.length > 1) return [];
  const [only] = hosts;
  return [
    {
      path: ['services', 'neutron'],
      on: 'key',
      ...(only === undefined ? { severity: 'critical' as const } : {}),
      message:
        only === undefined
          ? 'No host has the role network: nobody makes routers.'
          : `Only ${only.name} has the role network.`,
      remediation: 'Give two or three hosts the role network.',
    },
  ];
}

/** Options of neutron.conf that undo what is derived from the number of network hosts. */
function options({ cluster }: RuleInput): readonly Hit[] {
  const written = own(own(cluster.overrides.all, 'neutron.conf'), 'DEFAULT');
  const at = (option: string): Pick<Hit, 'path' | 'on'> => ({
    path: ['config', 'neutron.conf', 'DEFAULT', option],
    on: 'key',
  });
  const several = hostsWithRole(cluster, 'network').length > 1;
  const lone = (option: string, what: string): readonly Hit[] =>
    several && Number(own(written, option)) === 1
      ? [
          {
            ...at(option),
            message: `${option} is 1: ${what} on one host, and nobody takes over.`,
            remediation: 'Remove the line; the number follows from the number of network hosts.',
          },
        ]
      : [];
  return [
    ...lone('max_l3_agents_per_router', 'every router'),
    ...lone('dhcp_agents_per_network', "every network's DHCP server"),
    ...(own(written, 'min_l3_agents_per_router') === undefined
      ? []
      : [
          {
            ...at('min_l3_agents_per_router'),
            message: 'min_l3_agents_per_router is not an option of this release.',
            impact:
              'It is ignored; where it was known and as large as the maximum, no router could be made with a host away.',
            remediation: 'Remove the line.',
          },
        ]),
  ];
}

/** With DVR the floating addresses of an instance are on its own host. */
function withoutWayOut({ cluster }: RuleInput): readonly Hit[] {
  const outside = cluster.uses.provider;
  if (cluster.services['neutron']?.['dvr'] !== true || outside === undefined) return [];
  return hostsWithRole(cluster, 'compute')
    .filter(({ interfaces }) => own(interfaces, outside) === undefined)
    .map(({ name }) => ({
      path: ['services', 'neutron', 'dvr'],
      on: 'key' as const,
      host: name,
      severity: 'critical' as const,
      impact: 'Floating addresses of instances on that host are not reachable.',
      message: `Routers are distributed (dvr), but ${name} has no interface on ${outside}.`,
      remediation: `Name it: hosts: { ${name}: { interfaces: { ${outside}: ... } } }, or leave dvr out.`,
    }));
}

function inAProcess({ cluster }: RuleInput): readonly Hit[] {
  if (cluster.services['neutron']?.['datapath'] !== 'netdev') return [];
  return [
    {
      path: ['services', 'neutron', 'datapath'],
      on: 'key',
      message: 'Open vSwitch forwards in a process: a restart of it takes the ports of routers and DHCP servers away.',
      impact: 'Routers and DHCP servers of the host stay down until its agents are set up anew.',
      remediation: 'Leave datapath out where the kernel has the openvswitch module, or use backend: ovn.',
    },
  ];
}
