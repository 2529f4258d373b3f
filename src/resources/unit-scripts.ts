// The shell of the unit kind. Reading is one `systemctl show` for all units of a host and no process per stamp.
// A start is done when the unit is active; for services that tell systemd nothing (Type=simple and the like) when it
// has been active for a second, because those are "active" also when they crash at once.
import { sh } from '../remote/shell.ts';
import { STAMP_DIRECTORY } from '../model/unit.ts';
import type { ChangeAction } from '../model/resource.ts';
import type { UnitDesired } from '../model/unit.ts';
import { END_MARK, writeLineScript } from './script.ts';
import { holdPath, releaseScript } from './unit-hold.ts';

/** What the start and stamp helpers need to know; a `UnitDesired` has it. */
export type UnitToStart = Pick<UnitDesired, 'name'> &
  Partial<Pick<UnitDesired, 'startTimeout' | 'configHash' | 'onChange'>>;

const DEFAULT_TIMEOUT = 90;
const JOURNAL_LINES = 15;
const SEARCHED_LINES = 300;
const PROPERTIES = 'LoadState,ActiveState,SubState,UnitFileState,InvocationID,NeedDaemonReload';

/** Seconds a start may take. */
export function unitTimeout(unit: UnitToStart): number {
  return unit.startTimeout ?? DEFAULT_TIMEOUT;
}

function stampPath(name: string): string {
  return `${STAMP_DIRECTORY}/${name}`;
}

/**
 * Blocks of `Property=value` lines in the order of the items, each after a line `unit <index>`. While another script
 * is between `systemctl enable` and the reload that follows, every unit of the host claims to need one
 * (systemd: unit_file_state_outdated): that passes, so a need is believed only when it stays.
 */
export function readUnitsScript(items: readonly UnitDesired[]): string {
  const names = items.map((item) => item.name);
  const paths = items.flatMap((item) => [stampPath(item.name), holdPath(item.name)]);
  return `[ -d /run/systemd/system ] || exit 0
for again in 1 2 3 4 5 6; do
  show=$(${sh`systemctl show --property ${PROPERTIES} -- ${names}`}) || exit 0
  case "$show" in *NeedDaemonReload=yes*) [ "$again" = 6 ] || sleep 0.5 ;; *) break ;; esac
done
${sh`set -- ${paths}`}
i=0
stamp() {
  echo "unit $i"; i=$((i + 1)); v=
  if [ -f "$1" ]; then IFS= read -r v <"$1" || :; fi
  printf 'Stamp=%s\\n' "$v"
  [ ! -f "$2" ] || echo Held=yes
}
stamp "$1" "$2"; shift 2
while IFS= read -r l; do
  # An empty line stands between two units.
  if [ -z "$l" ]; then if [ $# -gt 0 ]; then stamp "$1" "$2"; shift 2; fi; else printf '%s\\n' "$l"; fi
done <<SHOW
$show
SHOW
echo ${END_MARK}
`;
}

/** A unit of a group is left in the state it is in: its group starts, restarts and stops it. */
export function applyUnitScript(desired: UnitDesired, action: ChangeAction): string {
  const { name } = desired;
  const lines = [
    FUNCTIONS,
    desired.enabled || desired.active ? releaseScript(name) : '',
    sh`reread ${name}`,
    sh`enable_unit ${desired.enabled ? 'enable' : 'disable'} ${name}`,
  ];
  if (desired.group === undefined && desired.active)
    lines.push(bringUp(desired, action === 'restart' ? 'restart' : 'start'));
  if (desired.group === undefined && !desired.active) {
    lines.push(
      sh`timeout ${unitTimeout(desired)} systemctl stop -- ${name} </dev/null || unit_failed ${name} 'did not stop'`,
    );
  }
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

/** A script of a member group has its own deadline; this one only keeps systemctl from waiting without end. */
const GROUP_TIMEOUT = 3600;

/**
 * Starts a unit (restarts it when it runs with an older configuration), waits until it is active and writes its
 * stamp. For the steps of member groups; a name alone writes no stamp.
 */
export function startUnitScript(unit: string | UnitToStart): string {
  const each = asUnit(unit);
  return `${FUNCTIONS}
${releaseScript(each.name)}
${sh`reread ${each.name}`}
${bringUp(each, 'start')}
`;
}

/** Restarts a unit, waits until it is active and writes its stamp. For the steps of member groups. */
export function restartUnitScript(unit: string | UnitToStart): string {
  const each = asUnit(unit);
  return `${FUNCTIONS}
${sh`reread ${each.name}`}
${bringUp(each, 'restart')}
`;
}

function asUnit(wanted: string | UnitToStart): UnitToStart {
  return typeof wanted === 'string' ? { name: wanted, startTimeout: GROUP_TIMEOUT } : wanted;
}

function bringUp(unit: UnitToStart, verb: 'start' | 'restart'): string {
  return `${verb === 'start' ? chooseVerb(unit) : 'verb=restart'}
${sh`bring_up "$verb" ${unit.name} ${unitTimeout(unit)}`}
${writeStampScript(unit)}`;
}

/** Records that the unit runs with the present configuration. Nothing when the engine has filled in no hash. */
function writeStampScript(unit: UnitToStart): string {
  return unit.configHash === undefined ? ':' : writeLineScript(stampPath(unit.name), unit.configHash);
}

/** Decided on the host: the unit may have been started or stopped since it was read. */
function chooseVerb(unit: UnitToStart): string {
  const { name, configHash, onChange } = unit;
  if (configHash === undefined || onChange === 'nothing') return 'verb=start';
  return `verb=start; v=
${sh`if [ -f ${stampPath(name)} ]; then IFS= read -r v <${stampPath(name)} || :; fi`}
${sh`if [ "$v" != ${configHash} ] && systemctl --quiet is-active -- ${name}; then`} verb=${onChange === 'reload' ? 'reload' : 'restart'}; fi`;
}

// Services say a lot after the line that matters (MariaDB: dozens): the lines that name a cause come last.
const FUNCTIONS = `unit_failed() {
  journalctl --no-pager --output=cat --lines=${JOURNAL_LINES} --unit="$1" </dev/null >&2 || :
  log=$(journalctl --no-pager --output=cat --lines=${SEARCHED_LINES} --unit="$1" </dev/null 2>/dev/null | grep -v -F '[Note]') || :
  # Some write to files of their own, which have the name of the service.
  for f in /var/log/"\${1%%[-.@]*}"/*.log; do
    [ -z "$(find "$f" -mmin -5 2>/dev/null)" ] || log="$log
$(tail -n 60 "$f")"
  done
  why=$(printf '%s\\n' "$log" | grep -iE 'already in use|another (server|instance)|no space left|permission denied' | tail -n 3) || :
  [ -n "$why" ] || why=$(printf '%s\\n' "$log" | grep -E '\\[ERROR\\]|\\[error\\]|ERROR|[Ff]atal' | grep -v 'Aborting' | tail -n 3) || :
  [ -z "$why" ] || printf '%s\\n' "$why" >&2
  echo "unit $1 $2: $(systemctl show --property ActiveState,SubState,Result --value -- "$1" | tr '\\n' ' ')" >&2
  exit 1
}
reread() {
  [ "$(systemctl show --property NeedDaemonReload --value -- "$1")" != yes ] || systemctl daemon-reload
}
# Other states (static, indirect, generated, alias) cannot be changed.
enable_unit() {
  case "$1/$(systemctl is-enabled -- "$2" 2>/dev/null)" in enable/disabled | enable/enabled-runtime | disable/enabled*) ;; *) return 0 ;; esac
  e=$(systemctl "$1" -- "$2" </dev/null 2>&1) || { printf '%s\\n' "$e" >&2; echo "cannot $1 unit $2" >&2; exit 1; }
}
bring_up() {
  deadline=$(($(date +%s) + $3))
  # A unit that failed too often is refused until that is forgotten.
  [ "$1" = reload ] || systemctl reset-failed -- "$2" </dev/null 2>/dev/null || :
  rc=0
  if [ "$1" = reload ]; then timeout "$3" systemctl reload-or-restart -- "$2" </dev/null || rc=$?; fi
  if [ "$1" != reload ]; then timeout "$3" systemctl "$1" -- "$2" </dev/null || rc=$?
  elif [ "$rc" -ne 0 ]; then rc=0; timeout "$3" systemctl restart -- "$2" </dev/null || rc=$?; fi
  [ "$rc" -ne 124 ] || unit_failed "$2" "did not $1 within $3 s"
  [ "$rc" -eq 0 ] || unit_failed "$2" "did not $1"
  wait_active "$1" "$2" "$3"
}
wait_active() {
  seen=0; last=
  while :; do
    p=$(systemctl show --property Type,ActiveState,InvocationID -- "$2")
    type=; state=unknown; id=
    while IFS='=' read -r k v; do
      case "$k" in Type) type=$v ;; ActiveState) state=$v ;; InvocationID) id=$v ;; esac
    done <<STATE
$p
STATE
    [ "$id" = "$last" ] || { seen=0; last=$id; }
    case "$state" in
    active)
      case "$type" in simple | exec | forking | idle) [ "$seen" -lt 5 ] || return 0 ;; *) return 0 ;; esac
      seen=$((seen + 1)) ;;
    failed | inactive) unit_failed "$2" "is not running after $1" ;;
    esac
    [ "$(date +%s)" -lt "$deadline" ] || unit_failed "$2" "was not active within $3 s"
    sleep 0.2
  done
}`;
