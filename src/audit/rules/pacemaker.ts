// PC: Pacemaker and SBD. Whether a lost node is really off before others take over, and whether anything may move.
// Manuals: Pacemaker Explained (cluster options, fencing), sbd(8), pcs(8)
import type { Option } from '../../formats/document.ts';
import type { PacemakerResource } from '../../formats/pacemaker-document.ts';
import type { AuditFile, Estate } from '../estate.ts';
import { hit, needsLiveData } from '../rule.ts';
import type { Hit, Rule } from '../rule.ts';

const EXPLAINED = 'Pacemaker Explained';
const SHORT_TIMEOUT_SECONDS = 60;

type ClusterFile = AuditFile<'pacemaker'>;

const rules: readonly Rule[] = [
  {
    id: 'PC01', letter: 'C', effect: 'data', source: `${EXPLAINED}: stonith-enabled; clusters without fencing are not supported`,
    title: 'Fencing is switched off',
    explanation: 'A node that hangs is taken for dead while it still writes: data is corrupted.',
    remediation: 'Configure fence devices and run `pcs property set stonith-enabled=true`.',
    evaluate: (estate) => property(estate, 'stonith-enabled', (text) => isFalse(text) && 'stonith-enabled is false'),
  },
  {
    id: 'PC02', letter: 'C', effect: 'outage', source: `${EXPLAINED}: resources do not start without fence devices`,
    title: 'No fence device for a node',
    explanation: 'A node that cannot be fenced stops the recovery: its resources stay down.',
    remediation: 'Write a fence device for every node (pcmk_host_list or pcmk_host_map).',
    evaluate: (estate) => each(estate, (file) => {
      const devices = file.document.resources.filter(isFence);
      if (file.document.resources.length === 0) return [];
      if (devices.length === 0) return [hit(file, file.document, 'no stonith resource')];
      if (devices.some((device) => value(device.attributes, 'pcmk_host_list') === undefined && value(device.attributes, 'pcmk_host_map') === undefined)) return [];
      const covered = new Set(devices.flatMap((device) => ['pcmk_host_list', 'pcmk_host_map'].flatMap((key) => (value(device.attributes, key)?.value ?? '').split(/[\s,;]+/).map((name) => name.split(':')[0]))));
      return file.document.nodes.filter(({ name }) => !covered.has(name)).map((node) => hit(file, node, `no fence device covers ${node.name}`));
    }),
  },
  needsLiveData({
    id: 'PC03', letter: 'H', effect: 'outage',
    title: 'A fence device depends on what it fences',
    explanation: 'The device cannot be reached when it is needed.',
    remediation: 'Put the BMC on a network and a power supply of its own.',
  }, 'how the BMCs are cabled', (estate) => estate.of('pacemaker').some(({ document }) => document.resources.some(isFence))),
  {
    id: 'PC04', letter: 'H', effect: 'instances', source: 'pcs status: warns of `action` and method=cycle',
    title: 'A fence device with action or method=cycle',
    explanation: 'The device does another thing than asked, or cannot prove that the node is off.',
    remediation: 'Remove `action`, write method=onoff.',
    evaluate: (estate) => each(estate, (file) => file.document.resources.filter(isFence).flatMap((device) => device.attributes.filter(({ key, value: text }) => key === 'action' || (key === 'method' && text === 'cycle')).map((option) => hit(file, option, `${device.id}: ${option.key}=${option.value}`)))),
  },
  {
    id: 'PC13', letter: 'H', effect: 'outage', source: 'pcs resource clear; SUSE Trento check FA37C7',
    title: 'A ban or move was left behind',
    explanation: 'The resource may not run on that node ever again: at the next failure there is nowhere to go.',
    remediation: 'Run `pcs resource clear RESOURCE`.',
    evaluate: (estate) => each(estate, (file) => file.document.constraints.filter(({ id }) => /^cli-(?:ban|prefer|standby)-/.test(id)).map((constraint) => hit(file, constraint, `the constraint ${constraint.id}`))),
  },
  {
    id: 'PC14', letter: 'M', effect: 'outage', source: `${EXPLAINED}: priority-fencing-delay; pcmk_delay_max`,
    title: 'Two nodes without a fencing delay',
    explanation: 'When their link fails, both nodes shoot each other and nothing is left.',
    remediation: 'Run `pcs property set priority-fencing-delay=15s`, or give one device pcmk_delay_base.',
    evaluate: (estate) => each(estate, (file) => {
      const delayed = propertyOf(file, 'priority-fencing-delay') !== undefined || file.document.resources.some((device) => device.attributes.some(({ key }) => /^pcmk_delay_(?:max|base)$/.test(key)));
      const [first] = file.document.resources.filter(isFence);
      return file.document.nodes.length !== 2 || first === undefined || delayed ? [] : [hit(file, first, 'neither priority-fencing-delay nor pcmk_delay_max')];
    }),
  },
  {
    id: 'PC15', letter: 'H', effect: 'outage', source: `${EXPLAINED}: stonith-timeout; sbd(8): 1.2 x msgwait`,
    title: 'stonith-timeout below the time a device needs',
    explanation: 'Fencing counts as failed while it still runs: recovery stops.',
    remediation: 'Write a stonith-timeout above the longest power_timeout, pcmk_reboot_timeout or 1.2 x msgwait.',
    evaluate: (estate) => each(estate, (file) => {
      const limit = propertyOf(file, 'stonith-timeout');
      const needs = Math.max(0, ...file.document.resources.filter(isFence).flatMap(({ attributes }) => attributes.filter(({ key }) => /^(?:power_timeout|pcmk_(?:reboot|off)_timeout|shell_timeout)$/.test(key)).map((option) => seconds(option.value))));
      return limit !== undefined && seconds(limit.value) < needs ? [hit(file, limit, `stonith-timeout ${limit.value}, a device may take ${needs} s`)] : [];
    }),
  },
  {
    id: 'PC16', letter: 'C', effect: 'data', source: 'OpenStack HA guide: always run with quorum; Pacemaker Explained: no-quorum-policy',
    title: 'Work goes on without quorum',
    explanation: 'Both sides of a cut cluster start everything: data is corrupted.',
    remediation: 'Run `pcs property set no-quorum-policy=stop` (or freeze).',
    evaluate: (estate) => property(estate, 'no-quorum-policy', (text) => text === 'ignore' && 'no-quorum-policy is ignore'),
  },
  {
    id: 'PC17', letter: 'M', effect: 'outage', source: 'sbd(8): one or three devices; SUSE Trento check 61451E',
    title: 'Two SBD devices, or an empty one in the list',
    explanation: 'With two devices the loss of one is as bad as that of both.',
    remediation: 'Write one or three devices in SBD_DEVICE, separated by one semicolon.',
    evaluate: (estate) => estate.of('env').flatMap((file) => file.document.options.filter(({ key, value: text }) => key === 'SBD_DEVICE' && (text.split(';').filter((part) => part.trim() !== '').length === 2 || text.includes(';;'))).map((option) => hit(file, option, `SBD_DEVICE is ${option.value}`))),
  },
  {
    id: 'PC18', letter: 'C', effect: 'data', source: 'sbd(8): the watchdog is what fences a node that lost its disk',
    title: 'SBD without a watchdog',
    explanation: 'A node that should fence itself goes on writing.',
    remediation: 'Write SBD_WATCHDOG_DEV=/dev/watchdog and enable sbd.service.',
    evaluate: (estate) => estate.of('env').flatMap((file) => {
      const sbd = file.document.options.find(({ key }) => key === 'SBD_DEVICE' || key === 'SBD_STARTMODE');
      const watchdog = file.document.options.findLast(({ key }) => key === 'SBD_WATCHDOG_DEV');
      return sbd === undefined || (watchdog !== undefined && watchdog.value !== '' && watchdog.value !== '/dev/null') ? [] : [hit(file, watchdog ?? sbd, 'SBD_WATCHDOG_DEV names no device')];
    }),
  },
  {
    id: 'PC19', letter: 'H', effect: 'outage', source: `${EXPLAINED}: interleave; crowbar-openstack pull request 330`,
    title: 'Clones with an order but without interleave',
    explanation: 'One node’s failure restarts the service on all nodes.',
    remediation: 'Run `pcs resource meta CLONE interleave=true`.',
    evaluate: (estate) => each(estate, (file) => {
      const ordered = new Set(file.document.constraints.filter(({ kind }) => kind === 'order').flatMap(({ resources }) => resources));
      return file.document.resources.filter(({ clone }) => clone !== undefined && ordered.has(clone.id) && value(clone.meta, 'interleave')?.value !== 'true').map(({ clone, ...resource }) => hit(file, clone ?? resource, `${clone?.id ?? ''} is not interleaved`));
    }),
  },
  {
    id: 'PC20', letter: 'M', effect: 'errors', source: 'crowbar-openstack pull request 2065: 30 s is far too low',
    title: 'Failures are forgotten too soon',
    explanation: 'A service that cannot run is started over and over on the same node.',
    remediation: 'Write a failure-timeout of several minutes.',
    evaluate: (estate) => each(estate, (file) => file.document.resources.flatMap(({ id, meta }) => {
      const option = value(meta, 'failure-timeout');
      return option !== undefined && seconds(option.value) > 0 && seconds(option.value) < SHORT_TIMEOUT_SECONDS ? [hit(file, option, `${id}: failure-timeout ${option.value}`)] : [];
    })),
  },
  {
    id: 'PC21', letter: 'H', effect: 'outage', source: 'crowbar-openstack pull request 1290; resource-agents: galera, rabbitmq-cluster',
    title: 'Too little time for Galera or RabbitMQ to start',
    explanation: 'A member that still recovers is killed and started again: it never comes back.',
    remediation: 'Write start and promote time-outs of 300 s.',
    evaluate: (estate) => each(estate, (file) => file.document.resources.filter(({ agent }) => /galera|rabbitmq/.test(agent)).flatMap(({ id, operations }) => operations.filter(({ name }) => name === 'start' || name === 'promote').flatMap((operation) => {
      const limit = value(operation.options, 'timeout');
      return limit !== undefined && seconds(limit.value) < SHORT_TIMEOUT_SECONDS * 2 ? [hit(file, limit, `${id}: ${operation.name} may take ${limit.value}`)] : [];
    }))),
  },
  {
    id: 'PC22', letter: 'H', effect: 'outage', source: `${EXPLAINED}: maintenance-mode, standby, is-managed`,
    title: 'Maintenance was left on',
    explanation: 'Nothing is started anywhere when something fails.',
    remediation: 'Run `pcs property set maintenance-mode=false`, `pcs node unstandby --all`, `pcs resource manage RESOURCE`.',
    evaluate: (estate) => each(estate, (file) => [
      ...file.document.properties.filter(({ key, value: text }) => key === 'maintenance-mode' && !isFalse(text)).map((option) => hit(file, option, 'maintenance-mode is on')),
      ...file.document.nodes.flatMap(({ name, attributes }) => attributes.filter(({ key, value: text }) => /^(?:standby|maintenance)$/.test(key) && !isFalse(text) && text !== 'off').map((option) => hit(file, option, `${name} is in ${option.key}`))),
      ...file.document.resources.flatMap(({ id, meta }) => meta.filter(({ key, value: text }) => key === 'is-managed' && isFalse(text)).map((option) => hit(file, option, `${id} is not managed`))),
    ]),
  },
  {
    id: 'PC24', letter: 'H', effect: 'data', source: 'risu: cluster_volume; Pacemaker must be the only one that starts a resource',
    title: 'A service is started by systemd and by Pacemaker',
    explanation: 'After a boot it runs on two nodes at once.',
    remediation: 'Run `systemctl disable UNIT` on every node.',
    evaluate: (estate) => estate.of('pacemaker').flatMap((file) => file.document.resources.flatMap((resource) => {
      const unit = /^systemd:(.+)$/.exec(resource.agent)?.[1]?.replace(/\.service$/, '') ?? (resource.agent.endsWith(':galera') ? 'mariadb' : undefined);
      const link = estate.links.find(({ path }) => unit !== undefined && path.includes('.wants/') && path.endsWith(`/${unit}.service`));
      return link === undefined ? [] : [hit(file, resource, `${unit ?? ''} is also enabled: ${link.path}`)];
    })),
  },
  needsLiveData({
    id: 'PC25', letter: 'H', effect: 'exposure', source: 'SUSE Trento check 790926',
    title: 'The well-known password of hacluster',
    explanation: 'Whoever reaches port 2224 controls the cluster.',
    remediation: 'Set another password for hacluster on every node.',
  }, 'the password hash of hacluster (/etc/shadow is not read)', (estate) => estate.of('pacemaker').length > 0),
]; // prettier-ignore

export default rules;

function each(estate: Estate, check: (file: ClusterFile) => readonly Hit[]): readonly Hit[] {
  return estate.of('pacemaker').flatMap(check);
}

function propertyOf(file: ClusterFile, key: string): Option | undefined {
  return value(file.document.properties, key);
}

function property(estate: Estate, key: string, check: (text: string) => false | string): readonly Hit[] {
  return each(estate, (file) => {
    const option = propertyOf(file, key);
    const fault = option !== undefined && check(option.value);
    return option === undefined || fault === false ? [] : [hit(file, option, fault)];
  });
}

function value(options: readonly Option[], key: string): Option | undefined {
  return options.findLast((option) => option.key === key);
}

function isFence(resource: PacemakerResource): boolean {
  return resource.agent.startsWith('stonith:');
}

function isFalse(text: string): boolean {
  return /^(?:false|0|no|off|n)$/i.test(text);
}

/** `2min`, `90s` or `90`. */
function seconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|msec|s|sec|m|min|h|hr)?$/.exec(text);
  const unit = match?.[2] ?? 's';
  const factor = unit.startsWith('ms') ? 0.001 : unit.startsWith('m') ? 60 : unit.startsWith('h') ? 3600 : 1;
  return match === null ? Number.NaN : Number(match[1]) * factor;
}
