// The kinds of files that rules look at, what each is read into, and how a kind is told from a name or the text.
//
// Names decide first; a file of another name (a paste, a loose copy) is recognised by what stands in it. What nothing
// recognises is not audited. Pure.
import { parseApacheConf } from '../formats/apache-conf-read.ts';
import { parseBraceConf } from '../formats/brace-conf-read.ts';
import { parseCephConf } from '../formats/ceph-conf-read.ts';
import { parseChronyConf } from '../formats/chrony-conf-read.ts';
import { parseCib } from '../formats/cib-read.ts';
import { parseCorosyncConf } from '../formats/corosync-conf-read.ts';
import type { Parsed } from '../formats/document.ts';
import { parseEnvFile } from '../formats/env-file-read.ts';
import { parseErlangTerms } from '../formats/erlang-terms-read.ts';
import { parseExports } from '../formats/exports-read.ts';
import { parseHaproxyCfg } from '../formats/haproxy-cfg-read.ts';
import { parseHostsFile } from '../formats/hosts-file-read.ts';
import { parseJson } from '../formats/json-read.ts';
import { parseKeepalivedConf } from '../formats/keepalived-conf-read.ts';
import { parseLimitsConf } from '../formats/limits-conf-read.ts';
import { parseMemcachedConf } from '../formats/memcached-conf-read.ts';
import { parseMyCnf } from '../formats/my-cnf-read.ts';
import { parseIni } from '../formats/oslo-ini-read.ts';
import { parsePcsConfig } from '../formats/pcs-config-read.ts';
import { parseRabbitmqConf } from '../formats/rabbitmq-conf-read.ts';
import { parseSysctlConf } from '../formats/sysctl-conf-read.ts';
import { parseSystemdUnit } from '../formats/systemd-unit-read.ts';
import { parseYamlFlat } from '../formats/yaml-flat-read.ts';

/** Files whose content only counts as a whole (keys, cookies) or as text (scripts, crontabs). */
function plainText(_text: string, file: string): Parsed<{ readonly file: string }> {
  return { document: { file }, problems: [] };
}

export const READERS = {
  apache: parseApacheConf,
  ceph: parseCephConf,
  certificate: plainText,
  chrony: parseChronyConf,
  corosync: parseCorosyncConf,
  cron: plainText,
  definitions: parseJson,
  drbd: parseBraceConf,
  env: parseEnvFile,
  erlang: parseErlangTerms,
  exports: parseExports,
  globals: parseYamlFlat,
  haproxy: parseHaproxyCfg,
  hosts: parseHostsFile,
  keepalived: parseKeepalivedConf,
  limits: parseLimitsConf,
  memcached: parseMemcachedConf,
  mycnf: parseMyCnf,
  nginx: parseBraceConf,
  opaque: plainText,
  oslo: parseIni,
  pacemaker: readPacemaker,
  packages: plainText,
  packstack: parseIni,
  rabbitmq: parseRabbitmqConf,
  script: plainText,
  sysctl: parseSysctlConf,
  unit: parseSystemdUnit,
} as const;

export type Kind = keyof typeof READERS;
export type DocumentOf<K extends Kind> = ReturnType<(typeof READERS)[K]>['document'];

/** Below etc nobody reads these: examples, and what package managers and editors keep aside. */
const NOT_IN_USE = /\/etc\/.*(?:\.(?:sample|example|dist|bak|orig|old|rpmnew|rpmsave|disabled|(?:dpkg|ucf)-[a-z]+)|~)$/;

/** By location; the first that fits. */
const BY_NAME: readonly (readonly [RegExp, Kind])[] = [
  [/\/dpkg\/status$/, 'packages'],
  [/\/(?:fernet|credential|jws)[-_]keys\/[^/]+$|\/\.?erlang\.cookie$/, 'opaque'],
  [/^(?!.*\/etc\/(?!systemd\/)).*\.(?:service|socket|timer|mount|target)(?:\.d\/[^/]+\.conf)?$/, 'unit'],
  [/\/cron(?:tabs?|\.[a-z]+)?(?:\/[^/]+)*\/?[^/]*$|\/crontab$/, 'cron'],
  [/haproxy[^/]*\.cfg[^/]*$|\/haproxy\/(?:.*\/)?[^/]+\.cfg$/, 'haproxy'],
  [/rabbitmq-env[^/]*\.conf$|\/etc\/(?:default|sysconfig)\/[^/]+$|\/sbd(?:\.conf)?$|openrc[^/]*$/, 'env'],
  [/\.(?:sh|py|pl)$|\/(?:clustercheck|check_[^/.]+)$/, 'script'],
  [/keepalived[^/]*\.conf[^/]*$|\/keepalived\/(?:.*\/)?[^/]+\.conf$/, 'keepalived'],
  [/^(?!.*openssl).*\.cnf$|\/my\.cnf[^/]*$/, 'mycnf'],
  [/rabbitmq[^/]*\.conf$|\/rabbitmq\/conf\.d\/[^/]+\.conf$/, 'rabbitmq'],
  [/(?:rabbitmq|advanced)[^/]*\.config$/, 'erlang'],
  [/definitions[^/]*\.json$/, 'definitions'],
  [/corosync[^/]*\.conf[^/]*$/, 'corosync'],
  [/cib[^/]*\.xml$|pcs[-_ .]?config[^/]*$|\/pcs[^/]*\.txt$/, 'pacemaker'],
  [/\/drbd[^/]*\.conf$|\/drbd\.d\/[^/]+\.(?:res|conf)$|\.res$/, 'drbd'],
  [/memcached[^/]*\.conf$/, 'memcached'],
  [/nginx[^/]*\.conf$|\/nginx\/(?:.*\/)?(?:[^/]+\.conf|sites-[a-z]+\/[^/]+)$/, 'nginx'],
  [/\/(?:apache2?|httpd)\/.*\.conf$|\/wsgi-[^/]+\.conf$|(?:apache|httpd)[^/]*\.conf$/, 'apache'],
  [/sysctl[^/]*\.conf$|\/sysctl\.d\/[^/]+\.conf$/, 'sysctl'],
  [/\/limits[^/]*\.conf$|\/limits\.d\/[^/]+\.conf$/, 'limits'],
  [/chrony[^/]*\.conf$/, 'chrony'],
  [/\/hosts$/, 'hosts'],
  [/\/ceph[^/]*\.conf$/, 'ceph'],
  [/\/exports$|\/exports\.d\/[^/]+$/, 'exports'],
  [/answers?[^/]*\.(?:txt|cfg|conf|ini)$|packstack[^/]*\.txt$/, 'packstack'],
  [/globals[^/]*\.ya?ml$|\/globals\.d\/[^/]+$|user_variables[^/]*\.ya?ml$/, 'globals'],
  [/(?:keystone|horizon|glance|nova|placement|neutron|cinder|heat|masakari|masakarimonitors|barbican|octavia|designate|manila|ceilometer|aodh|gnocchi|magnum|trove|ironic|mistral|watcher|cloudkitty|ml2_conf|l3_agent|dhcp_agent|metadata_agent|openvswitch_agent|ovn)[^/]*\.(?:conf|ini)$/, 'oslo'],
]; // prettier-ignore

const BY_TEXT: readonly (readonly [RegExp, Kind])[] = [
  [/^-----BEGIN CERTIFICATE-----/m, 'certificate'],
  [/^#!/, 'script'],
  [/<cib[\s>]/, 'pacemaker'],
  [/^(?:Cluster Name|Corosync Nodes|Pacemaker Nodes):/m, 'pacemaker'],
  [/^CONFIG_[A-Z0-9_]+=/m, 'packstack'],
  [/^[ \t]*vrrp_(?:instance|script)\b/m, 'keepalived'],
  [/^[ \t]*totem[ \t]*\{/m, 'corosync'],
  [/^\[(?:mysqld|mariadbd?|galera|server)\]/m, 'mycnf'],
  [/^(?:frontend|backend|listen|defaults)\b/m, 'haproxy'],
  [/^[ \t]*resource[ \t]+\S+[ \t]*\{/m, 'drbd'],
  [/^[ \t]*<VirtualHost\b/m, 'apache'],
  [/^\[(?:DEFAULT|database|oslo_messaging_rabbit|keystone_authtoken)\]/m, 'oslo'],
];

/** What a file is, or undefined when no rule knows such files. */
export function kindOf(location: string, text: string): Kind | undefined {
  if (NOT_IN_USE.test(location)) return undefined;
  const name = BY_NAME.find(([pattern]) => pattern.test(location))?.[1];
  if (name !== undefined) return name;
  // Documentation quotes configuration without being it.
  if (/\.(?:md|rst|html?|log|json)$/.test(location)) return undefined;
  return BY_TEXT.find(([pattern]) => pattern.test(text))?.[1];
}

function readPacemaker(text: string, file: string): ReturnType<typeof parseCib> {
  return /^\s*</.test(text) ? parseCib(text, file) : parsePcsConfig(text, file);
}
