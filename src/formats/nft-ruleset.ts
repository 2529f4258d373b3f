// Builds an nftables table of our own from structured rules; the only way rules of hastack reach a host.
//
// The text replaces the whole table in one transaction (`nft -f`): it adds the table, deletes it and adds it again
// with its content, so nothing of an older version stays and other tables are not touched. Every name, address and
// port is checked here: a rule cannot smuggle another one in. Manual: nft(8)
import { unwritable } from './config-tree.ts';

const FORMAT = 'an nftables ruleset';

export interface NftTable {
  readonly family: 'inet' | 'ip' | 'ip6';
  readonly name: string;
  readonly sets?: readonly NftSet[];
  readonly chains: readonly NftChain[];
}

export interface NftSet {
  readonly name: string;
  readonly type: 'ipv4_addr' | 'ipv6_addr' | 'inet_service';
  /** Addresses, prefixes, ranges `a-b`; ports. */
  readonly elements: readonly (string | number)[];
}

export interface NftChain {
  readonly name: string;
  /** Absent: a chain that others jump to. */
  readonly hook?: {
    readonly hook: 'input' | 'output' | 'forward' | 'prerouting' | 'postrouting';
    readonly priority: number;
  };
  readonly policy?: 'accept' | 'drop';
  readonly rules: readonly NftRule[];
}

export interface NftRule {
  readonly match?: NftMatch;
  readonly verdict: 'accept' | 'drop' | 'reject' | 'return' | { readonly jump: string };
  readonly counter?: boolean;
  readonly comment?: string;
}

/** Conditions that must all hold. */
export interface NftMatch {
  readonly inputInterface?: string;
  readonly outputInterface?: string;
  /** Addresses, prefixes, or one `@set`; all of one family. */
  readonly source?: readonly string[];
  readonly destination?: readonly string[];
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | 'icmpv6' | 'vrrp' | 'esp' | 'gre';
  /** Ports, ranges `a-b`, or one `@set`; with protocol tcp or udp. */
  readonly ports?: readonly (string | number)[];
  readonly states?: readonly ('established' | 'related' | 'new' | 'invalid' | 'untracked')[];
}

export function writeNftRuleset(table: NftTable): string {
  const id = `${table.family} ${name(table.name)}`;
  return `table ${id}\ndelete table ${id}\ntable ${id} {\n${writeNftTableBody(table)}}\n`;
}

/** What stands between the braces of the table. */
export function writeNftTableBody(table: Pick<NftTable, 'sets' | 'chains'>): string {
  return [...(table.sets ?? []).map(setText), ...table.chains.map(chainText)].join('\n');
}

function setText(set: NftSet): string {
  const elements = set.elements.map((element) =>
    set.type === 'inet_service' ? port(element) : address(String(element)),
  );
  const flags = elements.some((element) => /[/-]/.test(element)) ? '        flags interval\n' : '';
  const list = elements.length === 0 ? '' : `        elements = { ${elements.join(', ')} }\n`;
  return `    set ${name(set.name)} {\n        type ${set.type}\n${flags}${list}    }\n`;
}

function chainText(chain: NftChain): string {
  if (chain.hook !== undefined && !Number.isInteger(chain.hook.priority)) {
    throw unwritable(FORMAT, `the chain ${chain.name}`, 'a priority is a whole number');
  }
  const policy = chain.policy === undefined ? '' : ` policy ${chain.policy};`;
  const hook =
    chain.hook === undefined
      ? ''
      : `        type filter hook ${chain.hook.hook} priority ${chain.hook.priority};${policy}\n`;
  return `    chain ${name(chain.name)} {\n${hook}${chain.rules.map((rule) => `        ${ruleText(rule)}\n`).join('')}    }\n`;
}

function ruleText(rule: NftRule): string {
  const verdict = typeof rule.verdict === 'string' ? rule.verdict : `jump ${name(rule.verdict.jump)}`;
  const comment = rule.comment === undefined ? [] : [`comment ${quoted(rule.comment)}`];
  return [...matchWords(rule.match ?? {}), ...(rule.counter === true ? ['counter'] : []), verdict, ...comment].join(
    ' ',
  );
}

function matchWords(match: NftMatch): readonly string[] {
  const words: string[] = [];
  if (match.inputInterface !== undefined) words.push(`iifname ${interfaceName(match.inputInterface)}`);
  if (match.outputInterface !== undefined) words.push(`oifname ${interfaceName(match.outputInterface)}`);
  if (match.states !== undefined) words.push(`ct state ${match.states.join(',')}`);
  if (match.source !== undefined) words.push(`${addressKind(match.source)} saddr ${group(match.source.map(address))}`);
  if (match.destination !== undefined) {
    words.push(`${addressKind(match.destination)} daddr ${group(match.destination.map(address))}`);
  }
  if (match.ports !== undefined) {
    if (match.protocol !== 'tcp' && match.protocol !== 'udp') {
      throw unwritable(FORMAT, 'ports', 'ports need the protocol tcp or udp');
    }
    words.push(`${match.protocol} dport ${group(match.ports.map(port))}`);
  } else if (match.protocol !== undefined) words.push(`meta l4proto ${match.protocol}`);
  return words;
}

function group(items: readonly string[]): string {
  if (items.length === 0) throw unwritable(FORMAT, 'an empty list', 'a condition needs at least one value');
  return items.length === 1 ? items.join('') : `{ ${items.join(', ')} }`;
}

/** A set's name does not tell its family: by convention sets of IPv6 addresses end in 6. */
function addressKind(addresses: readonly string[]): 'ip' | 'ip6' {
  const six = addresses.filter((item) => (item.startsWith('@') ? item.endsWith('6') : item.includes(':')));
  if (six.length > 0 && six.length < addresses.length) {
    throw unwritable(FORMAT, addresses.join(', '), 'one condition has addresses of one family');
  }
  return six.length > 0 ? 'ip6' : 'ip';
}

function address(text: string): string {
  if (text.startsWith('@')) return `@${name(text.slice(1))}`;
  if (!/^[0-9A-Fa-f.:]+(?:\/\d{1,3}|-[0-9A-Fa-f.:]+)?$/.test(text)) {
    throw unwritable(FORMAT, `\`${text}\``, 'not an address, prefix or range');
  }
  return text;
}

function port(value: string | number): string {
  const text = String(value);
  if (text.startsWith('@')) return `@${name(text.slice(1))}`;
  const ends = /^\d{1,5}(?:-\d{1,5})?$/.test(text) ? text.split('-').map(Number) : [];
  if (ends.length === 0 || ends.some((end) => end > 65_535)) throw unwritable(FORMAT, `\`${text}\``, 'not a port');
  return text;
}

function name(text: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(text)) throw unwritable(FORMAT, `\`${text}\``, 'not a name');
  return text;
}

function interfaceName(text: string): string {
  if (!/^[^\s/"\\]{1,15}$/.test(text)) throw unwritable(FORMAT, `\`${text}\``, 'not a name of an interface');
  return `"${text}"`;
}

function quoted(text: string): string {
  if (/["\\\r\n\0]/.test(text) || text.length > 120)
    throw unwritable(FORMAT, 'a comment', 'at most 120 plain characters');
  return `"${text}"`;
}
