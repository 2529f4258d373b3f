// Writes /etc/hosts: one line per address with its names, the canonical one first. Manual: hosts(5)
import { unwritable } from './config-tree.ts';

const FORMAT = 'a hosts file';

export interface HostsEntry {
  readonly address: string;
  readonly names: readonly string[];
}

export function writeHostsFile(entries: readonly HostsEntry[]): string {
  return entries
    .map(({ address, names }) => {
      if (names.length === 0) throw unwritable(FORMAT, address, 'an address needs at least one name');
      const odd = [address, ...names].find((word) => !/^[^\s#\0]+$/.test(word));
      if (odd !== undefined) throw unwritable(FORMAT, `\`${odd}\``, 'addresses and names are single words');
      return `${address}\t${names.join(' ')}\n`;
    })
    .join('');
}
