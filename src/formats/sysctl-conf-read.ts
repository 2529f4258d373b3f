// Reads sysctl files: `key = value`, comments with # or ; at the start of a line, `-key` (ignore failures).
//
// Keys are kept as written; settingName() gives the one spelling: / and . change places when / comes first.
// Later lines win. Manual: sysctl.d(5)
import type { FlatDocument, Option, Parsed } from './document.ts';
import { Problems, placeIn, textLines, trimmedPart } from './text-lines.ts';

export function parseSysctlConf(text: string, file: string): Parsed<FlatDocument> {
  const problems = new Problems();
  const options: Option[] = [];
  for (const line of textLines(text, problems)) {
    const statement = trimmedPart(line.text);
    if (statement.text === '' || /^[#;]/.test(statement.text)) continue;
    const place = placeIn(line, statement.start);
    const equals = line.text.indexOf('=');
    const key = trimmedPart(line.text, equals < 0 ? {} : { to: equals }).text;
    const value = trimmedPart(line.text, { from: equals < 0 ? line.text.length : equals + 1 });
    // `-net.ipv4.conf.eth0.rp_filter` alone excludes a setting from a pattern before it.
    if (equals < 0 && key.startsWith('-')) {
      options.push({ ...place, key, value: '', valueAt: placeIn(line, line.text.length), bare: true });
    } else if (equals < 0 || key === '' || key === '-') problems.add(place, 'expected `setting = value`');
    else {
      const valueAt = placeIn(line, value.text === '' ? equals + 1 : value.start);
      options.push({ ...place, key, value: value.text, valueAt });
    }
  }
  return { document: { file, options }, problems: problems.sorted() };
}

/** `net/ipv4/conf/eth0.100/rp_filter` and `net.ipv4.ip_forward`, each in the spelling with dots. */
export function settingName(key: string): string {
  const name = key.replace(/^-/, '');
  const separator = /[./]/.exec(name)?.[0];
  return separator === '/' ? name.replaceAll(/[./]/g, (character) => (character === '/' ? '.' : '/')) : name;
}

/** The value that counts: the last one. */
export function sysctlValue(document: FlatDocument, name: string): Option | undefined {
  return document.options.findLast((option) => settingName(option.key) === settingName(name) && option.bare !== true);
}
