// Pieces of shell that several kinds use. Scripts are POSIX sh and are read from stdin by the shell, so every
// external command that could read stdin has another one; secrets stand in here-documents only, never in an argv.
import { raw, sh } from '../remote/shell.ts';

/** Printed last by read scripts: without it the output is not whole. */
export const END_MARK = 'end';

const DELIMITER = 'HASTACK_END';

/** A command with a here-document: `cat <<'HASTACK_END'`, then `after` on the same line (` || :`). The text must not contain the delimiter as a line. */
export function withInput(command: string, text: string, after = ''): string {
  if (text.split('\n').includes(DELIMITER)) throw new Error('the text contains the delimiter of the here-document');
  return `${command} <<'${DELIMITER}'${after}\n${text}${text.endsWith('\n') ? '' : '\n'}${DELIMITER}`;
}

/** The command with these bytes on its stdin, whatever they are: base64 in between. */
export function withBytes(command: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  // An empty here-document needs no line at all: `withInput` would add one, which base64 accepts.
  return withInput(command, lines.join('\n'));
}

/** Where the new version of a path is written: hidden, in the same directory, one per path, so that a killed run leaves nothing that grows. */
export function temporaryPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return `${path.slice(0, slash)}/.hastack.${path.slice(slash + 1)}.tmp`;
}

/** Writes one line to a file that only root reads: beside, then renamed. */
export function writeLineScript(path: string, line: string): string {
  const temporary = temporaryPath(path);
  return `${parentScript(path)}
(umask 077; ${sh`printf '%s\\n' ${line} >${temporary}`})
${sh`mv -fT -- ${temporary} ${path}`}`;
}

export function parentScript(path: string): string {
  const directory = path.slice(0, path.lastIndexOf('/')) || '/';
  return sh`[ -d ${directory} ] || (umask 022; mkdir -p -- ${directory})`;
}

/** Prints `<index> <word> <first line of the file>` when the file exists; no process is started. */
export function firstLineScript(index: number, word: string, path: string): string {
  return sh`v=; if [ -f ${path} ]; then IFS= read -r v <${path} || :; printf '%s\\n' ${raw(`"${index} ${word} $v"`)}; fi`;
}
