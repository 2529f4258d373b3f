// IH: instance HA by Masakari. Whether a lost host is really off, when its instances come back, and where.
// Manuals: configuration references of Masakari, masakari-monitors and Nova
import type { AuditFile, Estate } from '../estate.ts';
import { iniOption, sectionPlace } from '../estate.ts';
import { hit, needsLiveData } from '../rule.ts';
import type { Hit, Rule } from '../rule.ts';

const DEFAULT_WAIT = 180;
const DEFAULT_DOWN = 60;
const PATIENCE = 60;

const monitored = (estate: Estate): boolean => monitors(estate).length > 0 || estate.oslo('masakari').length > 0;

const rules: readonly Rule[] = [
  {
    id: 'IH01', letter: 'C', effect: 'instances', source: 'OpenStack wiki and Masakari charm guide: instance HA needs fencing',
    title: 'Instance HA without fencing',
    explanation: 'A host that is only cut off still runs its instances while they start elsewhere: two writers on one disk.',
    remediation: 'Configure stonith for every compute host.',
    evaluate: (estate) => estate.of('pacemaker').flatMap((file) => {
      const fenced = file.document.resources.some(({ agent }) => agent.startsWith('stonith:'));
      return !monitored(estate) || fenced ? [] : [hit(file, file.document, 'Masakari is configured and no fence device is')];
    }),
  },
  {
    id: 'IH02', letter: 'C', effect: 'instances', source: 'Masakari wait_period_after_service_update; Nova service_down_time; ComputeServiceInUse',
    title: 'Evacuation is asked for before Nova takes the host for down',
    explanation: 'Nova refuses (ComputeServiceInUse): the instances stay down.',
    remediation: 'Write wait_period_after_service_update above service_down_time of Nova.',
    evaluate: (estate) => engines(estate).flatMap(({ file, wait, down, place }) => wait < down ? [hit(file, place, `waits ${wait} s, Nova needs ${down} s`)] : []),
  },
  {
    id: 'IH03', letter: 'M', effect: 'slow', source: 'Masakari wait_period_after_service_update: a fixed wait before evacuation',
    title: 'Evacuation waits longer than it need',
    explanation: 'Users wait for their instances although everything is known.',
    remediation: 'Write wait_period_after_service_update a little above service_down_time of Nova.',
    evaluate: (estate) => engines(estate).flatMap(({ file, wait, down, place, set }) => set && wait - down > PATIENCE ? [hit(file, place, `waits ${wait} s, ${down} s would do`)] : []),
  },
  {
    id: 'IH04', letter: 'H', effect: 'instances', source: 'masakari-monitors: disable_ipmi_check',
    title: 'Nobody looks whether the lost host is off',
    explanation: 'A host that lives is evacuated: two writers on one disk.',
    remediation: 'Write `disable_ipmi_check = false` in [host].',
    evaluate: (estate) => monitorOption(estate, 'disable_ipmi_check', (value) => /^true$/i.test(value) && 'disable_ipmi_check is true'),
  },
  {
    id: 'IH05', letter: 'M', effect: 'instances', source: 'masakari-monitors: monitoring_samples',
    title: 'One missed answer is enough',
    explanation: 'A short hiccup of the network evacuates a healthy host.',
    remediation: 'Write `monitoring_samples = 3` in [host].',
    evaluate: (estate) => monitorOption(estate, 'monitoring_samples', (value) => value === '1' && 'monitoring_samples is 1'),
  },
  {
    id: 'IH06', letter: 'H', effect: 'instances', source: 'Launchpad 1961110: duplicate notifications without coordination',
    title: 'Several Masakari APIs without coordination',
    explanation: 'One failure is handled twice: instances are evacuated while they are evacuated.',
    remediation: 'Write `backend_url` in [coordination] of masakari.conf.',
    evaluate: (estate) => {
      const all = estate.oslo('masakari');
      return new Set(all.map(({ host }) => host)).size < 2 ? [] : all.filter((file) => iniOption(file.document, 'coordination', 'backend_url') === undefined).map((file) => hit(file, sectionPlace(file.document, 'coordination'), 'no [coordination] backend_url'));
    },
  },
  {
    id: 'IH07', letter: 'H', effect: 'instances', source: 'Mirantis MOSK documentation: instances without shared disks are rebuilt from their image',
    title: 'Disks of instances lie on the host',
    explanation: 'An evacuated instance starts from its image again: what it wrote is gone.',
    remediation: 'Write `images_type = rbd` in [libvirt], or boot from volumes.',
    evaluate: (estate) => monitored(estate) ? estate.oslo('nova').flatMap((file) => {
      const type = iniOption(file.document, 'libvirt', 'images_type');
      return type !== undefined && /^(?:raw|qcow2|flat|lvm|default)$/.test(type.value) ? [hit(file, type, `images_type is ${type.value}`)] : [];
    }) : [],
  },
  needsLiveData({
    id: 'IH08', letter: 'C', effect: 'instances', source: 'arithmetic: what the largest host runs must fit elsewhere',
    title: 'No room for the instances of the largest host',
    explanation: 'Evacuation fails for want of a host.',
    remediation: 'Keep one host of each aggregate in reserve.',
  }, 'the inventories and usages of placement', monitored),
  needsLiveData({
    id: 'IH09', letter: 'C', effect: 'instances',
    title: 'Compute hosts in no segment',
    explanation: 'They are not protected, and nobody is told.',
    remediation: 'Add every compute host to a segment, by the name Nova has.',
  }, 'the segments (`openstack segment host list`)', monitored),
  {
    id: 'IH10', letter: 'C', effect: 'instances', source: 'hotsos: masakari needs pacemaker_remote on computes; masakari-monitors restrict_to_remotes',
    title: 'Only remote nodes are watched, and there are none',
    explanation: 'The monitor sees no compute host: none is ever evacuated.',
    remediation: 'Install pacemaker-remote on the computes and add ocf:pacemaker:remote resources.',
    evaluate: (estate) => estate.of('pacemaker').some(({ document }) => document.resources.some(({ agent }) => agent === 'ocf:pacemaker:remote')) || estate.of('pacemaker').length === 0 ? [] : monitorOption(estate, 'restrict_to_remotes', (value) => /^true$/i.test(value) && 'restrict_to_remotes, and Pacemaker has no remote node'),
  },
  needsLiveData({
    id: 'IH11', letter: 'H', effect: 'instances',
    title: 'Only the management network is watched',
    explanation: 'A host whose storage or tunnel network failed keeps its dead instances; one that lost management only is evacuated alive.',
    remediation: 'Watch every network that instances need.',
  }, 'which networks the monitors watch', monitored),
  {
    id: 'IH12', letter: 'L', effect: 'slow', source: 'Masakari host_failure: evacuation threads',
    title: 'Instances are evacuated one after another',
    explanation: 'The last instance of a large host waits for all others.',
    remediation: 'Write 3 to 10 threads (host_failure_recovery_threads).',
    evaluate: (estate) => estate.oslo('masakari').flatMap((file) => {
      const option = iniOption(file.document, 'DEFAULT', 'host_failure_recovery_threads');
      return option?.value === '1' ? [hit(file, option, 'one thread')] : [];
    }),
  },
  needsLiveData({
    id: 'IH13', letter: 'H', effect: 'instances',
    title: 'Untested BMCs',
    explanation: 'Fencing fails when it is needed.',
    remediation: 'Ask every BMC for its power state once an hour; give BMCs a switch and a supply of their own.',
  }, 'an answer of each BMC', monitored),
  needsLiveData({
    id: 'IH14', letter: 'C', effect: 'instances', source: 'openstack-k8s-operators infra-operator: gates before fencing',
    title: 'Nothing stops the fencing of many hosts at once',
    explanation: 'A failure of the network looks like that of all hosts: a healthy cloud is switched off.',
    remediation: 'Set a limit of hosts that may be fenced in a period.',
  }, 'the limits of the fencing in use', monitored),
]; // prettier-ignore

export default rules;

function monitors(estate: Estate): readonly AuditFile<'oslo'>[] {
  return [...estate.oslo('masakarimonitors'), ...estate.oslo('masakari')].filter(({ path }) => /monitors/.test(path));
}

function monitorOption(estate: Estate, key: string, check: (value: string) => false | string): readonly Hit[] {
  return monitors(estate).flatMap((file) => {
    const option = iniOption(file.document, 'host', key);
    const fault = option !== undefined && check(option.value);
    return option === undefined || fault === false ? [] : [hit(file, option, fault)];
  });
}

/** Masakari engines with the two times that race each other; only where Nova's file is there too. */
function engines(estate: Estate) {
  const downs = estate.oslo('nova').map((file) => Number(iniOption(file.document, 'DEFAULT', 'service_down_time')?.value ?? DEFAULT_DOWN)); // prettier-ignore
  if (downs.length === 0) return [];
  return estate.oslo('masakari').filter(({ path }) => !/monitors/.test(path)).map((file) => {
    const option = iniOption(file.document, 'DEFAULT', 'wait_period_after_service_update');
    const wait = Number(option?.value ?? DEFAULT_WAIT);
    return { file, wait, down: Math.max(...downs), place: option ?? sectionPlace(file.document, 'DEFAULT'), set: option !== undefined };
  }); // prettier-ignore
}
