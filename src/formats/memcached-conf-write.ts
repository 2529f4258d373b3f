// Writes Debian's /etc/memcached.conf, a command line one flag per line, from the section '' of a ConfigTree:
//   { '': { '-m': 64, '-l': '10.0.0.11', '-U': 0, '-v': true } }
//
// `true` is a flag without a value, `false` leaves it out. The lines end up in a shell command of the start
// script, so values are limited to characters that a shell takes literally.
// Manual: memcached(1); /usr/share/memcached/scripts/systemd-memcached-wrapper
import { flatOptions, onlySection, scalarText, unwritable } from './config-tree.ts';
import type { ConfigTree } from './config-tree.ts';

const FORMAT = 'memcached.conf';

export function writeMemcachedConf(tree: ConfigTree): string {
  return flatOptions(onlySection(tree, FORMAT))
    .filter(({ value }) => value !== false)
    .map(({ key, value }) => {
      if (!/^(?:-[A-Za-z]|--[a-z][a-z-]*)$/.test(key)) {
        throw unwritable(FORMAT, `\`${key}\``, 'options are flags such as -m or --enable-ssl');
      }
      if (/^-[dh]$/.test(key)) throw unwritable(FORMAT, `\`${key}\``, 'the start script of Debian ignores it');
      if (value === true) return `${key}\n`;
      const text = scalarText(value, { yes: '', no: '' });
      if (!/^(?:-\d|[A-Za-z0-9_@%+=:,./])[A-Za-z0-9_@%+=:,./-]*$/.test(text)) {
        throw unwritable(FORMAT, `\`${key}\``, 'a value is one word, no flag, without characters special to a shell');
      }
      return key.startsWith('--') ? `${key}=${text}\n` : `${key} ${text}\n`;
    })
    .join('');
}
