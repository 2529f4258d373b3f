// Writes systemd units and drop-ins from a ConfigTree: sections, repeated options, empty assignments.
//
// A list is a repeated option; '' as its first item resets what the packaged unit says:
//   { Service: { ExecStart: ['', '/usr/bin/daemon'] } }
// Quoting inside a value is the option's own matter (systemd.syntax(7)), so values are written as they are.
import { flatOptions, scalarText, unwritable } from './config-tree.ts';
import type { ConfigTree, FlatOption } from './config-tree.ts';

const FORMAT = 'a systemd unit';

export function writeSystemdUnit(tree: ConfigTree): string {
  return Object.entries(tree)
    .map(([section, table]) => `[${sectionName(section)}]\n${flatOptions(table).map(optionLine).join('')}`)
    .join('\n');
}

function sectionName(name: string): string {
  if (!/^[^[\]\s](?:[^[\]\r\n\0]*[^[\]\s])?$/.test(name) || name.includes('\0')) {
    throw unwritable(FORMAT, `the section \`${name}\``, 'a section has a name without brackets, such as Service');
  }
  return name;
}

function optionLine({ key, value }: FlatOption): string {
  const text = scalarText(value, { yes: 'yes', no: 'no' });
  if (!/^[A-Za-z][A-Za-z0-9_.-]*$/.test(key)) {
    throw unwritable(FORMAT, `the option \`${key}\``, 'a name has letters and digits only');
  }
  if (/[\r\n\0]/.test(text) || text !== text.trim() || text.endsWith('\\')) {
    throw unwritable(FORMAT, `\`${key}\``, 'a value has no line break, outer space or backslash at its end');
  }
  return `${key}=${text}\n`;
}
