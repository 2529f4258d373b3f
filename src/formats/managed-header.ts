// The comment at the top of every file hastack writes, so that nobody edits it by hand unaware.
// Components put it in front of what a writer returns: managedHeader('#') + writeIni(tree).

const LINES = ['Written by hastack; local changes are overwritten.', 'To change an option: `config:` in the spec.'];

/** `commentPrefix` is what starts a comment in the format: `#`, `!`, `;`, `//`. Ends with an empty line. */
export function managedHeader(commentPrefix: string): string {
  return `${LINES.map((line) => `${commentPrefix} ${line}\n`).join('')}\n`;
}

/** True for a text that carries the header, whatever the comment prefix. */
export function isManaged(text: string): boolean {
  const start = text.slice(0, 400);
  return LINES.every((line) => start.includes(line));
}
