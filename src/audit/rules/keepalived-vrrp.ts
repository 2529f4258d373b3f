// KA: the VRRP election. Who takes the address, how fast, and what makes two of them take it.
// Manual: keepalived.conf(5); facts about its code are those of keepalived 2.x.
import type { Estate } from '../estate.ts';
import { lineOf } from '../estate.ts';
import { hit } from '../rule.ts';
import type { Hit, Rule } from '../rule.ts';
import type { VrrpInstance } from '../views/vrrp.ts';
import { bare, elections, entries, numberOf, placeOf, setting, vrrpInstances, vrrpVersion } from '../views/vrrp.ts';

const MANUAL = 'keepalived.conf(5)';
const MOST_VIPS = 20;

const rules: readonly Rule[] = [
  {
    id: 'KA01', letter: 'M', effect: 'exposure', source: `${MANUAL}: auth_pass`,
    title: 'VRRP password longer than 8 characters',
    explanation: 'keepalived uses the first 8 characters only; passwords that differ later are one and the same.',
    remediation: 'Write a password of at most 8 characters, or VRRPv3 with unicast peers and no password.',
    evaluate: (estate) => each(estate, (instance) => {
      const pass = setting(setting(instance.node, 'authentication'), 'auth_pass');
      const length = pass?.words[1]?.length ?? 0;
      return pass !== undefined && length > 8 ? hit(instance.file, pass.wordsAt[1] ?? pass, `the password has ${length} characters; keepalived takes 8`) : undefined;
    }),
  },
  {
    id: 'KA02', letter: 'M', effect: 'exposure', source: `${MANUAL}: authentication; RFC 5798 section 9`,
    title: 'Authentication with VRRPv3',
    explanation: 'VRRPv3 has no authentication: the block is ignored, and whoever is on the network can take the address.',
    remediation: 'Remove the block; use unicast_peer and a firewall that admits VRRP from the peers only.',
    evaluate: (estate) => each(estate, (instance) => {
      const block = setting(instance.node, 'authentication');
      return block !== undefined && vrrpVersion(instance) === 3 ? hit(instance.file, block, `${instance.name} is VRRPv3, which ignores authentication`) : undefined;
    }),
  },
  {
    id: 'KA03', letter: 'H', effect: 'slow', source: `${MANUAL}: advert_int, vrrp_version`,
    title: 'Sub-second adverts with VRRPv2',
    explanation: 'VRRPv2 counts whole seconds: the address moves seconds later than the file says.',
    remediation: 'Write `vrrp_version 3` in global_defs of all hosts.',
    evaluate: (estate) => each(estate, (instance) => {
      const advert = setting(instance.node, 'advert_int');
      const value = numberOf(instance.node, 'advert_int', 1);
      return advert !== undefined && vrrpVersion(instance) === 2 && !Number.isInteger(value) ? hit(instance.file, advert, `advert_int ${value} is rounded to whole seconds by VRRPv2`) : undefined;
    }),
  },
  {
    id: 'KA04', letter: 'C', effect: 'outage', source: `${MANUAL}: advert_int; vrrp.c drops adverts of another interval (v2)`,
    title: 'Advert interval differs between hosts',
    explanation: 'Hosts drop each other’s adverts and each takes the address: connections break at random.',
    remediation: 'Write the same advert_int on all hosts of the virtual router.',
    evaluate: (estate) => elections(estate).flatMap((group) => odd(group, 'advert_int', '1')),
  },
  {
    id: 'KA05', letter: 'C', effect: 'outage', source: `${MANUAL}: virtual_router_id`,
    title: 'Router id used twice on one network',
    explanation: 'Two virtual routers answer each other’s adverts: addresses flap or vanish.',
    remediation: 'Give every virtual router of a network its own virtual_router_id (1 to 255), also across clusters.',
    evaluate: (estate) => duplicateIds(vrrpInstances(estate)),
  },
  {
    id: 'KA06', letter: 'M', effect: 'slow', source: 'RFC 5798 section 6.1 (skew time)',
    title: 'Equal priorities',
    explanation: 'Backups start their election at the same moment: the address may move twice.',
    remediation: 'Give every host of a virtual router another priority.',
    evaluate: (estate) => elections(estate).flatMap((group) => {
      const seen = new Set<number>();
      return group.flatMap((instance) => {
        const priority = numberOf(instance.node, 'priority', 100);
        const again = seen.has(priority);
        seen.add(priority);
        return again ? [hit(instance.file, placeOf(instance, 'priority'), `priority ${priority} is also that of another host of ${instance.name}`)] : [];
      });
    }),
  },
  {
    id: 'KA11', letter: 'H', effect: 'errors', source: `${MANUAL}: nopreempt ("the initial state must not be MASTER")`,
    title: 'state MASTER with nopreempt',
    explanation: 'keepalived clears nopreempt: after every repair the address moves back, a second interruption.',
    remediation: 'Write `state BACKUP` on every host.',
    evaluate: (estate) => each(estate, (instance) => {
      const state = setting(instance.node, 'state');
      if (state?.words[1] !== 'MASTER' || setting(instance.node, 'nopreempt') === undefined) return undefined;
      const before = lineOf(instance.file, state.line);
      return hit(instance.file, state, { message: 'nopreempt has no effect with state MASTER', write: 'state BACKUP', patch: { file: instance.file.path, line: state.line, before, after: before.replace('MASTER', 'BACKUP') } });
    }),
  },
  {
    id: 'KA12', letter: 'M', effect: 'errors', source: `${MANUAL}: preempt_delay, nopreempt`,
    title: 'The returned host takes the address back at once',
    explanation: 'A repaired host takes the address before its services answer: users meet a second outage.',
    remediation: 'Write `nopreempt` with `state BACKUP`, or `preempt_delay 60`.',
    evaluate: (estate) => each(estate, (instance) => {
      const calm = ['nopreempt', 'preempt_delay'].some((key) => setting(instance.node, key) !== undefined);
      return calm ? undefined : hit(instance.file, instance.node, `${instance.name} has neither nopreempt nor preempt_delay`);
    }),
  },
  {
    id: 'KA13', letter: 'C', effect: 'outage', source: `${MANUAL}: unicast_peer, unicast_src_ip`,
    title: 'The list of unicast peers is wrong',
    explanation: 'A host that is not told of another takes the address beside it: two hosts answer.',
    remediation: 'List the addresses of all other hosts, and not the own one, in unicast_peer.',
    evaluate: (estate) => elections(estate).flatMap(peerFaults),
  },
  {
    id: 'KA14', letter: 'H', effect: 'outage',
    title: 'Adverts by multicast',
    explanation: 'Networks of clouds and hypervisors often drop multicast: then every host takes the address.',
    remediation: 'Write unicast_src_ip and unicast_peer.',
    evaluate: (estate) => each(estate, (instance) =>
      setting(instance.node, 'unicast_peer') === undefined ? hit(instance.file, instance.node, `${instance.name} sends its adverts by multicast`) : undefined),
  },
  {
    id: 'KA18', letter: 'M', effect: 'outage', source: 'keepalived vrrp.c: VRRP_MAX_VIP is 20 addresses in a packet',
    title: 'More than 20 addresses in one virtual router',
    explanation: 'Addresses beyond the 20th are not in the adverts; hosts that disagree on them do not notice.',
    remediation: 'Move the others to virtual_ipaddress_excluded or to another virtual router.',
    evaluate: (estate) => each(estate, (instance) => {
      const extra = entries(instance.node, 'virtual_ipaddress')[MOST_VIPS];
      return extra === undefined ? undefined : hit(instance.file, extra, `address number ${MOST_VIPS + 1} of ${instance.name}`);
    }),
  },
]; // prettier-ignore

export default rules;

function each(estate: Estate, check: (instance: VrrpInstance) => Hit | undefined): readonly Hit[] {
  return vrrpInstances(estate).flatMap((instance) => check(instance) ?? []);
}

/** Members whose value is not that of the first one. */
function odd(group: readonly VrrpInstance[], key: string, otherwise: string): readonly Hit[] {
  const value = ({ node }: VrrpInstance): string => setting(node, key)?.words[1] ?? otherwise;
  const [first] = group;
  if (first === undefined) return [];
  return group
    .filter((instance) => Number(value(instance)) !== Number(value(first)))
    .map((instance) =>
      hit(
        instance.file,
        placeOf(instance, key),
        `${key} is ${value(instance)} here and ${value(first)} in ${first.file.path}`,
      ),
    );
}

function duplicateIds(instances: readonly VrrpInstance[]): readonly Hit[] {
  const owners = new Map<string, { readonly vip: string; readonly instance: VrrpInstance }>();
  return instances.flatMap((instance) => {
    const id = setting(instance.node, 'virtual_router_id');
    const vip = entries(instance.node, 'virtual_ipaddress')
      .map(({ words }) => bare(words[0] ?? ''))
      .toSorted()
      .join(' ');
    const network = setting(instance.node, 'interface')?.words[1] ?? '';
    const key = `${network} ${id?.words[1] ?? ''} ${vip.includes(':') ? '6' : '4'}`;
    const owner = owners.get(key);
    if (id === undefined) return [];
    if (owner === undefined) owners.set(key, { vip, instance });
    if (owner === undefined || owner.vip === vip) return [];
    const message = `router id ${id.words[1] ?? ''} on ${network} is also that of ${owner.instance.name} in ${owner.instance.file.path}`;
    return [hit(instance.file, id, message)];
  });
}

function peerFaults(group: readonly VrrpInstance[]): readonly Hit[] {
  const own = ({ node }: VrrpInstance): string | undefined => setting(node, 'unicast_src_ip')?.words[1];
  return group.flatMap((instance) => {
    const block = setting(instance.node, 'unicast_peer');
    const address = own(instance);
    if (block === undefined || address === undefined) return [];
    const peers = entries(instance.node, 'unicast_peer');
    const self = peers.filter(({ words }) => words[0] === address);
    const listed = new Set(peers.map(({ words }) => words[0]));
    const absent = group.map(own).filter((other) => other !== undefined && other !== address && !listed.has(other));
    return [
      ...self.map((peer) => hit(instance.file, peer, `${address} is the host's own address`)),
      ...absent.map((other) =>
        hit(instance.file, block, `${other ?? ''} is a member of ${instance.name} but no peer here`),
      ),
    ];
  });
}
