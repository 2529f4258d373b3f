// The shell of the lock: one file per lock host, read and written only under flock(1), so that taking it over is an
// atomic compare-and-swap. Age is counted in the host's uptime, never in its wall clock, which a deployment may step;
// after a reboot of the host the lock counts as expired there.
// Manual: flock(1), proc(5) (uptime, sys/kernel/random/boot_id).
import { raw, sh } from '../remote/shell.ts';

export const LOCK_DIRECTORY = '/var/lib/hastack/lock';

const PRELUDE = sh`set -e
umask 077
mkdir -p ${LOCK_DIRECTORY}
cd ${LOCK_DIRECTORY}
exec 8>guard
flock -w 10 8 || { echo busy; exit 0; }
boot=$(cat /proc/sys/kernel/random/boot_id)
read -r up rest </proc/uptime
up=\${up%%.*}
token=; since=0; ttl=0; there=; owner=
if [ -f owner ]; then { read -r token; read -r there; read -r since; read -r ttl; read -r owner; } <owner || true; fi
expired=0
if [ "$there" != "$boot" ] || [ $((up - since)) -gt "$ttl" ]; then expired=1; fi
put() { printf '%s\\n' "$@" >owner.new; sync owner.new; mv owner.new owner; sync .; }
`;

export interface LockRecord {
  readonly token: string;
  readonly ttlSeconds: number;
  /** One line of JSON about the owner. */
  readonly owner: string;
}

/** Prints `taken`, or `held <expired> <token>` and the owner's line. `over`: the token it may take the place of. */
export function takeScript(record: LockRecord, over: string | undefined): string {
  const { token, ttlSeconds, owner } = record;
  return `${PRELUDE}${sh`if [ -z "$token" ] || [ "$token" = ${token} ] || [ "$token" = ${over ?? ''} ]; then
  put ${token} "$boot" "$up" ${ttlSeconds} ${owner}; echo taken
else echo "held $expired $token"; printf '%s\\n' "$owner"; fi
`}`;
}

/** Prints `renewed` or `lost`. */
export function renewScript(record: LockRecord): string {
  const { token, ttlSeconds, owner } = record;
  return `${PRELUDE}${sh`if [ "$token" = ${token} ]; then put ${token} "$boot" "$up" ${ttlSeconds} ${owner}; echo renewed; else echo lost; fi
`}`;
}

export function releaseScript(token: string): string {
  return `${PRELUDE}${sh`if [ "$token" = ${token} ]; then rm -f owner; sync .; fi; echo released${raw('\n')}`}`;
}
