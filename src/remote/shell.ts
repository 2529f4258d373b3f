// The quoting tag: the only way to build remote commands.
//   sh`systemctl start ${unit}`      every ${} becomes one quoted word; arrays become several words
//   sh`${raw('a && b')}`             only for text that is a script already
// Quoting is POSIX single quotes: nothing inside is interpreted.

const RAW = Symbol('raw shell text');

export interface RawShell {
  readonly [RAW]: string;
}

export type ShellValue = string | number | RawShell | readonly (string | number)[];

/** Marks text as shell source. Never call it on anything that comes from outside. */
export function raw(text: string): RawShell {
  return { [RAW]: text };
}

export function quote(word: string | number): string {
  const text = String(word);
  if (text.includes('\0')) throw new Error('a shell word cannot contain a NUL byte');
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export function sh(strings: TemplateStringsArray, ...values: readonly ShellValue[]): string {
  let text = strings[0] ?? '';
  values.forEach((value, index) => {
    text += render(value) + (strings[index + 1] ?? '');
  });
  return text;
}

function render(value: ShellValue): string {
  if (typeof value === 'string' || typeof value === 'number') return quote(value);
  if (isRaw(value)) return value[RAW];
  return value.map(quote).join(' ');
}

function isRaw(value: RawShell | readonly (string | number)[]): value is RawShell {
  return RAW in value;
}
