// The shell of the packages kind. Reading is one dpkg-query for all packages of a host.
// Installing waits for a running dpkg, finishes an interrupted one, refreshes the package lists when they are missing,
// older than a day, older than the sources, or when apt does not know or find a package, and says why it failed.
import { raw, sh } from '../remote/shell.ts';
import type { PackagesDesired } from './packages.ts';
import { END_MARK } from './script.ts';
import { fullUnitName, HOLD_FUNCTION } from './unit-hold.ts';

export function readPackagesScript(names: readonly string[]): string {
  return `command -v dpkg-query >/dev/null || exit 0
${names.length === 0 ? ':' : sh`dpkg-query -W -f ${'${Package} ${db:Status-Abbrev}\\n'} -- ${names} 2>/dev/null || :`}
for u in /var/lib/dpkg/updates/*; do [ ! -e "$u" ] || echo '#interrupted'; done
echo ${END_MARK}
`;
}

export function installScript(desired: PackagesDesired): string {
  return `${FUNCTIONS}
${holdScript(desired.maskUnits)}
finish_interrupted
lists_are_fresh || update_lists
install ${sh`${desired.names}`}
`;
}

/** A unit that the host knows already is configured, or held by an earlier run: it is left alone. */
function holdScript(units: readonly string[]): string {
  if (units.length === 0) return ':';
  return `${HOLD_FUNCTION}
${sh`for u in ${units.map(fullUnitName)}; do ${raw('known_unit "$u" || hold_unit "$u"')}; done`}`;
}

/** Seconds that a running apt or dpkg (unattended-upgrades) is waited for. */
const LOCK_SECONDS = 300;

const FUNCTIONS = `export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C.UTF-8
apt="apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=${LOCK_SECONDS} -o APT::Update::Error-Mode=any"
updated=no

known_unit() {
  for d in /etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    if [ -e "$d/$1" ] || [ -L "$d/$1" ]; then return 0; fi
  done
  [ -e "/etc/init.d/\${1%.service}" ]
}

say() { printf '%s: %s\\n' "$1" "$why" >&2; }

# The last line on stderr is the reason in one sentence.
fail() {
  printf '%s\\n' "$out" | tail -n 25 >&2
  why=$(printf '%s\\n' "$out" | grep -m1 -E '^(E:|Err:|dpkg: error)' || printf '%s\\n' "$out" | tail -n 1)
  case "$out" in
  *'No space left on device'* | *"don't have enough free space"*)
    say "no space left for packages ($(df -hP /var/cache/apt | awk 'NR == 2 { print $4 " free on " $6 }'))" ;;
  *'is not valid yet'*) say "the clock of this host is behind the package source" ;;
  *NO_PUBKEY* | *'is not signed'* | *'Missing key'*) say "the package source is not signed by a known key" ;;
  *'Unable to locate package'* | *'has no installation candidate'*) say "no package source has it" ;;
  *'Could not resolve'* | *'Temporary failure resolving'* | *'Could not connect'* | *'Unable to connect'* | *'Unable to fetch'* | *'Failed to fetch'*)
    say "the package source cannot be reached" ;;
  *'held broken packages'* | *'unmet dependencies'* | *'Unable to satisfy dependencies'*)
    say "packages do not fit together (a package on hold, a foreign source?)" ;;
  *'ould not get lock'* | *'lock was locked'*) say "another apt or dpkg is running on this host" ;;
  *) say "apt failed" ;;
  esac
  exit 100
}

finish_interrupted() {
  updates=$(ls -A /var/lib/dpkg/updates)
  if [ -z "$updates" ] && [ -z "$(dpkg --audit </dev/null)" ]; then return 0; fi
  waited=0
  until out=$(dpkg --force-confold --force-confdef --configure -a </dev/null 2>&1); do
    case "$out" in *'lock was locked'* | *'lock is held'* | *'unable to lock'*) ;; *) fail ;; esac
    [ "$waited" -lt ${LOCK_SECONDS} ] || fail
    sleep 2; waited=$((waited + 2))
  done
}

lists_are_fresh() {
  set -- /var/lib/apt/lists/*_Packages*
  [ -e "$1" ] || return 1
  [ -n "$(find /var/lib/apt/lists/partial -maxdepth 0 -mmin -1440 2>/dev/null)" ] || return 1
  [ -z "$(find /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/keyrings -newer /var/lib/apt/lists/partial 2>/dev/null)" ]
}

update_lists() {
  updated=yes
  out=$($apt update </dev/null 2>&1) || fail
}

install() {
  if out=$($apt --no-install-recommends -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-confdef install -- "$@" </dev/null 2>&1); then return 0; fi
  # Old lists name packages that the source has replaced, or do not know new ones.
  case "$updated/$out" in
  no/*'Unable to locate package'* | no/*'has no installation candidate'* | no/*'Unable to fetch'* | no/*'Failed to fetch'*) update_lists; install "$@" ;;
  *) fail ;;
  esac
}`;
