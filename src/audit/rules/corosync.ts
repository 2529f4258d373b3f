// PC: Corosync. Who is a member, when a member counts as lost, who has the majority.
// Manuals: corosync.conf(5), votequorum(5)
import type { Place } from '../../formats/document.ts';
import { optionIn, sectionsAt } from '../../formats/corosync-conf-read.ts';
import type { PlacedSection } from '../../formats/corosync-conf-read.ts';
import type { AuditFile, Estate } from '../estate.ts';
import { hit } from '../rule.ts';
import type { Hit, Rule } from '../rule.ts';

const DEFAULT_TOKEN = 3000;
const MOST_FULL_MEMBERS = 16;

type CorosyncFile = AuditFile<'corosync'>;

const rules: readonly Rule[] = [
  {
    id: 'PC05', letter: 'C', effect: 'outage', source: 'votequorum(5): two_node, qdevice',
    title: 'Two nodes without two_node or a quorum device',
    explanation: 'The loss of one node takes the majority from the other: everything stops.',
    remediation: 'Write `two_node: 1` in quorum, with fencing, or add a quorum device.',
    evaluate: (estate) => each(estate, (file) => nodes(file).length === 2 && number(file, 'quorum.two_node', 0) !== 1 && !hasDevice(file) ? [hit(file, quorumPlace(file), 'two nodes, neither two_node nor a device')] : []),
  },
  {
    id: 'PC06', letter: 'C', effect: 'data', source: 'votequorum(5): two_node switches wait_for_all on',
    title: 'two_node without wait_for_all',
    explanation: 'A node that boots alone fences the other and starts everything: split brain at start-up.',
    remediation: 'Remove `wait_for_all: 0`.',
    evaluate: (estate) => each(estate, (file) => {
      const off = option(file, 'quorum', 'wait_for_all');
      return number(file, 'quorum.two_node', 0) === 1 && off?.value === '0' ? [hit(file, off, 'wait_for_all is 0')] : [];
    }),
  },
  {
    id: 'PC07', letter: 'H', effect: 'data', source: 'votequorum(5): two_node, expected_votes',
    title: 'two_node or expected_votes does not fit the members',
    explanation: 'The majority is counted wrongly: both halves of a cut cluster may go on, or none.',
    remediation: 'Remove expected_votes (the node list counts), and two_node with more than two nodes.',
    evaluate: (estate) => each(estate, (file) => {
      const count = nodes(file).length;
      const two = option(file, 'quorum', 'two_node');
      const votes = option(file, 'quorum', 'expected_votes');
      return [
        ...(two?.value === '1' && count > 2 ? [hit(file, two, `two_node with ${count} nodes`)] : []),
        ...(votes !== undefined && count > 0 && !hasDevice(file) && Number(votes.value) !== count ? [hit(file, votes, `expected_votes is ${votes.value}, there are ${count} nodes`)] : []),
      ];
    }),
  },
  {
    id: 'PC08', letter: 'M', effect: 'outage', source: 'OpenStack HA guide: quorum; votequorum(5)',
    title: 'An even number of members without a tie breaker',
    explanation: 'Cut in two halves, none has the majority: everything stops.',
    remediation: 'Add a quorum device (corosync-qdevice) or a member.',
    evaluate: (estate) => each(estate, (file) => {
      const count = nodes(file).length;
      return count > 2 && count % 2 === 0 && !hasDevice(file) && option(file, 'quorum', 'auto_tie_breaker')?.value !== '1' ? [hit(file, quorumPlace(file), `${count} nodes`)] : [];
    }),
  },
  {
    id: 'PC09', letter: 'H', effect: 'errors', source: 'corosync.conf(5): consensus must be at least 1.2 * token',
    title: 'consensus below 1.2 x token',
    explanation: 'Members leave and join for no reason: resources move about.',
    remediation: 'Remove consensus; corosync takes 1.2 x token.',
    evaluate: (estate) => each(estate, (file) => {
      const consensus = option(file, 'totem', 'consensus');
      const token = number(file, 'totem.token', DEFAULT_TOKEN);
      return consensus !== undefined && nodes(file).length > 2 && Number(consensus.value) < 1.2 * token ? [hit(file, consensus, `consensus ${consensus.value} ms, token ${token} ms`)] : [];
    }),
  },
  {
    id: 'PC10', letter: 'H', effect: 'errors', source: 'corosync.conf(5): different values have unpredictable results',
    title: 'token differs between nodes',
    explanation: 'Nodes disagree on who is lost: members leave and join for no reason.',
    remediation: 'Write the same token on all nodes.',
    evaluate: (estate) => {
      const [first, ...others] = estate.of('corosync');
      const token = (file: CorosyncFile): number => number(file, 'totem.token', DEFAULT_TOKEN);
      return first === undefined ? [] : others.filter((file) => token(file) !== token(first)).map((file) => hit(file, option(file, 'totem', 'token') ?? sectionPlace(file, 'totem'), `token ${token(file)} ms, ${token(first)} ms in ${first.path}`));
    },
  },
  {
    id: 'PC11', letter: 'H', effect: 'outage', source: 'corosync.conf(5): nodelist, ringX_addr; SUSE and Red Hat ask for two links',
    title: 'One link between the members',
    explanation: 'The failure of one switch cuts the cluster although all hosts are up.',
    remediation: 'Write a `ring1_addr` in another network for every node.',
    evaluate: (estate) => each(estate, (file) => nodes(file).filter((node) => optionIn(node.nodes, 'ring0_addr') !== undefined && optionIn(node.nodes, 'ring1_addr') === undefined).slice(0, 1).map((node) => hit(file, node, 'nodes have ring0_addr only'))),
  },
  {
    id: 'PC12', letter: 'H', effect: 'errors', source: 'corosync.conf(5): must be the same on every node',
    title: 'corosync.conf differs between nodes',
    explanation: 'After the next restart nodes act on different configurations.',
    remediation: 'Copy one file to all nodes and run corosync-cfgtool -R.',
    evaluate: (estate) => {
      const [first, ...others] = estate.of('corosync').filter(({ name }) => name.endsWith('/corosync.conf'));
      const essence = (text = ''): string => text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^(?:#|bindnetaddr)/.test(line)).join('\n');
      return others.filter(({ text }) => essence(text) !== essence(first?.text)).map((file) => hit(file, { line: 1, column: 1 }, `not as in ${first?.path ?? ''}`));
    },
  },
  {
    id: 'PC23', letter: 'M', effect: 'slow', source: 'Pacemaker documentation: remote nodes; about 16 full members',
    title: 'More than 16 full members',
    explanation: 'Every change waits for all members: failovers become slow.',
    remediation: 'Make the others pacemaker_remote nodes.',
    evaluate: (estate) => each(estate, (file) => {
      const extra = nodes(file)[MOST_FULL_MEMBERS];
      return extra === undefined ? [] : [hit(file, extra, `${nodes(file).length} full members`)];
    }),
  },
  {
    id: 'PC26', letter: 'M', effect: 'outage', source: 'SUSE HA guide: names of members in /etc/hosts',
    title: 'Members are looked up in DNS',
    explanation: 'When DNS is away at the wrong moment, members do not find each other.',
    remediation: 'Write every member into /etc/hosts, or addresses into ring0_addr.',
    evaluate: (estate) => each(estate, (file) => {
      const hosts = estate.of('hosts').filter(({ host }) => host === file.host);
      if (hosts.length === 0) return [];
      const known = new Set(hosts.flatMap(({ document }) => document.entries.flatMap(({ names }) => names)));
      return nodes(file).flatMap((node) => {
        const address = optionIn(node.nodes, 'ring0_addr');
        return address === undefined || /^[\d.]+$|:/.test(address.value) || known.has(address.value) ? [] : [hit(file, address, `${address.value} is not in /etc/hosts`)];
      });
    }),
  },
]; // prettier-ignore

export default rules;

function each(estate: Estate, check: (file: CorosyncFile) => readonly Hit[]): readonly Hit[] {
  return estate.of('corosync').flatMap(check);
}

function nodes(file: CorosyncFile): readonly PlacedSection[] {
  return sectionsAt(file.document.nodes, 'nodelist.node');
}

function option(file: CorosyncFile, section: string, key: string) {
  return sectionsAt(file.document.nodes, section).map((each_) => optionIn(each_.nodes, key)).findLast((found) => found !== undefined); // prettier-ignore
}

function number(file: CorosyncFile, path: string, otherwise: number): number {
  const [section = '', key = ''] = path.split('.');
  return Number(option(file, section, key)?.value ?? otherwise);
}

function hasDevice(file: CorosyncFile): boolean {
  return sectionsAt(file.document.nodes, 'quorum.device').length > 0;
}

function sectionPlace(file: CorosyncFile, section: string): Place {
  return sectionsAt(file.document.nodes, section)[0] ?? { line: 1, column: 1 };
}

function quorumPlace(file: CorosyncFile): Place {
  return sectionPlace(file, 'quorum');
}
