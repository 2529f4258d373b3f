// Builds corosync.conf from nested sections with `key: value` lines.
//
//   section('totem', [option('version', 2), section('interface', [option('linknumber', 0)])])
// The format has no quotes: braces cannot stand in a value, and a line has less than 512 bytes.
// Manual: corosync.conf(5)
import { scalarText, unwritable } from './config-tree.ts';
import type { Scalar } from './config-tree.ts';

const FORMAT = 'corosync.conf';
const LINE_LIMIT = 510;

export type CorosyncNode = CorosyncOption | CorosyncSection;

export interface CorosyncOption {
  readonly kind: 'option';
  readonly key: string;
  readonly value: string;
}

export interface CorosyncSection {
  readonly kind: 'section';
  readonly name: string;
  readonly nodes: readonly CorosyncNode[];
}

export function option(key: string, value: Scalar): CorosyncOption {
  return { kind: 'option', key, value: scalarText(value, { yes: 'yes', no: 'no' }) };
}

export function section(name: string, nodes: readonly CorosyncNode[]): CorosyncSection {
  return { kind: 'section', name, nodes };
}

export function writeCorosyncConf(nodes: readonly CorosyncNode[]): string {
  return nodes.map((node, index) => (index > 0 && node.kind === 'section' ? '\n' : '') + nodeText(node, '')).join('');
}

function nodeText(node: CorosyncNode, indent: string): string {
  if (node.kind === 'section') {
    if (!/^[A-Za-z0-9_/-]+$/.test(node.name)) {
      throw unwritable(FORMAT, `the section \`${node.name}\``, 'a section has a name of letters, digits and _');
    }
    return `${indent}${node.name} {\n${node.nodes.map((child) => nodeText(child, `${indent}    `)).join('')}${indent}}\n`;
  }
  if (!/^[A-Za-z0-9_./-]+$/.test(node.key)) throw unwritable(FORMAT, `\`${node.key}\``, 'not a name of an option');
  const text = `${indent}${node.key}:${node.value === '' ? '' : ` ${node.value}`}`;
  if (/[{\r\n\0]/.test(node.value) || node.value !== node.value.replaceAll(/^[ \t\u00A0]+|[ \t\u00A0]+$/g, '')) {
    throw unwritable(FORMAT, `\`${node.key}\``, 'a value has no {, line break or outer spaces');
  }
  if (Buffer.byteLength(text) > LINE_LIMIT) throw unwritable(FORMAT, `\`${node.key}\``, 'the line is too long');
  return `${text}\n`;
}
