// Writes libvirtd.conf and qemu.conf from the section '' of a ConfigTree: texts in double quotes, numbers and truth
// values (1, 0) as they are, lists in brackets.
// Manual: the comments of both files; libvirt's src/util/virconf.c has the grammar.
import type { OptionValue } from '../model/cluster.ts';
import { onlySection, scalarText, unwritable } from './config-tree.ts';
import type { ConfigTree, Scalar } from './config-tree.ts';

const FORMAT = 'a configuration file of libvirt';

export function writeLibvirtConf(tree: ConfigTree): string {
  return Object.entries(onlySection(tree, FORMAT))
    .map(([key, value]) => `${optionName(key)} = ${valueText(key, value)}\n`)
    .join('');
}

function optionName(key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) {
    throw unwritable(FORMAT, `the option \`${key}\``, 'a name has letters, digits and _ only');
  }
  return key;
}

function valueText(key: string, value: OptionValue): string {
  if (typeof value === 'object')
    return `[ ${value.map((item) => scalar(key, item)).join(', ')} ]`.replace('[  ]', '[]');
  return scalar(key, value);
}

function scalar(key: string, value: Scalar): string {
  const text = scalarText(value, { yes: '1', no: '0' });
  if (typeof value !== 'string') return text;
  // There is no way to write a quote within quotes.
  if (/["\r\n\0]/.test(text)) throw unwritable(FORMAT, `\`${key}\``, 'the value has a quote or a line break');
  return `"${text}"`;
}
