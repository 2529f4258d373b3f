// Where Debian packages come from, as files and a refresh of the package lists when these files changed.
// Without options nothing is managed and the host keeps its own sources. Source: sources.list(5), apt_preferences(5).
import { createHash } from 'node:crypto';
import type { AptOptions } from '../model/cluster.ts';
import type { Resource } from '../model/resource.ts';
import { absent, file } from './file.ts';
import { runOnce } from './run.ts';

const COMPONENTS = 'main';
const KEYRING = '/etc/apt/keyrings/hastack.asc';
const DEBIAN_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Sources, proxy and key; spread it into the list of resources, before `packages`. */
export function aptSources(options: AptOptions, suite = 'trixie'): readonly Resource[] {
  const files = [...proxyFiles(options), ...keyFiles(options), ...sourceFiles(options, suite)];
  if (files.length === 0) return [];
  const stamp = createHash('sha256').update(JSON.stringify(files)).digest('hex');
  return [...files, runOnce({ name: 'apt-update', stamp, script: UPDATE, timeout: 300 })];
}

/** Prefers (or, with a negative priority, refuses) versions of packages. */
export function aptPin(options: {
  readonly name: string;
  /** Package names or patterns, separated by spaces. */
  readonly packages: string;
  /** `version 2025.1*`, `release n=trixie-backports`, `origin ""` */
  readonly pin: string;
  readonly priority: number;
}): Resource {
  return file({
    path: `/etc/apt/preferences.d/${options.name}`,
    content: `Package: ${options.packages}\nPin: ${options.pin}\nPin-Priority: ${options.priority}\n`,
  });
}

const UPDATE = `apt-get -q -o DPkg::Lock::Timeout=120 -o APT::Update::Error-Mode=any update </dev/null >&2
`;

function proxyFiles(options: AptOptions): readonly Resource[] {
  if (options.proxy === undefined) return [];
  return [
    file({
      path: '/etc/apt/apt.conf.d/01hastack-proxy',
      content: `Acquire::http::Proxy "${options.proxy}";\nAcquire::https::Proxy "${options.proxy}";\n`,
    }),
  ];
}

function keyFiles(options: AptOptions): readonly Resource[] {
  return options.key === undefined ? [] : [file({ path: KEYRING, content: options.key })];
}

function sourceFiles(options: AptOptions, suite: string): readonly Resource[] {
  if (options.mirror === undefined) return [];
  const keyring = options.key === undefined ? DEBIAN_KEYRING : KEYRING;
  const security = options.securityMirror ?? 'http://deb.debian.org/debian-security';
  const content =
    stanza({ uri: options.mirror, suites: `${suite} ${suite}-updates`, keyring }) +
    '\n' +
    stanza({ uri: security, suites: `${suite}-security`, keyring });
  return [file({ path: '/etc/apt/sources.list.d/debian.sources', content }), absent('/etc/apt/sources.list')];
}

function stanza(source: { readonly uri: string; readonly suites: string; readonly keyring: string }): string {
  return `Types: deb\nURIs: ${source.uri}\nSuites: ${source.suites}\nComponents: ${COMPONENTS}\nSigned-By: ${source.keyring}\n`;
}
