// Decision 11: our own nftables table from the components' ports. Ports for members are open to the cluster's
// hosts, VIPs and operators only; ports for anyone are open on their network. Everything else that arrives on the
// cluster's networks is dropped, SSH never. Loaded with a rollback that a new SSH connection must confirm.
// Manual: nft(8).
import { writeNftTableBody } from '../formats/nft-ruleset.ts';
import type { NftMatch, NftRule } from '../formats/nft-ruleset.ts';
import { component } from '../model/component.ts';
import type { HostContext, PortContribution } from '../model/component.ts';
import type { Resource } from '../model/resource.ts';
import { configFile } from '../resources/config-file.ts';
import { nftTable } from '../resources/nftables.ts';
import { unit } from '../resources/unit.ts';

const RULES_PATH = '/etc/hastack/nftables/inet-hastack.nft';

export default component({
  id: 'firewall',
  title: 'Firewall',
  roles: ['control', 'network', 'compute', 'storage', 'balancer', 'database', 'messaging', 'arbiter'],
  after: ['base'],
  when: (cluster) => cluster.firewall === 'managed',
  steps: [{ on: 'each', resources: firewallResources }],
  failure: () => ({ needs: { kind: 'at-least', count: 0 }, interruption: {} }),
});

function firewallResources(ctx: HostContext): readonly Resource[] {
  return [
    nftTable({ family: 'inet', name: 'hastack', ruleset: ruleset(ctx), path: RULES_PATH }),
    configFile(ctx, {
      path: '/etc/systemd/system/hastack-firewall.service',
      format: 'systemd',
      tree: {
        Unit: { Description: 'Firewall of the cluster', Before: 'network-pre.target', Wants: 'network-pre.target' },
        Service: { Type: 'oneshot', RemainAfterExit: 'yes', ExecStart: `/usr/sbin/nft -f ${RULES_PATH}` },
        Install: { WantedBy: 'multi-user.target' },
      },
    }),
    unit('hastack-firewall', { onChange: 'nothing' }),
  ];
}

function ruleset(ctx: HostContext): string {
  return writeNftTableBody({
    sets: [
      { name: 'members4', type: 'ipv4_addr', elements: members(ctx, (address) => !address.includes(':')) },
      { name: 'members6', type: 'ipv6_addr', elements: members(ctx, (address) => address.includes(':')) },
    ],
    chains: [
      {
        name: 'input',
        hook: { hook: 'input', priority: 0 },
        policy: 'accept',
        rules: [
          { match: { states: ['established', 'related'] }, verdict: 'accept' },
          { match: { inputInterface: 'lo' }, verdict: 'accept' },
          { match: { protocol: 'icmp' }, verdict: 'accept' },
          { match: { protocol: 'icmpv6' }, verdict: 'accept' },
          { match: { protocol: 'tcp', ports: [ctx.cluster.ssh.port] }, verdict: 'accept' },
          ...portRules(ctx),
          ...vipRules(ctx),
          ...clusterInterfaces(ctx).map((inputInterface): NftRule => ({
            match: { inputInterface },
            counter: true,
            verdict: 'drop',
          })),
        ],
      },
    ],
  });
}

/** Hosts, VIPs and operators. Sorted, so that the order of the spec does not change the text. */
function members(ctx: HostContext, wanted: (address: string) => boolean): readonly string[] {
  const { hosts, vips, operators } = ctx.cluster;
  const all = [
    ...hosts.flatMap((host) => Object.values(host.addresses)),
    ...vips.map(({ address }) => address),
    ...operators,
  ];
  return [...new Set(all)].filter(wanted).toSorted();
}

function portRules(ctx: HostContext): readonly NftRule[] {
  const own = ctx.contributions('port').filter((port) => port.hosts.includes(ctx.host.name));
  const byKey = new Map(
    own.map(
      (port) => [`${port.protocol} ${String(port.port).padStart(5, '0')} ${port.use} ${port.from}`, port] as const,
    ),
  );
  return [...byKey].toSorted(([a], [b]) => a.localeCompare(b)).flatMap(([, port]) => portRule(ctx, port));
}

function portRule(ctx: HostContext, { protocol, port, through, from, use }: PortContribution): readonly NftRule[] {
  const ports = protocol === 'vrrp' ? {} : { ports: [through === undefined ? port : `${port}-${through}`] };
  if (from === 'members') return fromMembers({ protocol, ...ports });
  return [{ match: { inputInterface: ctx.interfaceOf(use), protocol, ...ports }, verdict: 'accept' }];
}

/** What HAProxy serves: for anybody on the public VIP, for members on the others. */
function vipRules(ctx: HostContext): readonly NftRule[] {
  if (!ctx.members('haproxy').some(({ name }) => name === ctx.host.name)) return [];
  return ctx.contributions('endpoint').flatMap(({ port, vips }) =>
    ctx.cluster.vips
      .filter(({ name }) => (vips as readonly string[]).includes(name))
      .flatMap(({ name, address }) => {
        const match: NftMatch = { destination: [address], protocol: 'tcp', ports: [port] };
        return name === 'public' ? [{ match, verdict: 'accept' as const }] : fromMembers(match);
      }),
  );
}

function fromMembers(match: NftMatch): readonly NftRule[] {
  const families = match.destination?.some((address) => address.includes(':'))
    ? ['@members6']
    : match.destination === undefined
      ? ['@members4', '@members6']
      : ['@members4'];
  return families.map((source) => ({ match: { ...match, source: [source] }, verdict: 'accept' }));
}

/** Interfaces of the cluster's own networks; edge networks carry tenants' traffic and are not ours to filter. */
function clusterInterfaces(ctx: HostContext): readonly string[] {
  const underlay = ctx.cluster.networks.filter((network) => network.zone === 'underlay').map((network) => network.name);
  return [...new Set(underlay.flatMap((name) => ctx.host.interfaces[name] ?? []))];
}
