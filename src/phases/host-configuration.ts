// The configuration of a running host, for the audit: one script packs it up, one function unpacks it.
//
// Changes nothing on the host. Private keys, token keys and cookies stay there: what must be equal on several hosts is
// sent as its SHA-256. Manuals: tar(1), sha256sum(1), dpkg-query(1).
import { gunzipSync } from 'node:zlib';

import { END } from '../facts/gatherer.ts';
import type { Script } from '../model/resource.ts';
import type { SourceFile, SourceLink, SourceTree } from '../sources/source-file.ts';
import { readTar } from '../sources/tar.ts';

/** What rules look at, below /. */
const PATHS = [
  'haproxy', 'keepalived', 'mysql', 'rabbitmq', 'memcached.conf', 'memcached', 'corosync', 'drbd.conf', 'drbd.d', 'nginx', 'apache2',
  'keystone', 'glance', 'placement', 'nova', 'neutron', 'cinder', 'heat', 'octavia', 'masakari', 'masakarimonitors', 'openstack-dashboard',
  'kolla', 'ceph', 'exports', 'exports.d', 'chrony', 'chrony.conf', 'hosts', 'sysctl.conf', 'sysctl.d', 'security/limits.conf',
  'security/limits.d', 'systemd/system', 'default', 'cron.d', 'xinetd.d',
].map((name) => `etc/${name}`); // prettier-ignore
const CIB = 'var/lib/pacemaker/cib/cib.xml';
/** Check scripts; programs are longer. */
const SCRIPTS = 'find usr/local/bin usr/local/sbin -maxdepth 1 -type f -size -64k';
const SECRET = [
  '*.key',
  '*.keyring',
  '*-key.pem',
  'private',
  'fernet-keys',
  'credential-keys',
  'authkey',
  'pcmk',
  '*.p12',
  '.my.cnf',
];
const EQUAL =
  'etc/keystone/fernet-keys/* etc/keystone/credential-keys/* var/lib/rabbitmq/.erlang.cookie etc/corosync/authkey';
const PRODUCTS = 'haproxy keepalived mariadb-server rabbitmq-server pacemaker';
const DIGESTS = '== digests';
const PACKAGES = '== packages';

export const CONFIGURATION: Script = {
  timeout: 120,
  // base64 keeps the session's text whole; --ignore-failed-read: a file may go while tar reads.
  text: `cd /
set --
for each in ${[...PATHS, CIB].join(' ')} $(${SCRIPTS}); do [ ! -e "$each" ] || set -- "$@" "$each"; done
tar --create --gzip --ignore-failed-read ${SECRET.map((pattern) => `--exclude='${pattern}'`).join(' ')} "$@" 2>/dev/null | base64
echo '${DIGESTS}'
sha256sum ${EQUAL} 2>/dev/null
echo '${PACKAGES}'
dpkg-query --show --showformat 'Package: \${Package}\\nVersion: \${Version}\\n\\n' ${PRODUCTS} 2>/dev/null
echo '${END}'`,
}; // prettier-ignore

/** Throws an Error when the output is not whole. */
export function configurationOf(host: string, output: string): SourceTree {
  const lines = output.split('\n');
  const [digests, packages, end] = [DIGESTS, PACKAGES, END].map((mark) => lines.lastIndexOf(mark));
  if (digests === undefined || packages === undefined || end === undefined || end < 0 || digests < 0)
    throw new Error('the script did not run to its end');
  const files: SourceFile[] = [];
  const links: SourceLink[] = [];
  const at = (name: string) => ({ path: `${host}/${name}`, location: `/${host}/${name}` });
  const { entries, problem } = readTar(gunzipSync(Buffer.from(lines.slice(0, digests).join(''), 'base64')));
  for (const { name, type, target, data, mode } of entries) {
    if (type === 'link') links.push({ ...at(name), target });
    else if (!data.subarray(0, 8000).includes(0))
      files.push({ ...at(name), mode: mode & 0o7777, text: new TextDecoder('utf8').decode(data) });
  }
  for (const line of lines.slice(digests + 1, packages)) {
    const [, digest, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (digest !== undefined && name !== undefined) files.push({ ...at(name), mode: 0o600, text: digest });
  }
  files.push({ ...at('var/lib/dpkg/status'), mode: 0o644, text: lines.slice(packages + 1, end).join('\n') });
  return { files, links, skipped: problem === undefined ? [] : [{ path: host, why: problem }] };
}
