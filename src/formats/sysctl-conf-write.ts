// Writes sysctl.d files from the section '' of a ConfigTree: `net.ipv4.ip_nonlocal_bind = 1`.
// Booleans are written as 1 and 0. A leading `-` in a key (ignore failures) is kept.
// Manual: sysctl.d(5)
import { flatOptions, onlySection, scalarText, unwritable } from './config-tree.ts';
import type { ConfigTree } from './config-tree.ts';

const FORMAT = 'a sysctl file';

export function writeSysctlConf(tree: ConfigTree): string {
  return flatOptions(onlySection(tree, FORMAT))
    .map(({ key, value }) => {
      const text = scalarText(value, { yes: '1', no: '0' });
      if (!/^-?[A-Za-z0-9_./*@:-]+$/.test(key)) throw unwritable(FORMAT, `\`${key}\``, 'not a name of a setting');
      if (/[\r\n\0]/.test(text) || text !== text.trim() || text === '') {
        throw unwritable(FORMAT, `\`${key}\``, 'a value is one line, not empty, without outer spaces');
      }
      return `${key} = ${text}\n`;
    })
    .join('');
}
