// Builds keepalived.conf from nested blocks: a node is its words and, for a block, the nodes inside.
//
//   block(['vrrp_instance', 'internal'], [line('state', 'BACKUP'), block(['virtual_ipaddress'], [line('10.0.0.10/24')])])
// Words with spaces, braces or comment characters are put in double quotes. keepalived has no escape for a
// double quote in general, so a word that has one is refused.
// Manual: keepalived.conf(5)
import { unwritable } from './config-tree.ts';

const FORMAT = 'keepalived.conf';

export interface KeepalivedNode {
  readonly words: readonly string[];
  /** Present for a block, even an empty one. A block without words is allowed. */
  readonly block?: readonly KeepalivedNode[];
  /** `@ctl1` or `@^ctl1`: only for (or not for) the instance started with that configuration id. */
  readonly condition?: string;
}

export function line(...words: readonly (string | number)[]): KeepalivedNode {
  return { words: words.map(String) };
}

export function block(words: readonly (string | number)[], nodes: readonly KeepalivedNode[]): KeepalivedNode {
  return { words: words.map(String), block: nodes };
}

export function writeKeepalivedConf(nodes: readonly KeepalivedNode[]): string {
  refuseLooseBlocks(nodes);
  // A blank line before and after each top-level block: the file is read by humans in trouble.
  return nodes
    .map((node, index) => {
      const spaced = index > 0 && (node.block !== undefined || nodes[index - 1]?.block !== undefined);
      return (spaced ? '\n' : '') + nodeText(node, '');
    })
    .join('');
}

function nodeText(node: KeepalivedNode, indent: string): string {
  if (node.condition !== undefined && !/^@\^?[^\s"{}#!]+$/.test(node.condition)) {
    throw unwritable(FORMAT, `the condition \`${node.condition}\``, 'write @id or @^id');
  }
  const condition = node.condition === undefined ? '' : `${node.condition} `;
  const head = node.words.map((word, index) => wordText(word, index === 0));
  if (node.block === undefined) {
    if (head.length === 0) throw unwritable(FORMAT, 'an empty line', 'a line has at least one word');
    return `${indent}${condition}${head.join(' ')}\n`;
  }
  refuseLooseBlocks(node.block);
  const inside = node.block.map((child) => nodeText(child, `${indent}    `)).join('');
  return `${indent}${condition}${[...head, '{'].join(' ')}\n${inside}${indent}}\n`;
}

/** The brace of a block without words would be taken as that of the line before it. */
function refuseLooseBlocks(nodes: readonly KeepalivedNode[]): void {
  const loose = nodes.some((node, index) => {
    const before = nodes[index - 1];
    return node.words.length === 0 && before !== undefined && before.block === undefined;
  });
  if (loose) throw unwritable(FORMAT, 'a block without words', 'it cannot follow a line that is no block');
}

function wordText(word: string, first: boolean): string {
  if (/["\r\n\0]/.test(word)) throw unwritable(FORMAT, `\`${word}\``, 'a word has no double quote or line break');
  // A first word that starts with one of these is a condition, a definition or a generator, not text.
  const special = first && /^[@$~]/.test(word);
  if (word !== '' && !special && !/[\s{}#!\\]/.test(word)) return word;
  if (word.endsWith('\\')) throw unwritable(FORMAT, `\`${word}\``, 'a quoted word cannot end with a backslash');
  return `"${word}"`;
}
