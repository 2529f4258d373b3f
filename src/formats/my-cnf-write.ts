// Writes MariaDB option files (my.cnf) from a ConfigTree: groups, options, quotes where they are needed.
//
// `true` is written as a bare option (`skip-name-resolve`, `log_bin`), which every switch understands, `false`
// as OFF. Values with #, quotes, backslashes or spaces at an end are quoted and escaped.
// Manual: https://mariadb.com/kb/en/configuring-mariadb-with-option-files/
import { flatOptions, scalarText, unwritable } from './config-tree.ts';
import type { ConfigTree, FlatOption } from './config-tree.ts';

const FORMAT = 'a MariaDB option file';
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
};

export function writeMyCnf(tree: ConfigTree): string {
  return Object.entries(tree)
    .map(([group, table]) => `[${groupName(group)}]\n${flatOptions(table).map(optionLine).join('')}`)
    .join('\n');
}

function groupName(name: string): string {
  if (name === '' || name !== name.trim() || /[\]\r\n\0]/.test(name)) {
    throw unwritable(FORMAT, `the group \`${name}\``, 'every option needs a group such as mariadb');
  }
  return name;
}

function optionLine({ key, value }: FlatOption): string {
  if (!/^[A-Za-z0-9_.:-]+$/.test(key)) {
    throw unwritable(FORMAT, `the option \`${key}\``, 'a name has letters, digits, - and _ only');
  }
  return value === true ? `${key}\n` : `${key} = ${quoted(key, scalarText(value, { yes: 'ON', no: 'OFF' }))}\n`;
}

function quoted(key: string, text: string): string {
  if (/[\0\v\f]/.test(text)) throw unwritable(FORMAT, `\`${key}\``, 'the value has a control character');
  if (text !== '' && text === text.trim() && !/["'#\\\n\r\t\b]/.test(text)) return text;
  return `"${text.replaceAll(/[\\"\n\r\t\b]/g, (character) => ESCAPES[character] ?? character)}"`;
}
