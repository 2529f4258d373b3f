// The shell of the nftables kind.
// In /var/lib/hastack/nftables: `<table>.recorded` (hash of the listing when it was loaded), and while a load waits
// for its confirmation `<table>.previous` (text that brings the earlier table back) and `<table>.previous-file`.
// The rollback is a transient systemd timer: it outlives the connection, the script and the shell.
import { raw, sh } from '../remote/shell.ts';
import type { NftTableDesired } from './nftables.ts';
import { END_MARK, parentScript, withInput } from './script.ts';

const DIRECTORY = '/var/lib/hastack/nftables';

/** A text that replaces the table in one transaction, whether it is there or not. */
export function nftFile(desired: NftTableDesired): string {
  const table = `table ${desired.family} ${desired.name}`;
  return `${table} {}\ndelete ${table}\n${table} {\n${desired.ruleset.trimEnd()}\n}\n`;
}

function key(desired: NftTableDesired): string {
  return `${desired.family}-${desired.name}`;
}

/** Records: `<i> absent`, `<i> unusable <why>`, `<i> file <sha256>`, `<i> listing <sha256>`, `<i> recorded <sha256>`, `<i> armed`. */
export function readNftScript(items: readonly NftTableDesired[]): string {
  return `${FUNCTIONS}
t() {
  if ! command -v nft >/dev/null; then echo "$1 absent"; return; fi
  if ! e=$(nft list tables 2>&1 >/dev/null); then printf '%s unusable %s\\n' "$1" "$(printf '%s' "$e" | head -n 1)"; return; fi
  [ ! -f "$5" ] || echo "$1 file $(sha256sum <"$5" | cut -c1-64)"
  l=$(listing "$2" "$3") && echo "$1 listing $l"
  v=; [ ! -f "${DIRECTORY}/$4.recorded" ] || { IFS= read -r v <"${DIRECTORY}/$4.recorded"; printf '%s recorded %s\\n' "$1" "$v"; }
  [ ! -e "${DIRECTORY}/$4.previous" ] || echo "$1 armed"
}
${items.map((item, index) => sh`t ${index} ${item.family} ${item.name} ${key(item)} ${item.path}`).join('\n')}
echo ${END_MARK}
`;
}

/**
 * Keeps the earlier table and file unless an unconfirmed load has kept older ones, arms the timer, then loads. Killed
 * before the load: the timer brings back what is there. Killed after it: the timer undoes it.
 */
export function applyNftScript(desired: NftTableDesired): string {
  const { family, name, path, rollbackSeconds } = desired;
  const file = `${DIRECTORY}/${key(desired)}`;
  const unit = unitName(desired);
  return `${FUNCTIONS}
(umask 077; mkdir -p ${DIRECTORY})
${parentScript(path)}
${withInput(sh`cat >${`${path}.hastack-new`}`, nftFile(desired))}
${sh`nft --check --file ${`${path}.hastack-new`} || { rm -f ${`${path}.hastack-new`}; echo 'nft refuses the ruleset, the old one stays' >&2; exit 1; }`}
${sh`if [ ! -e ${`${file}.previous`} ]; then`}
${sh`rm -f ${`${file}.previous-file`}; [ ! -f ${path} ] || cp -p ${path} ${`${file}.previous-file`}`}
${sh`{ printf 'table %s %s {}\\ndelete table %s %s\\n' ${family} ${name} ${family} ${name}; nft list table ${family} ${name} 2>/dev/null || :; } >${`${file}.previous.tmp`}`}
${sh`mv -f ${`${file}.previous.tmp`} ${`${file}.previous`}`}
fi
${withInput(sh`cat >${`${file}.rollback`}`, rollbackScript(desired))}
${sh`systemctl --quiet stop ${`${unit}.timer`} 2>/dev/null || :; systemctl reset-failed ${`${unit}.timer`} ${`${unit}.service`} 2>/dev/null || :`}
${sh`systemd-run --quiet --collect --unit=${unit} --on-active=${rollbackSeconds} --timer-property=AccuracySec=1s /bin/sh ${`${file}.rollback`} </dev/null`}
${sh`sync ${`${path}.hastack-new`}; mv -f ${`${path}.hastack-new`} ${path}`}
${sh`nft --file ${path}`}
${sh`listing ${family} ${name} >${`${file}.recorded.tmp`}; mv -f ${`${file}.recorded.tmp`} ${`${file}.recorded`}`}
`;
}

/** Ends the waiting. Fails when the rollback has run already. */
export function confirmNftScript(desired: NftTableDesired): string {
  const file = `${DIRECTORY}/${key(desired)}`;
  const unit = unitName(desired);
  return `${sh`systemctl --quiet stop ${`${unit}.timer`} 2>/dev/null || :`}
${sh`if systemctl --quiet is-active ${`${unit}.service`} || [ ! -e ${`${file}.previous`} ]; then`}
${sh`echo ${`the firewall table ${desired.name} was rolled back before it was confirmed`} >&2; exit 1`}
fi
${sh`rm -f ${`${file}.previous`} ${`${file}.previous-file`} ${`${file}.rollback`}`}
`;
}

/** Brings back table and file; the recorded hash goes, so that the table counts as drift whatever it was. */
function rollbackScript(desired: NftTableDesired): string {
  const file = `${DIRECTORY}/${key(desired)}`;
  const { path } = desired;
  return `${sh`nft --file ${`${file}.previous`} || exit 1`}
${sh`if [ -f ${`${file}.previous-file`} ]; then mv -f ${`${file}.previous-file`} ${path}; else rm -f ${path}; fi`}
${sh`rm -f ${`${file}.recorded`} ${`${file}.previous`} ${raw('"$0"')}`}
`;
}

function unitName(desired: NftTableDesired): string {
  return `hastack-nft-rollback-${key(desired)}`;
}

/** Counters are left out of the listing: they change by themselves. */
const FUNCTIONS = `listing() { l=$(nft --stateless list table "$1" "$2" 2>/dev/null) && printf '%s' "$l" | sha256sum | cut -c1-64; }`;
