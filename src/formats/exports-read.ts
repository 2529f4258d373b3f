// Reads /etc/exports: a directory, then clients with their options in parentheses.
// Gives options whose key is the directory, one for each client (`10.0.0.0/24(rw,sync)`). Manual: exports(5)
import type { FlatDocument, Option, Parsed } from './document.ts';
import { Problems, placeIn, textLines } from './text-lines.ts';

export function parseExports(text: string, file: string): Parsed<FlatDocument> {
  const problems = new Problems();
  const options: Option[] = [];
  let directory: string | undefined;
  for (const line of textLines(text, problems)) {
    const hash = line.text.indexOf('#');
    const words = [...line.text.slice(0, hash < 0 ? undefined : hash).matchAll(/"[^"]*"|[^\s"]+/g)];
    const continued = words.at(-1)?.[0] === '\\';
    for (const word of continued ? words.slice(0, -1) : words) {
      const place = placeIn(line, word.index);
      if (directory === undefined) {
        directory = word[0].replaceAll('"', '');
        if (!directory.startsWith('/')) problems.add(place, 'an export starts with the path of a directory');
      } else {
        if (word[0].startsWith('(')) problems.add(place, 'a space before ( exports to every host with these options');
        options.push({ ...place, key: directory, value: word[0], valueAt: place });
      }
    }
    if (!continued) directory = undefined;
  }
  return { document: { file, options }, problems: problems.sorted() };
}
