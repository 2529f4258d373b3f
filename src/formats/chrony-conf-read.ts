// Reads chrony.conf: one directive a line, arguments to the end of the line, no quotes.
//
// Comments start with ! ; # or % and only at the start of a line. Directive names have no case; they are given in
// lower case. Spaces between arguments become single ones, as chronyd does it. Manual: chrony.conf(5)
import type { FlatDocument, Option, Parsed } from './document.ts';
import { Problems, placeIn, textLines, trimmedPart } from './text-lines.ts';

export function parseChronyConf(text: string, file: string): Parsed<FlatDocument> {
  const problems = new Problems();
  const options: Option[] = [];
  for (const line of textLines(text, problems)) {
    const statement = trimmedPart(line.text);
    if (statement.text === '' || /^[!;#%]/.test(statement.text)) continue;
    const name = /^[^\s]+/.exec(statement.text)?.[0] ?? '';
    const place = placeIn(line, statement.start);
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) {
      problems.add(place, `\`${name.slice(0, 40)}\` is not a directive`);
      continue;
    }
    const value = trimmedPart(line.text, { from: statement.start + name.length });
    const valueAt = placeIn(line, value.text === '' ? statement.start + name.length : value.start);
    const bare = value.text === '' ? { bare: true as const } : {};
    options.push({
      ...place,
      key: name.toLowerCase(),
      value: value.text.split(/[ \t\v\f\r]+/).join(' '),
      valueAt,
      ...bare,
    });
  }
  return { document: { file, options }, problems: problems.sorted() };
}
