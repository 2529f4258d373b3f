// Whether apt's sources can be reached, and whether a package of the cluster could be installed. The sources are
// those the spec gives, else the host's own. Only each release file is fetched, into memory; package lists stay as
// they are. Manuals: apt-get(8) --print-uris, sources.list(5), apt-cache(8) policy.
import { quote, raw, sh } from '../remote/shell.ts';
import type { AptOptions } from '../model/cluster.ts';
import type { FactRequest, Gatherer } from './gatherer.ts';
import { END, linesOf, wholeLines } from './gatherer.ts';

export interface PackageSource {
  /** Address of its release file. */
  readonly url: string;
  readonly reachable: boolean;
  /** What apt said. */
  readonly detail: string;
}

export interface PackageFacts {
  readonly sources: readonly PackageSource[];
  /** Candidate version by package; absent: the lists of the host do not have it. */
  readonly candidates: Readonly<Record<string, string>>;
  /** The host has package lists at all. */
  readonly lists: boolean;
}

const SECONDS = 20;
const DEBIAN_SECURITY = 'http://deb.debian.org/debian-security';

export const packageSource: Gatherer<PackageFacts> = {
  read: (request) => ({ text: script(request), timeout: 90 }),
  parse(output) {
    const lines = wholeLines(output);
    return {
      sources: [
        ...linesOf(lines, 'reached').map((url) => ({ url, reachable: true, detail: '' })),
        ...linesOf(lines, 'failed').map((line) => {
          const space = `${line} `.indexOf(' ');
          return { url: line.slice(0, space), reachable: false, detail: line.slice(space).trim() };
        }),
      ],
      candidates: candidatesIn(linesOf(lines, 'policy')),
      lists: linesOf(lines, 'lists')[0] === 'yes',
    };
  },
};

function script({ cluster: { apt }, packages }: FactRequest): string {
  return `d=$(mktemp -d -p /dev/shm) || exit 1
trap 'rm -rf "$d"' EXIT
${sourcesFile(apt)}
set -- -q -o Debug::NoLocking=1 -o APT::Sandbox::User=root -o Acquire::Retries=2 -o Acquire::http::Timeout=10 ${options(apt)}
urls=$(apt-get "$@" --print-uris update 2>"$d/said" | sed -n "s/^'\\([^']*InRelease\\)' .*/\\1/p" | sort -u)
[ -n "$urls" ] || echo "failed - $(tail -n 1 "$d/said")"
for url in $urls; do
  if timeout ${SECONDS} /usr/lib/apt/apt-helper "$@" download-file "$url" "$d/release" >"$d/said" 2>&1; then echo "reached $url"
  else echo "failed $url $(grep -v -e '^Err:' -e '^E: Download Failed' "$d/said" | tail -n 1)"; fi
done
ls /var/lib/apt/lists | grep -q Packages && echo 'lists yes' || echo 'lists no'
${sh`LC_ALL=C apt-cache policy ${packages}`} 2>/dev/null | sed 's/^/policy /'
echo ${END}
`;
}

/** In a file of its own: the host's sources are not used then. */
function sourcesFile({ mirror, securityMirror }: AptOptions): string {
  if (mirror === undefined) return '';
  const lines = [
    `deb ${mirror} trixie main`,
    `deb ${mirror} trixie-updates main`,
    `deb ${securityMirror ?? DEBIAN_SECURITY} trixie-security main`,
  ];
  return sh`printf '%s\n' ${lines} > ${raw('"$d/sources.list"')}`;
}

function options({ mirror, proxy }: AptOptions): string {
  return [
    ...(mirror === undefined
      ? []
      : ['-o "Dir::Etc::sourcelist=$d/sources.list"', '-o Dir::Etc::sourceparts=/dev/null']),
    ...(proxy === undefined
      ? []
      : [`-o ${quote(`Acquire::http::Proxy=${proxy}`)}`, `-o ${quote(`Acquire::https::Proxy=${proxy}`)}`]),
  ].join(' ');
}

function candidatesIn(lines: readonly string[]): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  let name = '';
  for (const line of lines) {
    const version = /^\s+Candidate:\s+(\S+)/.exec(line)?.[1];
    if (/^\S+:$/.test(line)) name = line.slice(0, -1);
    else if (version !== undefined && version !== '(none)') found[name] = version;
  }
  return found;
}
