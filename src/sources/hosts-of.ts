// Which host a file belongs to, from where it was found. Pure.
//
// In this order: the directory that holds an `etc` (one host's tree, a directory per host, a tarball); the directory of
// a file whose siblings hold files of the same name (Kolla or OpenStack-Ansible output, `ctl1/haproxy.cfg`); what its
// name has besides its purpose (`keepalived-ctl1.conf`). Files for which nothing tells are one host without a name.

/** Directories that are no host. */
const TREE = new Set(['etc', 'usr', 'var', 'root', 'lib', 'opt', 'srv', 'run', 'home', 'tmp', 'private']);
const PURPOSE =
  /^(?:haproxy|keepalived|corosync|mariadb|mysql|galera|my|server|rabbitmq|rabbit|memcached|nova|neutron|keystone|glance|cinder|heat|placement|nginx|apache|httpd|drbd|chrony|sysctl|ceph|cib|pcs|config|conf|cfg|cnf|ini|txt|xml|json|yml|yaml|etc|env|advanced|definitions|limits|hosts|exports|answers?|packstack|globals|\d{1,2}|hastack|default|ml2|dhcp|l3|agent|metadata|log|err|error|gz|syslog|messages|kern|journal|dmesg|daemon|compute|scheduler|conductor|pacemaker|ceph|ovn|ovs|ovsdb|vswitchd|controller|northd|openvswitch|masakari|masakarimonitors|api|local|override|cluster|custom|new|old|bak|example|sample)$/i;

/** The host of each location, in the same order. */
export function hostsOf(locations: readonly string[]): readonly (string | undefined)[] {
  const repeated = directoriesWithSameNames(locations);
  const plain = locations.map((location) => hostOfTree(location) ?? hostOfDirectory(location, repeated));
  const loose = locations.filter((_, index) => plain[index] === undefined);
  const named = new Set(loose.map(tokenOf).filter((token) => token !== undefined));
  // One odd word in one name is a label; two of them tell hosts apart.
  return locations.map((location, index) => plain[index] ?? (named.size > 1 ? tokenOf(location) : undefined));
}

/** `ctl1` of `/dump/ctl1/etc/haproxy/haproxy.cfg`; `localhost` of `/etc/haproxy/haproxy.cfg`. */
function hostOfTree(location: string): string | undefined {
  const parts = location.split('/').slice(0, -1);
  const index = parts.findIndex((part) => part === 'etc' || part === 'usr' || part === 'var');
  if (index < 0) return undefined;
  const etc = parts.indexOf('etc');
  // /var/tmp/dump/ctl1/etc: the last tree before the file is the host's, /usr/local/etc is not one.
  const root = etc > index && !/^(?:local|share|lib)$/.test(parts[etc - 1] ?? '') ? etc : index;
  const name = parts[root - 1] ?? '';
  return name === '' ? 'localhost' : name;
}

/** The path of a file inside its host: `etc/haproxy/haproxy.cfg`; the whole location when there is no tree. */
export function nameInHost(location: string): string {
  return /\/((?:etc|usr|var|root|lib)\/(?!.*\/(?:etc)\/).*)$/.exec(location)?.[1] ?? location;
}

function hostOfDirectory(location: string, repeated: ReadonlySet<string>): string | undefined {
  const parts = location.split('/');
  const name = parts.at(-1) ?? '';
  for (let index = parts.length - 2; index > 0; index--) {
    const above = parts.slice(0, index).join('/');
    const below = parts.slice(index + 1).join('/');
    const directory = parts[index] ?? '';
    if (repeated.has(`${above}|${below}`) && !PURPOSE.test(directory) && !TREE.has(directory) && name !== '') {
      return directory;
    }
  }
  return undefined;
}

/** `above|below` for which more than one directory between them has that file. */
function directoriesWithSameNames(locations: readonly string[]): ReadonlySet<string> {
  const seen = new Map<string, number>();
  for (const location of new Set(locations)) {
    const parts = location.split('/');
    for (let index = Math.max(parts.length - 5, 1); index < parts.length - 1; index++) {
      if (PURPOSE.test((parts[index] ?? '').split(/[-_.]/)[0] ?? '')) continue;
      const key = `${parts.slice(0, index).join('/')}|${parts.slice(index + 1).join('/')}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  return new Set([...seen].filter(([, count]) => count > 1).map(([key]) => key));
}

/** `ctl1` of `keepalived-ctl1.conf` and `haproxy.cfg.ctl1`. */
function tokenOf(location: string): string | undefined {
  const words = (location.split('/').at(-1) ?? '').split(/[-_. ]/).filter((word) => word !== '' && !PURPOSE.test(word));
  return words.length === 0 ? undefined : words.join('-');
}
