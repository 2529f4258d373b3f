// Reads Debian's /etc/memcached.conf: flags of the command line, one or more a line.
//
// The start script cuts comments (#, unless \# is written), leaves out -d and -h, and hands every line to a shell; so
// a value is one word. Lines that do not start with a dash have no effect. Options have the flag as key: `-m`, `--enable-ssl`.
// Manual: memcached(1); /usr/share/memcached/scripts/systemd-memcached-wrapper
import type { FlatDocument, Option, Parsed } from './document.ts';
import { Problems, placeIn, textLines, trimmedPart } from './text-lines.ts';
import type { TextLine } from './text-lines.ts';

export function parseMemcachedConf(text: string, file: string): Parsed<FlatDocument> {
  const problems = new Problems();
  const options: Option[] = [];
  for (const line of textLines(text, problems)) {
    const hash = line.text.search(/(?<!\\)#/);
    const end = hash < 0 ? line.text.length : hash;
    const statement = trimmedPart(line.text, { to: end });
    if (statement.text === '') continue;
    const place = placeIn(line, statement.start);
    if (!statement.text.startsWith('-')) problems.add(place, 'expected a flag such as -m 64');
    else if (/^-[dh]/.test(statement.text)) problems.add(place, 'the start script ignores this flag');
    else for (const option of readFlags(line, statement.start, { end, problems })) options.push(option);
  }
  return { document: { file, options }, problems: problems.sorted() };
}

function readFlags(
  line: TextLine,
  start: number,
  { end, problems }: { readonly end: number; readonly problems: Problems },
): readonly Option[] {
  const options: Option[] = [];
  let open: Option | undefined;
  for (const match of line.text.slice(start, end).matchAll(/\S+/g)) {
    const [word] = match;
    const offset = start + match.index;
    const place = placeIn(line, offset);
    if (/^-\D/.test(word)) {
      if (open !== undefined) options.push(open);
      open = flag(line, word, offset);
    } else if (open?.bare === true) {
      options.push({ line: open.line, column: open.column, key: open.key, value: word, valueAt: place });
      open = undefined;
    } else problems.add(place, `\`${word.slice(0, 40)}\` belongs to no flag`);
  }
  return open === undefined ? options : [...options, open];
}

/** `-m`, `-m64`, `--flag`, `--flag=value`. */
function flag(line: TextLine, word: string, offset: number): Option {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  const keyEnd = equals >= 0 ? equals : word.startsWith('--') ? word.length : 2;
  const value = word.slice(equals >= 0 ? equals + 1 : keyEnd);
  const place = placeIn(line, offset);
  const key = word.slice(0, keyEnd);
  // Only digits can stick to a short flag here: `-vv` is the flag v twice, kept as one word.
  if (equals < 0 && value !== '' && !/^\d/.test(value)) {
    return { ...place, key: word, value: '', valueAt: placeIn(line, offset + word.length), bare: true };
  }
  const valueAt = placeIn(line, offset + word.length - value.length);
  return { ...place, key, value, valueAt, ...(value === '' && equals < 0 ? { bare: true as const } : {}) };
}
