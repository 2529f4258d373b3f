// FM and TY: lines that no program reads, and slips of the pen that programs read as something else.
// What a reader could not make sense of is a finding too; the rest of the file is still audited.
import { deepStatementsOf } from '../../formats/brace-conf-read.ts';
import { sectionsAt } from '../../formats/corosync-conf-read.ts';
import { linesOf } from '../../formats/haproxy-cfg-read.ts';
import type { Option, Place } from '../../formats/document.ts';
import type { PlacedNode } from '../../formats/keepalived-conf-read.ts';
import { mariadbName } from '../../formats/overrides.ts';
import { editDistance, nearest } from '../../lib/nearest.ts';
import type { AuditFile, Estate } from '../estate.ts';
import { hit } from '../rule.ts';
import type { Hit, Rule } from '../rule.ts';

/** Kinds whose program passes over a line it does not understand; Debian ships such lines itself. */
const LENIENT = new Set(['memcached', 'pacemaker', 'globals', 'packstack', 'env', 'hosts']);

const KEEPALIVED = (
  'vrrp_instance vrrp_script vrrp_sync_group vrrp_track_process vrrp_track_file virtual_server global_defs state interface virtual_router_id priority ' +
  'advert_int nopreempt preempt_delay authentication auth_type auth_pass virtual_ipaddress virtual_ipaddress_excluded virtual_routes ' +
  'track_script track_interface track_process track_file unicast_src_ip unicast_peer mcast_src_ip notify notify_master notify_backup ' +
  'notify_fault notify_stop garp_master_delay garp_master_refresh script interval timeout weight fall rise user init_fail ' +
  'router_id vrrp_strict vrrp_iptables vrrp_priority vrrp_rt_priority vrrp_no_swap vrrp_garp_interval vrrp_gna_interval vrrp_skip_check_adv_addr ' +
  'vrrp_garp_master_repeat vrrp_garp_lower_prio_delay vrrp_lower_prio_no_advert vrrp_higher_prio_send_advert vrrp_mcast_group4 vrrp_mcast_group6 ' +
  'vrrp_version enable_script_security script_user notification_email smtp_server vrrp_garp_master_delay vrrp_garp_master_refresh'
).split(' ');
const HAPROXY = (
  'global defaults frontend backend listen peers bind balance mode option server timeout maxconn log retries acl use_backend default_backend ' +
  'http-check http-request http-response tcp-check tcp-request default-server stick stick-table cookie stats monitor-uri user group daemon ' +
  'chroot pidfile nbthread redirect errorfile source description'
).split(' ');
const HAPROXY_OPTIONS = (
  'httpchk redispatch forwardfor tcplog httplog dontlognull httpclose http-server-close http-keep-alive tcpka clitcpka srvtcpka mysql-check ' +
  'tcp-check ssl-hello-chk external-check abortonclose prefer-last-server log-health-checks pgsql-check redis-check ldap-check smtpchk'
).split(' ');

const rules: readonly Rule[] = [
  {
    id: 'FM01', letter: 'M', effect: 'upkeep', source: 'the manual of the format',
    title: 'A line that the program does not read',
    explanation: 'The program refuses the file, or does without the line: it will not start after the next restart, or does not do what is written.',
    remediation: 'Mend the line.',
    evaluate: (estate) => estate.files.filter(({ kind }) => !LENIENT.has(kind)).flatMap(problemHits),
  },
  {
    id: 'FM02', letter: 'L', effect: 'upkeep', source: 'the manual of the format',
    title: 'A line without effect',
    explanation: 'The program passes over it; whoever reads the file expects it to count.',
    remediation: 'Remove or mend the line.',
    evaluate: (estate) => estate.files.filter(({ kind }) => LENIENT.has(kind)).flatMap(problemHits),
  },
  {
    id: 'TY01', letter: 'H', effect: 'outage', source: 'RFC 791: four numbers from 0 to 255',
    title: 'An address that is none',
    explanation: 'Programs look it up as a name, or take another address: what it stands for is not reached.',
    remediation: 'Write four numbers from 0 to 255.',
    evaluate: (estate) => estate.files.flatMap((file) => addressWords(file).filter(({ text }) => isNearlyAddress(text)).map((word) => hit(file, word, `${word.text} is no address`))),
  },
  {
    id: 'TY02', letter: 'H', effect: 'outage', source: 'the manuals of keepalived and HAProxy',
    title: 'A space or hyphen inside a keyword',
    explanation: 'The program does not know the word: it stops, or does without the setting.',
    remediation: 'Write the keyword in one piece.',
    evaluate: (estate) => keywordFaults(estate).flatMap(({ file, place, parts, known }) => {
      const joined = [`${parts[0]}_${parts[1]}`, `${parts[0]}-${parts[1]}`, `${parts[0]}${parts[1]}`].find((word) => known.includes(word));
      const swapped = [parts[0].replaceAll('-', '_'), parts[0].replaceAll('_', '-')].find((word) => word !== parts[0] && known.includes(word));
      const meant = known.includes(parts[0]) ? undefined : (joined ?? swapped);
      return meant === undefined ? [] : [hit(file, place, { message: `\`${parts[0]}\` is no keyword`, write: meant })];
    }),
  },
  {
    id: 'TY03', letter: 'M', effect: 'upkeep', source: 'the manual of the format: the last value counts',
    title: 'One setting several times with different values',
    explanation: 'The last one counts; whoever changes another one wonders.',
    remediation: 'Keep one of them.',
    evaluate: (estate) => [
      ...[...estate.of('mycnf'), ...estate.of('sysctl'), ...estate.of('rabbitmq')].flatMap((file) => repeated(file, optionGroups(file))),
      ...estate.of('keepalived').flatMap((file) => blocks(file.document.nodes).flatMap((block) => repeatedWords(file, block))),
    ],
  },
  {
    id: 'TY04', letter: 'H', effect: 'outage', source: 'the manuals of keepalived and HAProxy',
    title: 'A misspelt keyword',
    explanation: 'The program does not know the word: it stops, or does without the setting.',
    remediation: 'Write the keyword as the manual has it.',
    evaluate: (estate) => keywordFaults(estate).flatMap(({ file, place, parts: [word], known }) => {
      if (/^[{}]+$/.test(word) && file.kind === 'haproxy') return [hit(file, place, `HAProxy has no blocks: \`${word}\` is no keyword`)];
      const meant = known.includes(word) ? undefined : nearest(word, known);
      const close = meant !== undefined && word.length > 4 && editDistance(word, meant) === 1 && word.replaceAll(/[-_]/g, '') !== meant.replaceAll(/[-_]/g, '');
      return close ? [hit(file, place, { message: `\`${word}\` is no keyword`, write: meant })] : [];
    }),
  },
]; // prettier-ignore

export default rules;

function problemHits(file: AuditFile): readonly Hit[] {
  return file.problems.map((problem) => hit(file, problem, problem.message));
}

interface Word extends Place {
  readonly text: string;
}

/** Words that should be addresses. */
function addressWords(file: AuditFile): readonly Word[] {
  switch (file.kind) {
    case 'haproxy':
      return (file as AuditFile<'haproxy'>).document.sections.flatMap((section) => [
        ...linesOf(section, 'server').flatMap(({ words }) => words.slice(2, 3)),
        ...linesOf(section, 'bind').flatMap(({ words }) => words.slice(1, 2)),
      ]);
    case 'keepalived':
      return blocks((file as AuditFile<'keepalived'>).document.nodes).flatMap(({ words: [name = ''], block = [] }) => [
        ...(/^(?:unicast_peer|virtual_ipaddress(?:_excluded)?)$/.test(name) ? block : []).map((node) =>
          wordOf(node, 0),
        ),
        ...block.filter(({ words }) => words[0] === 'unicast_src_ip').map((node) => wordOf(node, 1)),
      ]);
    case 'corosync':
      return ['nodelist.node', 'totem.interface'].flatMap((path) =>
        sectionsAt((file as AuditFile<'corosync'>).document.nodes, path)
          .flatMap(({ nodes }) => nodes)
          .flatMap((node) =>
            node.kind === 'option' && /^(?:ring\d+_addr|bindnetaddr)$/.test(node.key)
              ? [{ text: node.value, ...node.valueAt }]
              : [],
          ),
      );
    case 'drbd':
      return deepStatementsOf((file as AuditFile<'drbd'>).document.statements, 'address').flatMap(({ words }) => {
        return words.slice(1).filter(({ text }) => text !== 'ipv4');
      });
    case 'mycnf':
      return (file as AuditFile<'mycnf'>).document.sections
        .flatMap(({ options }) => options)
        .filter(({ key }) => /^(?:wsrep_node_address|bind_address)$/.test(mariadbName(key)))
        .map(({ value, valueAt }) => ({ text: value, ...valueAt }));
    default:
      return [];
  }
}

function wordOf({ words, wordsAt }: PlacedNode, index: number): Word {
  return { text: words[index] ?? '', ...(wordsAt[index] ?? { line: 1, column: 1 }) };
}

/** Digits and dots that were meant as an IPv4 address: too few or too many dots, a number above 255. */
function isNearlyAddress(word: string): boolean {
  const text = (word.split('/')[0] ?? '').replace(/:\d+$/, '');
  if (!/^\d[\d.]*$/.test(text) || !text.includes('.')) return false;
  const parts = text.split('.');
  return parts.length !== 4 || parts.some((part) => part === '' || Number(part) > 255);
}

interface Keyword {
  readonly file: AuditFile;
  readonly place: Place;
  readonly parts: readonly [string, string];
  readonly known: readonly string[];
}

function keywordFaults(estate: Estate): readonly Keyword[] {
  const keepalived = estate.of('keepalived').flatMap((file) =>
    [...file.document.nodes, ...blocks(file.document.nodes).filter(holdsSettings).flatMap(({ block }) => block ?? [])]
      .map((node) => ({ file, place: placeOf(node), parts: [node.words[0] ?? '', node.words[1] ?? ''] as const, known: KEEPALIVED })),
  ); // prettier-ignore
  const haproxy = estate.of('haproxy').flatMap((file) =>
    file.document.sections.flatMap(({ lines }) => lines).filter(({ keyword }) => !keyword.startsWith('.')).flatMap((line) => {
      const words = line.words.slice(line.modifier === undefined ? 0 : 1);
      const [first, second, third] = words.map(({ text }) => text);
      const whole = { file, place: placeOf(words[0] ?? line), parts: [first ?? '', second ?? ''] as const, known: HAPROXY };
      const option = { file, place: placeOf(words[1] ?? line), parts: [second ?? '', third ?? ''] as const, known: HAPROXY_OPTIONS };
      return first === 'option' ? [whole, option] : [whole];
    }),
  ); // prettier-ignore
  return [...keepalived, ...haproxy];
}

/** Blocks of settings; others hold addresses, names of scripts, routes. */
function holdsSettings({ words }: PlacedNode): boolean {
  return /^(?:global_defs|vrrp_instance|vrrp_script|authentication)$/.test(words[0] ?? '');
}

function blocks(nodes: readonly PlacedNode[]): readonly PlacedNode[] {
  return nodes.flatMap((node) => (node.block === undefined ? [] : [node, ...blocks(node.block)]));
}

function placeOf({ line, column }: Place): Place {
  return { line, column };
}

function optionGroups(file: AuditFile): readonly (readonly Option[])[] {
  const { document } = file;
  if ('sections' in document) {
    return document.sections.map((section) => ('options' in section ? section.options : []));
  }
  return 'options' in document ? [document.options] : [];
}

function repeated(file: AuditFile, groups: readonly (readonly Option[])[]): readonly Hit[] {
  return groups.flatMap((options) => {
    const first = new Map<string, Option>();
    return options.flatMap((option) => {
      const key = file.kind === 'mycnf' ? mariadbName(option.key) : option.key;
      const known = first.get(key);
      // Loose prefixes and plug-ins may come several times by design.
      if (known === undefined || /^(?:loose|plugin|replicate|binlog_(?:do|ignore)|character)/.test(key)) {
        first.set(key, option);
        return [];
      }
      return known.value === option.value
        ? []
        : [hit(file, option, `${option.key} was ${known.value} in line ${known.line}`)];
    });
  });
}

const ONCE = new Set([
  'state',
  'priority',
  'virtual_router_id',
  'advert_int',
  'interface',
  'interval',
  'fall',
  'rise',
  'weight',
]);

function repeatedWords(file: AuditFile, { block = [] }: PlacedNode): readonly Hit[] {
  const first = new Map<string, PlacedNode>();
  return block.flatMap((node) => {
    const [key = '', value = ''] = node.words;
    const known = first.get(key);
    if (known === undefined) first.set(key, node);
    if (known === undefined || !ONCE.has(key) || node.condition !== undefined || known.words[1] === value) return [];
    return [hit(file, node, `${key} was ${known.words[1] ?? ''} in line ${known.line}`)];
  });
}
