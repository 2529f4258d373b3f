// Reads limits files of pam_limits: `domain type item value`, # starts a comment anywhere.
// Gives options whose key is `domain type item`, as writeLimitsConf takes them. Manual: limits.conf(5)
import type { FlatDocument, Option, Parsed } from './document.ts';
import { Problems, placeIn, textLines } from './text-lines.ts';

export function parseLimitsConf(text: string, file: string): Parsed<FlatDocument> {
  const problems = new Problems();
  const options: Option[] = [];
  for (const line of textLines(text, problems)) {
    const hash = line.text.indexOf('#');
    const words = [...line.text.slice(0, hash < 0 ? undefined : hash).matchAll(/\S+/g)];
    const [domain, type, item, value] = words;
    if (domain === undefined) continue;
    const place = placeIn(line, domain.index);
    // `@group -` alone switches all limits off for the domain.
    const switchedOff = words.length === 2 && type?.[0] === '-';
    if (switchedOff) {
      options.push({
        ...place,
        key: `${domain[0]} -`,
        value: '',
        valueAt: placeIn(line, line.text.length),
        bare: true,
      });
    } else if (type === undefined || item === undefined || value === undefined) {
      problems.add(place, 'expected `domain type item value`');
    } else if (!/^(?:soft|hard|-)$/.test(type[0])) {
      problems.add(placeIn(line, type.index), 'the type is soft, hard or -');
    } else {
      const valueAt = placeIn(line, value.index);
      options.push({ ...place, key: `${domain[0]} ${type[0]} ${item[0]}`, value: value[0], valueAt });
    }
  }
  return { document: { file, options }, problems: problems.sorted() };
}
