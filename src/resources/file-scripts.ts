// The shell of the file kind. Reading costs one `stat` and one `sha256sum` for all paths of a host, and a few
// processes for each file whose content differs and may be shown. Writing: see file.ts.
// Output records: `<i> stat <type>|<mode>|<owner>|<group>|<uid>|<gid>|<path>`, `<i> sum <sha256>`,
// `<i> text <base64, masked>`, `<i> large`, `<i> link <base64>`; nothing for a path that does not exist.
import { sha256Hex } from '../lib/hash.ts';
import { raw, sh } from '../remote/shell.ts';
import { MASK_COMMAND } from './mask.ts';
import { END_MARK, parentScript, temporaryPath, withBytes } from './script.ts';
import type { FileContent, FileDesired } from './file.ts';

/** Bytes of a differing file that are read back for the diff; of a larger one only the hash is known. */
const SHOWN_BYTES = 65_536;

export function contentBytes(desired: FileContent): Buffer {
  return Buffer.from(desired.content, desired.encoding);
}

export function readFilesScript(items: readonly FileDesired[]): string {
  const files = items.flatMap((item, index) => (item.type === 'file' ? [{ item, index }] : []));
  const links = items.flatMap((item, index) => (item.type === 'symlink' ? [{ item, index }] : []));
  return [
    READ_FUNCTIONS,
    'k=; set --',
    ...items.map(({ path }, index) => sh`p=${path}; [ -e "$p" ] || [ -L "$p" ] && set -- "$@" "$p" && k="$k ${index}"`),
    `[ $# -eq 0 ] || stat -c '%F|%a|%U|%G|%u|%g|%n' -- "$@" | numbered`,
    'set --',
    ...files.map(({ item }) => sh`p=${item.path}; [ -f "$p" ] && [ ! -L "$p" ] && set -- "$@" "$p"`),
    `[ $# -eq 0 ] || sha256sum -- "$@" 2>/dev/null | while IFS= read -r l; do`,
    `s=\${l%% *}; s=\${s#\\\\}; case "\${l#*  }" in`,
    ...files.map(
      ({ item, index }) => sh`${escapedBySha256sum(item.path)}) ${raw(sumCall(item))} ${index} "$s" ${item.path} ;;`,
    ),
    'esac; done',
    ...links.map(({ item, index }) => sh`p=${item.path}; [ ! -L "$p" ] || link ${index} "$p"`),
    `echo ${END_MARK}`,
    '',
  ].join('\n');
}

/** Secret files print their hash only, whatever it is. */
function sumCall(item: FileContent): string {
  return item.secret ? 'sum' : sh`shown ${sha256Hex(contentBytes(item))}`;
}

/** sha256sum prints backslash and newline escaped, with a backslash before the hash. */
function escapedBySha256sum(path: string): string {
  return path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

const READ_FUNCTIONS = `numbered() { for i in $k; do IFS= read -r l || break; printf '%s stat %s\\n' "$i" "$l"; done; }
sum() { printf '%s sum %s\\n' "$1" "$2"; }
link() { printf '%s link ' "$1"; readlink -n -- "$2" | base64 -w0; echo; }
shown() {
  sum "$2" "$3"
  [ "$1" != "$3" ] || return 0
  n=$(stat -c %s -- "$4" 2>/dev/null) || return 0
  if [ "$n" -gt ${SHOWN_BYTES} ]; then printf '%s large\\n' "$2"; return 0; fi
  printf '%s text ' "$2"; head -c ${SHOWN_BYTES} -- "$4" | ${MASK_COMMAND} | base64 -w0; echo
}`;

export function applyFileScript(desired: FileDesired): string {
  if (desired.type === 'file') return writeScript(desired);
  if (desired.type === 'directory') return directoryScript(desired);
  return desired.type === 'symlink' ? symlinkScript(desired) : absentScript(desired);
}

/** Compares once more on the host: a file that has its content by now is not written again. */
function writeScript(desired: FileContent): string {
  const { path, owner, group, mode } = desired;
  const temporary = temporaryPath(path);
  const bytes = contentBytes(desired);
  return `${sh`if [ -f ${path} ] && [ ! -L ${path} ] && [ "$(sha256sum <${path})" = ${`${sha256Hex(bytes)}  -`} ]; then`}
${sh`chown -- ${`${owner}:${group}`} ${path}; chmod -- ${mode} ${path}`}
else
${parentScript(path)}
${sh`rm -f -- ${temporary}`}
${withBytes(`(umask 077; set -C; ${sh`base64 -d >${temporary}`})`, bytes)}
${sh`chown -- ${`${owner}:${group}`} ${temporary}; chmod -- ${mode} ${temporary}`}
${validateScript(desired.validate, temporary)}${sh`sync -- ${temporary}`}
${sh`mv -fT -- ${temporary} ${path}`}
fi
`;
}

function validateScript(validate: string | undefined, candidate: string): string {
  if (validate === undefined) return '';
  return `(set -- ${sh`${candidate}`}
${validate}
) >&2 </dev/null || { rc=$?; ${sh`rm -f -- ${candidate}`}; echo 'the new content was refused by its check, the old one stays' >&2; exit "$rc"; }
`;
}

function directoryScript(desired: Extract<FileDesired, { type: 'directory' }>): string {
  const { path, owner, group, mode } = desired;
  return `${parentScript(path)}
${sh`[ -d ${path} ] && [ ! -L ${path} ] || (umask 077; mkdir -- ${path})`}
${sh`chown -- ${`${owner}:${group}`} ${path}; chmod -- ${mode} ${path}`}
`;
}

function symlinkScript(desired: Extract<FileDesired, { type: 'symlink' }>): string {
  const temporary = temporaryPath(desired.path);
  return `${parentScript(desired.path)}
${sh`rm -f -- ${temporary}; ln -s -- ${desired.target} ${temporary}; mv -fT -- ${temporary} ${desired.path}`}
`;
}

function absentScript(desired: Extract<FileDesired, { type: 'absent' }>): string {
  const remove = desired.recursive ? sh`rm -rf --one-file-system -- ${desired.path}` : sh`rmdir -- ${desired.path}`;
  return `${sh`if [ -d ${desired.path} ] && [ ! -L ${desired.path} ]; then`} ${remove}; else ${sh`rm -f -- ${desired.path}`}; fi
`;
}
