// Reads ceph.conf: ini sections; spaces, - and _ in keys mean the same; # and ; start comments; \ continues a line.
// Keys are given in lower case with underscores. Manual: https://docs.ceph.com/en/latest/rados/configuration/ceph-conf
import type { Option, Parsed, Place, SectionedDocument } from './document.ts';
import { Problems, placeIn, textLines, trimmedPart } from './text-lines.ts';
import type { TextLine } from './text-lines.ts';

type OpenSection = Place & { readonly name: string; readonly options: Option[] };

export function parseCephConf(text: string, file: string): Parsed<SectionedDocument> {
  const problems = new Problems();
  const sections: OpenSection[] = [];
  let continues: Option | undefined;
  for (const line of textLines(text, problems)) {
    const end = commentStart(line.text);
    const part = trimmedPart(line.text, { to: end });
    const goesOn = part.text.endsWith('\\');
    const written = goesOn ? part.text.slice(0, -1).trimEnd() : part.text;
    if (continues !== undefined) {
      const joined: Option = { ...continues, value: `${continues.value} ${written}`.trim() };
      const section = sections.at(-1);
      section?.options.splice(-1, 1, joined);
      continues = goesOn ? joined : undefined;
    } else if (written.startsWith('[')) {
      if (!written.endsWith(']')) problems.add(placeIn(line, part.start), 'a section must end with ]');
      sections.push({ ...placeIn(line, part.start), name: written.slice(1).replace(/\]$/, '').trim(), options: [] });
    } else if (written !== '') {
      const option = optionIn(line, { start: part.start, text: written });
      const section = sections.at(-1);
      if (option === undefined) problems.add(placeIn(line, part.start), 'expected `key = value`');
      else if (section === undefined) problems.add(option, 'an option before the first [section]');
      else {
        section.options.push(option);
        if (goesOn) continues = option;
      }
    }
  }
  return { document: { file, sections }, problems: problems.sorted() };
}

function optionIn(line: TextLine, part: { readonly start: number; readonly text: string }): Option | undefined {
  const equals = part.text.indexOf('=');
  const key = part.text.slice(0, Math.max(equals, 0)).trim();
  if (equals < 0 || key === '') return undefined;
  const value = trimmedPart(line.text, { from: part.start + equals + 1, to: part.start + part.text.length });
  return {
    ...placeIn(line, part.start),
    key: key.toLowerCase().replaceAll(/[ \t-]+/g, '_'),
    value: value.text.replace(/^"(.*)"$/, '$1'),
    valueAt: placeIn(line, value.text === '' ? part.start + equals + 1 : value.start),
  };
}

function commentStart(text: string): number {
  for (let index = 0; index < text.length; index++) {
    if ((text[index] === '#' || text[index] === ';') && text[index - 1] !== '\\') return index;
  }
  return text.length;
}
