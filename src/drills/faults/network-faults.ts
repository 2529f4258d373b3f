// Faults of the network, made on the host itself, so that they are the same on twins and on real servers: an
// interface taken down, or an nftables table of our own that drops before any other table sees a packet.
// The way that hastack comes by is never cut: a network that carries ssh is refused, by the spec and once more by what
// the host says about its connections, and the tables let ssh through.
// Manual: nft(8), ip-link(8), ip-route(8), ss(8)
import { HastackError } from '../../model/error.ts';
import type { Cluster } from '../../model/cluster.ts';
import { raw, sh } from '../../remote/shell.ts';
import type { Fault } from './fault.ts';
import { guardedFault, type FaultPlace } from './guarded.ts';

export interface NetworkPlace extends FaultPlace {
  readonly cluster: Cluster;
}

const TABLE = 'hastack_drill';
/** Before connection tracking, and so before every table that accepts what is established. */
const PRIORITY = -350;

/** The host loses its interface on a network, with its carrier: whoever watches interfaces notices at once. */
export function cutNic(place: NetworkPlace, network: string): Fault {
  const { host, cluster } = place;
  const { device, address } = onNetwork(place, network);
  if (address === sshAddressOf(place)) throw carriesSsh(host, network);
  const saved = `/run/hastack-drill-${device}.routes`;
  const keep = `/proc/sys/net/ipv6/conf/${device}/keep_addr_on_down`;
  return guardedFault(place, {
    kind: 'nic-cut',
    target: `nic/${host}/${network}`,
    name: `nic-${device}`,
    check: [
      sh`for address in $(ss -Htn state established ${`sport = :${cluster.ssh.port}`} | awk '{ print $3 }' | sed 's/:[0-9]*$//; s/^\[//; s/]$//; s/%.*//' | sort -u); do`,
      sh`  [ -z "$(ip -o addr show dev ${device} to "$address")" ] || { echo ${`an ssh connection goes through ${device}: it is not cut`} >&2; exit 1; }`,
      'done',
    ].join('\n'),
    inject: [
      // Routes that nobody but a person or a tool has made go with the interface, and addresses of IPv6 unless told.
      sh`ip -4 route show dev ${device} | grep -v 'proto kernel' >${saved} || true`,
      sh`echo 1 >${keep} 2>/dev/null || true`,
      sh`ip link set dev ${device} down`,
      sh`[ -z "$(ip -o link show dev ${device} up)" ] || { echo ${`${device} is still up`} >&2; exit 1; }`,
    ].join('\n'),
    heal: [
      sh`ip link set dev ${device} up`,
      // Options of routes are several words.
      sh`if [ -f ${saved} ]; then while read -r route; do ip -4 route replace $route dev ${device}; done <${saved}; rm -f ${saved}; fi`,
      sh`echo 0 >${keep} 2>/dev/null || true`,
    ].join('\n'),
  });
}

/** Nothing but ssh goes in or out, on any network; interfaces stay up. */
export function isolateHost(place: NetworkPlace): Fault {
  return tableFault(place, {
    kind: 'host-isolated',
    target: `host/${place.host}`,
    input: ['iifname "lo" accept', ...sshRules(place, 'dport'), 'drop'],
    output: ['oifname "lo" accept', ...sshRules(place, 'sport'), 'drop'],
  });
}

/** The host and those peers hear nothing of each other; everybody else reaches both. */
export function partitionFrom(place: NetworkPlace, peers: readonly string[]): Fault {
  const addresses = addressesOf(place.cluster, peers);
  return tableFault(place, {
    kind: 'partition',
    target: `partition/${place.host}/${peers.join('+')}`,
    input: [...sshRules(place, 'dport'), `ip saddr { ${addresses} } drop`],
    output: [...sshRules(place, 'sport'), `ip daddr { ${addresses} } drop`],
  });
}

/** The host is heard by those peers and does not hear them. */
export function deafenTo(place: NetworkPlace, peers: readonly string[]): Fault {
  return tableFault(place, {
    kind: 'partition-one-way',
    target: `partition/${place.host}/${peers.join('+')}`,
    input: [...sshRules(place, 'dport'), `ip saddr { ${addressesOf(place.cluster, peers)} } drop`],
    output: [],
  });
}

/** Packets are lost at random in both directions on one network. */
export function losePackets(place: NetworkPlace, network: string, percent: number): Fault {
  const { device } = onNetwork(place, network);
  const lost = `numgen random mod 100 < ${percent} drop`;
  return tableFault(place, {
    kind: 'packet-loss',
    target: `nic/${place.host}/${network}`,
    input: [...sshRules(place, 'dport'), `iifname "${device}" ${lost}`],
    output: [...sshRules(place, 'sport'), `oifname "${device}" ${lost}`],
  });
}

interface TableFault {
  readonly kind: Fault['kind'];
  readonly target: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
}

function tableFault(place: NetworkPlace, { kind, target, input, output }: TableFault): Fault {
  const chain = (hook: 'input' | 'output', rules: readonly string[]): readonly string[] =>
    rules.length === 0 ? [] : [`chain ${hook} {`, `type filter hook ${hook} priority ${PRIORITY};`, ...rules, '}'];
  const table = [`table inet ${TABLE} {`, ...chain('input', input), ...chain('output', output), '}'].join('\n');
  return guardedFault(place, {
    kind,
    target,
    name: 'network',
    inject: [
      sh`nft delete table inet ${TABLE} 2>/dev/null || true`,
      sh`nft -f - ${raw("<<'END_OF_TABLE'")}`,
      table,
      'END_OF_TABLE',
      sh`nft list table inet ${TABLE} >/dev/null`,
    ].join('\n'),
    heal: sh`nft list table inet ${TABLE} >/dev/null 2>&1 || exit_early=1; [ -n "\${exit_early:-}" ] || nft delete table inet ${TABLE}`,
  });
}

function sshRules({ cluster }: NetworkPlace, port: 'dport' | 'sport'): readonly string[] {
  return [`tcp ${port} ${cluster.ssh.port} accept`];
}

function addressesOf(cluster: Cluster, hosts: readonly string[]): string {
  const all = cluster.hosts.filter(({ name }) => hosts.includes(name)).flatMap((host) => Object.values(host.addresses));
  return all.filter((address) => !address.includes(':')).join(', ');
}

/** Name and device of the network that the services use among themselves. */
export function internalNetwork(cluster: Cluster): string {
  return cluster.uses.internal ?? '';
}

function sshAddressOf({ cluster, host }: NetworkPlace): string | undefined {
  return cluster.hosts.find(({ name }) => name === host)?.sshAddress;
}

function onNetwork({ cluster, host }: NetworkPlace, network: string) {
  const found = cluster.hosts.find(({ name }) => name === host);
  const device = found?.interfaces[network];
  const address = found?.addresses[network];
  if (device !== undefined && address !== undefined) return { device, address };
  throw new HastackError({
    code: 'refused',
    host,
    message: `${host} has no interface on the network ${network}`,
    hint: 'This drill needs a network between the hosts that the spec names.',
  });
}

function carriesSsh(host: string, network: string): HastackError {
  return new HastackError({
    code: 'refused',
    host,
    message: `hastack reaches ${host} through the network ${network}: it is never cut`,
    hint: 'This drill needs a network for the services that ssh does not use.',
  });
}
