// KA: what keepalived watches, and what the addresses stand on. A host that looks healthy keeps the address.
// Manual: keepalived.conf(5)
import type { PlacedNode } from '../../formats/keepalived-conf-read.ts';
import { nodesOf } from '../../formats/keepalived-conf-read.ts';
import type { AuditFile, Estate } from '../estate.ts';
import { hit, needsLiveData } from '../rule.ts';
import type { Hit, Rule, RuleResult } from '../rule.ts';
import type { VrrpInstance } from '../views/vrrp.ts';
import { commandOf, elections, entries, globalDefs, numberOf, scripts, setting, vrrpInstances, vrrpVersion } from '../views/vrrp.ts'; // prettier-ignore

const MANUAL = 'keepalived.conf(5)';
/** Detection slower than the slowest VRRPv2 election makes the check the longest part of a failover. */
const SLOW_CHECK_SECONDS = 4;

const rules: readonly Rule[] = [
  {
    id: 'KA07', letter: 'C', effect: 'outage', source: `${MANUAL}: weight of a vrrp_script`,
    title: 'The weight of a check is too small to change the election',
    explanation: 'The check fails, the priority falls, and the host is still the highest: the address stays on a dead proxy.',
    remediation: 'Leave weight out (the instance then goes to FAULT), or write one larger than the distance between the priorities.',
    evaluate: (estate) => elections(estate).flatMap(weakWeights),
  },
  {
    id: 'KA08', letter: 'C', effect: 'outage', source: `${MANUAL}: track_script, track_process`,
    title: 'Nothing is checked besides the host',
    explanation: 'The address stays on a host whose proxy died: the cloud is down while all hosts are up.',
    remediation: 'Write a vrrp_script that asks the proxy, and name it in track_script.',
    evaluate: (estate) => perInstance(estate, (instance) => {
      const tracked = ['track_script', 'track_process', 'track_file'].some((key) => entries(instance.node, key).length > 0);
      return tracked || groupTracks(instance) ? undefined : hit(instance.file, instance.node, `${instance.name} tracks no script and no process`);
    }),
  },
  {
    id: 'KA09', letter: 'H', effect: 'exposure', source: `${MANUAL}: enable_script_security`,
    title: 'Check scripts run without script security',
    explanation: 'A script that somebody else may write runs as root.',
    remediation: 'Write `enable_script_security` and `script_user` in global_defs.',
    evaluate: (estate) => estate.of('keepalived').flatMap((file) => {
      const [first] = scripts(file);
      const secured = setting(globalDefs(file), 'enable_script_security') !== undefined;
      return first === undefined || secured ? [] : [hit(file, globalDefs(file) ?? first, 'enable_script_security is not set')];
    }),
  },
  {
    id: 'KA10', letter: 'C', effect: 'outage', source: 'keepalived vrrp.c: a script that is missing or not executable is disabled',
    title: 'A check script is not there or not executable',
    explanation: 'keepalived disables the check with one line in the log: the address stays on a dead proxy.',
    remediation: 'Install the script at this path with mode 0755.',
    evaluate: (estate) => estate.of('keepalived').flatMap((file): readonly RuleResult[] => scripts(file).flatMap((script) => scriptFault(estate, file, script))),
  },
  needsLiveData({
    id: 'KA15', letter: 'H', effect: 'outage',
    title: 'The address is not in a network of its interface',
    explanation: 'After the failover nobody reaches the address.',
    remediation: 'Put the address on the interface of its network.',
  }, 'the addresses of the hosts (`ip address`)', (estate) => vrrpInstances(estate).length > 0),
  {
    id: 'KA16', letter: 'H', effect: 'outage', source: `${MANUAL}: track_interface`,
    title: 'The interface that carries the address is not tracked',
    explanation: 'The link of the address fails and the host keeps it: users outside reach nothing.',
    remediation: 'Name the interface of the address in track_interface.',
    evaluate: (estate) => perInstance(estate, (instance) => {
      const main = setting(instance.node, 'interface')?.words[1];
      const tracked = new Set([main, ...entries(instance.node, 'track_interface').map(({ words }) => words[0])]);
      const other = entries(instance.node, 'virtual_ipaddress').find(({ words }) => {
        const device = words[words.indexOf('dev') + 1];
        return words.includes('dev') && !tracked.has(device);
      });
      return other === undefined ? undefined : hit(instance.file, other, `its interface is not ${main ?? 'the main one'} and not tracked`);
    }),
  },
  {
    id: 'KA17', letter: 'L', effect: 'slow', source: `${MANUAL}: interval, fall of a vrrp_script`,
    title: 'A dead proxy is noticed later than a dead host',
    explanation: 'interval x fall is longer than the election itself: users wait for the check.',
    remediation: 'Write a smaller interval or fall (and a timeout below the interval).',
    evaluate: (estate) => estate.of('keepalived').flatMap((file) => scripts(file).flatMap((script) => {
      const delay = numberOf(script, 'interval', 1) * numberOf(script, 'fall', 1);
      return delay > SLOW_CHECK_SECONDS ? [hit(file, setting(script, 'interval') ?? script, `a failure counts after ${delay} s`)] : [];
    })),
  },
  {
    id: 'KA19', letter: 'M', effect: 'errors',
    title: 'Two addresses without a sync group',
    explanation: 'Internal and public address may end on different hosts; what routes between them breaks.',
    remediation: 'Put both instances in one vrrp_sync_group, or make sure nothing needs them together.',
    evaluate: (estate) => estate.of('keepalived').flatMap((file) => {
      const [, second] = nodesOf(file.document.nodes, 'vrrp_instance');
      return second === undefined || nodesOf(file.document.nodes, 'vrrp_sync_group').length > 0 ? [] : [hit(file, second, 'a second address without vrrp_sync_group')];
    }),
  },
  {
    id: 'KA20', letter: 'M', effect: 'slow', source: `${MANUAL}: vrrp_rt_priority, vrrp_priority`,
    title: 'Fast adverts without priority for keepalived',
    explanation: 'On a busy host adverts come late and another host takes the address without need.',
    remediation: 'Write `vrrp_rt_priority 50` in global_defs, or CPUSchedulingPolicy=rr in a drop-in of the unit.',
    evaluate: (estate) => perInstance(estate, (instance) => {
      const advert = setting(instance.node, 'advert_int');
      const defs = globalDefs(instance.file);
      const raised = ['vrrp_rt_priority', 'vrrp_priority'].some((key) => setting(defs, key) !== undefined) || unitRaised(estate, instance.file);
      return advert !== undefined && Number(advert.words[1]) < 1 && vrrpVersion(instance) === 3 && !raised ? hit(instance.file, advert, `adverts every ${advert.words[1] ?? ''} s without real-time priority`) : undefined;
    }),
  },
  {
    id: 'KA21', letter: 'H', effect: 'outage', source: 'HAProxy management guide (stats socket); freezes leave the process alive',
    title: 'The check sees only that the process exists',
    explanation: 'A frozen or deadlocked HAProxy keeps the address: requests hang until somebody acts.',
    remediation: 'Ask HAProxy: a request to a `monitor-uri`, or `show info` on its stats socket, with a timeout.',
    evaluate: (estate) => estate.of('keepalived').flatMap((file) => scripts(file).flatMap((script) => {
      const command = setting(script, 'script');
      return command !== undefined && existsOnly(estate, file, script) ? [hit(file, command, 'this check passes while the process hangs')] : [];
    })),
  },
]; // prettier-ignore

export default rules;

function perInstance(estate: Estate, check: (instance: VrrpInstance) => Hit | undefined): readonly Hit[] {
  return vrrpInstances(estate).flatMap((instance) => check(instance) ?? []);
}

function weakWeights(group: readonly VrrpInstance[]): readonly Hit[] {
  const priorities = group.map(({ node }) => numberOf(node, 'priority', 100));
  return group.flatMap((instance) => {
    const own = numberOf(instance.node, 'priority', 100);
    const next = Math.max(...priorities.filter((priority) => priority < own));
    if (!Number.isFinite(next)) return [];
    return scripts(instance.file).flatMap((script) => {
      const used = entries(instance.node, 'track_script').find(({ words }) => words[0] === script.words[1]);
      const weight = setting(script, 'weight');
      const inline = used?.words.indexOf('weight') ?? -1;
      const value = inline > 0 ? Number(used?.words[inline + 1]) : Number(weight?.words[1] ?? 0);
      const place = inline > 0 ? used : weight;
      if (used === undefined || place === undefined || value === 0 || Math.abs(value) > own - next) return [];
      const message = `weight ${value} leaves priority ${own - Math.abs(value)}, the next host has ${next}`;
      return [hit(instance.file, place, message)];
    });
  });
}

/** A sync group may hold the check for its members. */
function groupTracks({ file, name }: VrrpInstance): boolean {
  return nodesOf(file.document.nodes, 'vrrp_sync_group').some(
    (group) =>
      entries(group, 'group').some(({ words }) => words[0] === name) && entries(group, 'track_script').length > 0,
  );
}

/** The file a script block runs, when the host's tree holds files of that part of the system. */
function scriptFile(estate: Estate, file: AuditFile, script: PlacedNode) {
  const path = commandOf(script)
    .split(' ')
    .find((word) => word.startsWith('/'));
  if (path === undefined) return undefined;
  const own = estate.files.filter(({ host }) => host === file.host);
  const folder = path.slice(1, path.lastIndexOf('/') + 1);
  return {
    path,
    found: own.find(({ name }) => `/${name}` === path),
    folderKnown: own.some(({ name }) => name.startsWith(folder)),
  };
}

function scriptFault(estate: Estate, file: AuditFile<'keepalived'>, script: PlacedNode): readonly RuleResult[] {
  const at = setting(script, 'script') ?? script;
  const wanted = scriptFile(estate, file, script);
  if (wanted === undefined || /^\/(?:usr\/)?s?bin\//.test(wanted.path)) return [];
  if (wanted.found !== undefined) {
    const runs = (wanted.found.mode & 0o111) !== 0;
    return runs ? [] : [hit(file, at, `${wanted.path} is not executable`)];
  }
  if (!wanted.folderKnown) return [{ missing: `the file ${wanted.path}` }];
  return [hit(file, at, `${wanted.path} is not there`)];
}

function existsOnly(estate: Estate, file: AuditFile<'keepalived'>, script: PlacedNode): boolean {
  const weak = /\bkillall -0\b|\bkill -0\b|\bpidof\b|\bpgrep\b/;
  if (weak.test(commandOf(script))) return true;
  const text = scriptFile(estate, file, script)?.found?.text;
  return text !== undefined && weak.test(text) && !/curl|wget|socat|\bnc\b|show info|\/dev\/tcp|openssl/.test(text);
}

function unitRaised(estate: Estate, file: AuditFile): boolean {
  return estate
    .of('unit')
    .some(
      (unit) =>
        unit.host === file.host && /keepalived/.test(unit.path) && /^(?:CPUSchedulingPolicy|Nice)=/m.test(unit.text),
    );
}
