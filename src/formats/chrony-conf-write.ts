// Writes chrony.conf from the section '' of a ConfigTree: a directive and its arguments as one text.
//   { '': { server: ['10.0.0.1 iburst', '10.0.0.2 iburst'], makestep: '1 3', rtcsync: true } }
// A list is a repeated directive, `true` one without arguments, `false` leaves it out. chrony knows no quotes.
// Manual: chrony.conf(5)
import { flatOptions, onlySection, scalarText, unwritable } from './config-tree.ts';
import type { ConfigTree } from './config-tree.ts';

const FORMAT = 'chrony.conf';

export function writeChronyConf(tree: ConfigTree): string {
  return flatOptions(onlySection(tree, FORMAT))
    .filter(({ value }) => value !== false)
    .map(({ key, value }) => {
      if (!/^[A-Za-z][A-Za-z0-9]*$/.test(key)) throw unwritable(FORMAT, `\`${key}\``, 'not a name of a directive');
      if (value === true) return `${key}\n`;
      const text = scalarText(value, { yes: '', no: '' });
      if (/[\r\n\0\t\v\f]/.test(text) || / {2}/.test(text) || text !== text.trim() || text === '') {
        throw unwritable(FORMAT, `\`${key}\``, 'arguments are one line of words with single spaces between them');
      }
      return `${key} ${text}\n`;
    })
    .join('');
}
