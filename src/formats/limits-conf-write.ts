// Writes limits.d files from the section '' of a ConfigTree whose keys are `domain type item`:
//   { '': { 'rabbitmq - nofile': 65536, '* soft core': 'unlimited' } }
// Manual: limits.conf(5)
import { flatOptions, onlySection, scalarText, unwritable } from './config-tree.ts';
import type { ConfigTree } from './config-tree.ts';

const FORMAT = 'a limits file';

export function writeLimitsConf(tree: ConfigTree): string {
  return flatOptions(onlySection(tree, FORMAT))
    .map(({ key, value }) => {
      const text = scalarText(value, { yes: '1', no: '0' });
      const words = key.split(' ');
      if (words.length !== 3 || words.some((word) => !isWord(word)) || !/^(?:soft|hard|-)$/.test(words[1] ?? '')) {
        throw unwritable(FORMAT, `\`${key}\``, 'write `domain type item`, with type soft, hard or -');
      }
      if (!isWord(text)) throw unwritable(FORMAT, `\`${key}\``, 'a limit is one word: a number or unlimited');
      return `${words.join('\t')}\t${text}\n`;
    })
    .join('');
}

function isWord(text: string): boolean {
  return /^[^\s#\0]+$/.test(text);
}
