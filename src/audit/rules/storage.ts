// ST: Ceph and DRBD. How many copies there are, where, and what happens when two sides both think they are right.
// Manuals: Ceph pools and monitors; drbd.conf(5), drbdsetup(8)
import { deepStatementsOf, statementsOf } from '../../formats/brace-conf-read.ts';
import type { BraceStatement } from '../../formats/brace-conf-read.ts';
import type { AuditFile, Estate } from '../estate.ts';
import { iniOption } from '../estate.ts';
import { hit } from '../rule.ts';
import type { Hit, Rule } from '../rule.ts';

const DRBD = 'drbd.conf(5)';

interface Resource {
  readonly file: AuditFile<'drbd'>;
  readonly node: BraceStatement;
  readonly name: string;
  /** The resource and the `common` block it inherits from. */
  readonly scope: readonly BraceStatement[];
  readonly hosts: number;
}

const rules: readonly Rule[] = [
  {
    id: 'ST01', letter: 'C', effect: 'data', source: 'Ceph documentation: pools, size and min_size',
    title: 'Pools accept writes with one copy left, or none without all',
    explanation: 'With min_size 1 the last disk holds the only copy of new data; with min_size = size any failed disk stops all I/O.',
    remediation: 'Write osd_pool_default_size = 3 and osd_pool_default_min_size = 2.',
    evaluate: (estate) => estate.of('ceph').flatMap((file) => {
      const least = iniOption(file.document, 'global', 'osd_pool_default_min_size');
      const size = Number(iniOption(file.document, 'global', 'osd_pool_default_size')?.value ?? 3);
      const value = Number(least?.value);
      return least === undefined || value === 0 || (value >= Math.floor(size / 2) + 1 && value < size) ? [] : [hit(file, least, `min_size ${value} of size ${size}`)];
    }),
  },
  {
    id: 'ST02', letter: 'C', effect: 'outage', source: 'Ceph documentation: monitors need a majority, an odd number is advised',
    title: 'Too few monitors, or an even number',
    explanation: 'The loss of one monitor takes the majority: all disks of instances stand still.',
    remediation: 'Run three or five monitors, in different racks.',
    evaluate: (estate) => estate.of('ceph').flatMap((file) => {
      const hosts = iniOption(file.document, 'global', 'mon_host') ?? iniOption(file.document, 'global', 'mon_initial_members');
      const count = monitors(hosts?.value ?? '');
      return hosts === undefined || (count > 2 && count % 2 === 1) ? [] : [hit(file, hosts, `${count} ${count === 1 ? 'monitor' : 'monitors'}`)];
    }),
  },
  {
    id: 'ST03', letter: 'C', effect: 'data', source: 'Ceph documentation: osd_crush_chooseleaf_type (0 is osd, 1 is host)',
    title: 'Copies may lie on one host',
    explanation: 'One host can hold all copies: with it the data is away, or gone.',
    remediation: 'Write osd_crush_chooseleaf_type = 1, and rules with `step chooseleaf ... type host`.',
    evaluate: (estate) => estate.of('ceph').flatMap((file) => {
      const type = iniOption(file.document, 'global', 'osd_crush_chooseleaf_type');
      return type?.value === '0' ? [hit(file, type, 'copies are spread over disks, not hosts')] : [];
    }),
  },
  {
    id: 'ST04', letter: 'C', effect: 'data', source: 'drbdsetup(8): fencing dont-care is the default',
    title: 'DRBD without fencing where the cluster promotes',
    explanation: 'When only the replication link fails, both sides go on: their data parts, and one side is thrown away.',
    remediation: 'Write `fencing resource-and-stonith` and a fence-peer handler, or `quorum majority` with three nodes.',
    evaluate: (estate) => each(estate, (resource) => {
      const promoted = estate.of('pacemaker').some(({ document }) => document.resources.some(({ agent }) => agent.endsWith(':drbd')));
      const fencing = setting(resource, 'fencing');
      const quorum = setting(resource, 'quorum')?.words[1]?.text ?? 'off';
      return !promoted || (fencing !== undefined && fencing.words[1]?.text !== 'dont-care') || quorum !== 'off' ? [] : [hit(resource.file, fencing ?? resource.node, `${resource.name} has neither fencing nor quorum`)];
    }),
  },
  {
    id: 'ST05', letter: 'C', effect: 'data', source: `${DRBD}: allow-two-primaries needs a cluster file system`,
    title: 'Two primaries',
    explanation: 'Mounted on both sides, an ordinary file system is destroyed.',
    remediation: 'Remove allow-two-primaries (live migration needs it for its moment only).',
    evaluate: (estate) => each(estate, (resource) => {
      const option = setting(resource, 'allow-two-primaries');
      return option === undefined || option.words[1]?.text === 'no' ? [] : [hit(resource.file, option, `${resource.name} allows two primaries`)];
    }),
  },
  {
    id: 'ST06', letter: 'C', effect: 'outage', source: `${DRBD}: fencing, handlers fence-peer`,
    title: 'Fencing without a handler',
    explanation: 'After the loss of the peer I/O freezes for good.',
    remediation: 'Write handlers { fence-peer "/usr/lib/drbd/crm-fence-peer.9.sh"; after-resync-target "/usr/lib/drbd/crm-unfence-peer.9.sh"; }',
    evaluate: (estate) => each(estate, (resource) => {
      const fencing = setting(resource, 'fencing');
      return fencing !== undefined && (fencing.words[1]?.text ?? '').startsWith('resource-') && setting(resource, 'fence-peer') === undefined ? [hit(resource.file, fencing, `${resource.name} has no fence-peer handler`)] : [];
    }),
  },
  {
    id: 'ST07', letter: 'H', effect: 'data', source: `${DRBD}: protocol, quorum`,
    title: 'Writes are confirmed before the peer has them, or three nodes without quorum',
    explanation: 'What was written last is missing after a failover.',
    remediation: 'Write `protocol C;`, and with three nodes `quorum majority; on-no-quorum io-error;`.',
    evaluate: (estate) => each(estate, (resource) => {
      const protocol = setting(resource, 'protocol');
      if (protocol !== undefined && /^[AB]$/.test(protocol.words[1]?.text ?? '')) return [hit(resource.file, protocol, `${resource.name} uses protocol ${protocol.words[1]?.text ?? ''}`)];
      return resource.hosts > 2 && setting(resource, 'quorum') === undefined ? [hit(resource.file, resource.node, `${resource.name} has ${resource.hosts} nodes and no quorum`)] : [];
    }),
  },
  {
    id: 'ST08', letter: 'H', effect: 'data', source: `${DRBD}: after-sb-0pri, after-sb-1pri, after-sb-2pri`,
    title: 'Split brain is settled by throwing data away',
    explanation: 'After a cut one side’s writes vanish without a word.',
    remediation: 'Write `after-sb-1pri disconnect; after-sb-2pri disconnect;` and use fencing.',
    evaluate: (estate) => each(estate, (resource) => {
      if ((setting(resource, 'fencing')?.words[1]?.text ?? '').startsWith('resource-')) return [];
      return ['after-sb-0pri', 'after-sb-1pri', 'after-sb-2pri'].flatMap((key) => {
        const policy = setting(resource, key);
        return policy !== undefined && /^discard-(?!zero)|^violently/.test(policy.words[1]?.text ?? '') ? [hit(resource.file, policy, `${resource.name}: ${key} ${policy.words[1]?.text ?? ''}`)] : [];
      });
    }),
  },
  {
    id: 'ST09', letter: 'M', effect: 'data', source: 'exports(5): async, sync',
    title: 'An NFS export that confirms writes before they are on disk',
    explanation: 'When the server fails, what instances wrote last is lost although they were told it is safe.',
    remediation: 'Write `sync` in the options of the export.',
    evaluate: (estate) => estate.of('exports').flatMap((file) => file.document.options.filter(({ value }) => /[(,]async[,)]/.test(value)).map((option) => hit(file, option, `${option.key} is exported async`))),
  },
]; // prettier-ignore

export default rules;

function resources(estate: Estate): readonly Resource[] {
  const files = estate.of('drbd');
  return files.flatMap((file) =>
    statementsOf(file.document.statements, 'resource').map((node) => {
      const common = files.filter(({ host }) => host === file.host).flatMap(({ document }) => statementsOf(document.statements, 'common')); // prettier-ignore
      const hosts = (node.block ?? []).filter(({ words }) => words[0]?.text === 'on').length;
      return { file, node, name: node.words[1]?.text ?? '', scope: [...common, node], hosts };
    }),
  );
}

function each(estate: Estate, check: (resource: Resource) => readonly Hit[]): readonly Hit[] {
  return resources(estate).flatMap(check);
}

/** The statement that counts: the resource's own before that of `common`. */
function setting({ scope }: Resource, key: string): BraceStatement | undefined {
  return scope.flatMap(({ block }) => deepStatementsOf(block ?? [], key)).at(-1);
}

/** `[v2:10.0.0.1:3300,v1:10.0.0.1:6789],10.0.0.2` is two. */
function monitors(text: string): number {
  return text.replaceAll(/\[[^\]]*\]/g, 'x').split(/[\s,]+/).filter((part) => part !== '').length; // prettier-ignore
}
