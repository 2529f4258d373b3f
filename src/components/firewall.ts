// Decision 11: our own nftables table from the components' ports. Ports for members are open to the cluster's
// hosts and its VIPs only; ports for anyone are open on their network. Everything else that arrives on the
// cluster's networks is dropped, SSH never. Loaded with a rollback that a new SSH connection must confirm.
// Manual: nft(8).
import { component } from '../model/component.ts';
import type { Contributed, HostContext, PortContribution } from '../model/component.ts';
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
  const ports = ctx.contributions('port').filter((port) => port.hosts.includes(ctx.host.name));
  const members = ctx.cluster.hosts.flatMap((host) => Object.values(host.addresses));
  const own = [...members, ...ctx.cluster.vips.map((vip) => vip.address)];
  const v4 = own.filter((address) => !address.includes(':')).toSorted();
  const v6 = own.filter((address) => address.includes(':')).toSorted();
  return [
    set('members4', 'ipv4_addr', v4),
    set('members6', 'ipv6_addr', v6),
    'chain input {',
    '  type filter hook input priority filter; policy accept;',
    '  ct state established,related accept',
    '  iifname "lo" accept',
    '  ip protocol icmp accept',
    '  meta l4proto ipv6-icmp accept',
    `  tcp dport ${ctx.cluster.ssh.port} accept`,
    ...sorted(ports).map((port) => `  ${rule(ctx, port)}`),
    ...clusterInterfaces(ctx).map((name) => `  iifname "${name}" counter drop`),
    '}',
  ].join('\n');
}

function set(name: string, type: string, addresses: readonly string[]): string {
  const elements = addresses.length === 0 ? '' : ` elements = { ${addresses.join(', ')} };`;
  return `set ${name} { type ${type};${elements} }`;
}

function sorted(ports: readonly Contributed<PortContribution>[]): readonly PortContribution[] {
  const key = (port: PortContribution) =>
    `${port.protocol} ${String(port.port).padStart(5, '0')} ${port.use} ${port.from}`;
  return [...new Map(ports.map((port) => [key(port), port])).entries()]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([, port]) => port);
}

function rule(ctx: HostContext, port: PortContribution): string {
  const match = port.protocol === 'vrrp' ? 'ip protocol vrrp' : `${port.protocol} dport ${port.port}`;
  const from = port.from === 'members' ? 'ip saddr @members4 ' : `iifname "${ctx.interfaceOf(port.use)}" `;
  return `${from}${match} accept`;
}

/** Interfaces of the cluster's own networks; edge networks carry tenants' traffic and are not ours to filter. */
function clusterInterfaces(ctx: HostContext): readonly string[] {
  const underlay = ctx.cluster.networks.filter((network) => network.zone === 'underlay').map((network) => network.name);
  return [...new Set(underlay.flatMap((name) => ctx.host.interfaces[name] ?? []))];
}
