// Writes rabbitmq.conf (`key = value` lines, dotted keys) from the section '' of a ConfigTree.
//
// Values with # or spaces at an end are put in single quotes: unquoted, # starts a comment in the middle of a
// value and a password would be cut there.
// Manual: https://www.rabbitmq.com/docs/configure#config-file
import { flatOptions, onlySection, scalarText, unwritable } from './config-tree.ts';
import type { ConfigTree, FlatOption } from './config-tree.ts';

const FORMAT = 'rabbitmq.conf';

export function writeRabbitmqConf(tree: ConfigTree): string {
  return flatOptions(onlySection(tree, FORMAT)).map(optionLine).join('');
}

function optionLine({ key, value }: FlatOption): string {
  if (!/^(?:\\\.|[A-Za-z0-9_-])+(?:\.(?:\\\.|[A-Za-z0-9_-])+)*$/.test(key)) {
    throw unwritable(FORMAT, `the key \`${key}\``, 'a key is words of letters, digits, - and _ joined by dots');
  }
  return `${key} = ${quoted(key, scalarText(value, { yes: 'true', no: 'false' }))}\n`;
}

function quoted(key: string, text: string): string {
  if (/[\r\n\0]/.test(text)) throw unwritable(FORMAT, `\`${key}\``, 'the value has a line break');
  if (text !== '' && text === text.trim() && !text.includes('#') && !text.startsWith("'")) return text;
  if (text.includes("'")) throw unwritable(FORMAT, `\`${key}\``, "a value with # or outer spaces cannot also have '");
  return `'${text}'`;
}
