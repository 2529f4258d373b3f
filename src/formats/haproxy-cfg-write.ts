// Builds haproxy.cfg from sections of keyword lines; a line is a list of words.
//
// Words are what HAProxy should see: quotes and escapes are added where it needs them, and a `$` stays a `$`
// (nothing is expanded from the environment). Line breaks inside a word are escaped. Empty words are refused, since
// HAProxy takes them for the end of the line, and so are lines of more than 64 words.
// Manual: https://docs.haproxy.org/3.0/configuration.html#2.2 (quoting and escaping)
import { unwritable } from './config-tree.ts';

const FORMAT = 'haproxy.cfg';
const MOST_WORDS = 64;
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export interface HaproxySection {
  /** `global`, `defaults`, `frontend`, `backend`, `listen`, `peers`, `userlist`, ... */
  readonly keyword: string;
  readonly name?: string;
  /** Words after the name: `from base` of a proxy. */
  readonly arguments?: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

export function writeHaproxyCfg(sections: readonly HaproxySection[]): string {
  return sections.map((section) => sectionText(section)).join('\n');
}

/** One word as it must stand in the file. */
export function haproxyWord(word: string): string {
  if (word.includes('\0')) throw unwritable(FORMAT, 'a word', 'it has a NUL character');
  if (word === '') throw unwritable(FORMAT, 'an empty word', 'HAProxy takes it for the end of the line');
  if (!/[\s"'\\#]|^\[/.test(word)) return word;
  // Single quotes take everything literally but ' and line breaks.
  if (!/['\n\r\t]/.test(word)) return `'${word}'`;
  return `"${word.replaceAll(/["\\$]/g, '\\$&').replaceAll(/[\n\r\t]/g, (character) => ESCAPES[character] ?? character)}"`;
}

function sectionText(section: HaproxySection): string {
  const tooLong = section.lines.find((line) => line.length > MOST_WORDS);
  if (tooLong !== undefined)
    throw unwritable(FORMAT, `\`${tooLong[0] ?? ''}\``, `a line has at most ${MOST_WORDS} words`);
  const head = [section.keyword, ...(section.name === undefined ? [] : [section.name]), ...(section.arguments ?? [])];
  const lines = section.lines.map((line) => {
    if (line.length === 0) throw unwritable(FORMAT, 'an empty line', 'a line has at least a keyword');
    return `${section.keyword === '' ? '' : '    '}${line.map(haproxyWord).join(' ')}\n`;
  });
  return `${section.keyword === '' ? '' : `${head.map(haproxyWord).join(' ')}\n`}${lines.join('')}`;
}
