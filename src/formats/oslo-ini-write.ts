// Writes oslo.config ini files (nova.conf, keystone.conf ...) from a ConfigTree.
//
// Repeated options (lists) become repeated lines, as oslo's multi-valued options want them. A value with line
// breaks becomes continuation lines. A value that starts and ends with the same quote, or with a space at an
// end, is put in quotes, because oslo.config strips one pair. `$` is left alone: it refers to other options.
// Manual: https://docs.openstack.org/oslo.config/latest/configuration/format.html
import { flatOptions, scalarText, unwritable } from './config-tree.ts';
import type { ConfigTree, FlatOption } from './config-tree.ts';

const FORMAT = 'an oslo.config file';

export function writeIni(tree: ConfigTree): string {
  return Object.entries(tree)
    .map(([section, table]) => `[${sectionName(section)}]\n${flatOptions(table).map(optionLine).join('')}`)
    .join('\n');
}

function sectionName(name: string): string {
  if (name === '' || /[\r\n\0]/.test(name)) {
    throw unwritable(FORMAT, `the section \`${name}\``, 'every option needs a section with a name, such as DEFAULT');
  }
  return name;
}

function optionLine({ key, value }: FlatOption): string {
  if (key !== key.trim() || key === '' || /[=:\r\n\0]|^[[#;\uFEFF]/.test(key)) {
    throw unwritable(FORMAT, `the option \`${key}\``, 'a name cannot hold spaces at its ends, =, : or line breaks');
  }
  const text = scalarText(value, { yes: 'true', no: 'false' });
  const [first = '', ...rest] = text.split('\n');
  for (const line of rest) {
    if (line === '' || line !== line.trim()) {
      throw unwritable(FORMAT, `\`${key}\``, 'lines of a value cannot be empty, nor start or end with spaces');
    }
  }
  // Other line breaks would end the option for a reader that knows them.
  if (/[\r\0\v\f\u001C-\u001E\u0085\u2028\u2029]/.test(text)) {
    throw unwritable(FORMAT, `\`${key}\``, 'the value has a control character');
  }
  const lines = [quoted(first), ...rest.map((line) => `    ${line}`)];
  return `${key} = ${lines.join('\n')}`.replace(/ $/, '') + '\n';
}

function quoted(text: string): string {
  const wrapped = /^(["']).*\1$/.test(text) || /^["']$/.test(text);
  return wrapped || text !== text.trim() ? `"${text}"` : text;
}
