// The files that make a copy of the golden image a certain host: name, machine-id, ssh host key, root's key,
// systemd-networkd. Pure texts. They are laid into the twin's disk once, when it is made; from then on the
// disk is the twin's own, as a server's is. Manuals: systemd.network(5), sshd_config(5), machine-id(5).
import type { Cluster, Host } from '../model/cluster.ts';
import type { Topology } from './topology.ts';

export interface TwinFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

export interface TwinIdentity {
  readonly machineId: string;
  readonly hostKey: { readonly secret: string; readonly public: string };
  readonly authorizedKey: string;
}

export function twinFiles(
  cluster: Cluster,
  host: Host,
  parts: { topology: Topology; identity: TwinIdentity },
): readonly TwinFile[] {
  const { identity, topology } = parts;
  return [
    text('/etc/hostname', `${host.name}\n`),
    text('/etc/hosts', `127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.1.1 ${host.name}\n`),
    text('/etc/machine-id', `${identity.machineId}\n`, 0o444),
    text('/etc/resolv.conf', ''),
    text('/etc/ssh/ssh_host_ed25519_key', identity.hostKey.secret, 0o600),
    text('/etc/ssh/ssh_host_ed25519_key.pub', identity.hostKey.public),
    text('/etc/ssh/sshd_config.d/10-lab.conf', sshdConfig(cluster)),
    text('/root/.ssh/authorized_keys', identity.authorizedKey, 0o600),
    ...networkFiles(host, topology, bmcRoutes(cluster, host, topology)),
  ];
}

function networkFiles(host: Host, topology: Topology, routes: readonly Route[]): readonly TwinFile[] {
  return topology.nics
    .filter((nic) => nic.host === host.name)
    .map((nic) => {
      const lines = [
        '[Match]',
        `Name=${nic.interface}`,
        '',
        '[Link]',
        `MTUBytes=${nic.mtu}`,
        'RequiredForOnline=no',
        '',
        '[Network]',
        // A cut cable takes no address away, as with ifupdown on a server.
        'ConfigureWithoutCarrier=yes',
        'IgnoreCarrierLoss=yes',
        'KeepConfiguration=static',
        'LinkLocalAddressing=no',
        'IPv6AcceptRA=no',
        ...nic.addresses.map((address) => `Address=${address}`),
        ...routes
          .filter((route) => nic.networks.includes(route.network))
          .flatMap((route) => ['', '[Route]', `Destination=${route.destination}`, `Gateway=${route.gateway}`]),
      ];
      return text(`/etc/systemd/network/10-${nic.interface}.network`, `${lines.join('\n')}\n`);
    });
}

export interface Route {
  readonly network: string;
  readonly destination: string;
  readonly gateway: string;
}

/** BMCs that lie in no network: reached through the operator's address, as by a gateway. */
function bmcRoutes(cluster: Cluster, host: Host, topology: Topology): readonly Route[] {
  const network = cluster.uses.management ?? Object.keys(host.addresses)[0];
  const vantage = topology.segments.flatMap((segment) => segment.vantages).find((each) => each.network === network);
  if (network === undefined || vantage === undefined || host.addresses[network] === undefined) return [];
  return topology.loopback.map((address) => ({
    network,
    destination: `${address}/${address.includes(':') ? 128 : 32}`,
    gateway: vantage.address,
  }));
}

function sshdConfig(cluster: Cluster): string {
  return ['HostKey /etc/ssh/ssh_host_ed25519_key', `Port ${cluster.ssh.port}`, 'UseDNS no', ''].join('\n');
}

/** One line per name and address of a host, so that host keys are checked strictly from the first connection. */
export function knownHosts(cluster: Cluster, publicKeys: ReadonlyMap<string, string>): string {
  const lines = cluster.hosts.flatMap((host) => {
    const key = publicKeys.get(host.name)?.split(' ').slice(0, 2).join(' ');
    if (key === undefined) return [];
    const names = [...new Set([host.name, host.sshAddress, ...Object.values(host.addresses)])];
    return names.map((name) => `${cluster.ssh.port === 22 ? name : `[${name}]:${cluster.ssh.port}`} ${key}`);
  });
  return lines.map((line) => `${line}\n`).join('');
}

function text(path: string, content: string, mode = 0o644): TwinFile {
  return { path, content, mode };
}
