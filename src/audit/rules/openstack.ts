// OS: OpenStack services. Keys, agents, endpoints and stores that a second controller does not make redundant by itself.
// Manuals: configuration references of Keystone, Glance, Cinder, Neutron; OpenStack HA guide
import type { AuditFile, Estate } from '../estate.ts';
import { iniOption, sectionPlace } from '../estate.ts';
import { hit, needsLiveData } from '../rule.ts';
import type { Rule } from '../rule.ts';

const rules: readonly Rule[] = [
  {
    id: 'OS01', letter: 'C', effect: 'errors', source: 'Keystone documentation: fernet keys must be distributed; comparison of the hosts',
    title: 'Token keys differ between hosts',
    explanation: 'Tokens of one controller are refused by another: users are logged out at random (401).',
    remediation: 'Copy one key repository to all hosts, and rotate on one host only.',
    evaluate: (estate) => {
      const first = new Map<string, AuditFile>();
      return estate.of('opaque').filter(({ name }) => /(?:fernet|credential|jws)[-_]keys\//.test(name)).flatMap((file) => {
        const known = first.get(file.name);
        if (known === undefined) first.set(file.name, file);
        // Never the key itself.
        return known === undefined || known.text.trim() === file.text.trim() ? [] : [hit(file, { line: 1, column: 1 }, `not the key of ${known.path}`)];
      });
    },
  },
  {
    id: 'OS02', letter: 'H', effect: 'errors', source: 'Keystone documentation: fernet_rotate on one host, then distribute',
    title: 'Keys are rotated on several hosts',
    explanation: 'After the first rotation every host has other keys: users are logged out at random.',
    remediation: 'Rotate on one host and distribute from there.',
    evaluate: (estate) => {
      const rotating = estate.of('cron').flatMap((file) => lines(file).filter(({ text }) => /^[^#]*(?:fernet|credential)[-_]rotate/.test(text)).map(({ line }) => ({ file, line })));
      return new Set(rotating.map(({ file }) => file.host)).size < 2 ? [] : rotating.slice(1).map(({ file, line }) => hit(file, { line, column: 1 }, 'another host rotates too'));
    },
  },
  {
    id: 'OS03', letter: 'C', effect: 'data', source: 'Glance documentation: the file store is a directory of the host',
    title: 'Images are stored on the disk of one host',
    explanation: 'An image exists on the controller that took it: elsewhere instances do not start, and with the disk it is gone.',
    remediation: 'Use Ceph, Swift or a shared file system.',
    evaluate: (estate) => estate.oslo('glance').flatMap((file) => {
      const store = iniOption(file.document, 'glance_store', 'default_store') ?? iniOption(file.document, 'DEFAULT', 'enabled_backends');
      const directory = iniOption(file.document, 'glance_store', 'filesystem_store_datadir');
      const mounted = estate.of('unit').some(({ host, path, text }) => host === file.host && path.endsWith('.mount') && /^Where=.*(?:glance|images)/m.test(text));
      return store === undefined || !/^(?:file|filesystem)$|:file\b/.test(store.value) || mounted ? [] : [hit(file, directory ?? store, 'a directory of this host')];
    }),
  },
  {
    id: 'OS04', letter: 'H', effect: 'data', source: 'Cinder documentation: active-active needs cluster and coordination',
    title: 'Active-active volume service without coordination',
    explanation: 'Two services work on one volume at once: it may be lost.',
    remediation: 'Write `backend_url = etcd3+http://...` in [coordination].',
    evaluate: (estate) => estate.oslo('cinder').flatMap((file) => {
      const cluster = iniOption(file.document, 'DEFAULT', 'cluster');
      return cluster === undefined || iniOption(file.document, 'coordination', 'backend_url') !== undefined ? [] : [hit(file, cluster, 'cluster is set, [coordination] backend_url is not')];
    }),
  },
  {
    id: 'OS05', letter: 'H', effect: 'errors', source: 'openstack-ansible os_cinder: backend_host with active-active is deprecated',
    title: 'Several volume services pretend to be one host',
    explanation: 'Messages are taken by whichever reads first, and services overwrite each other’s state.',
    remediation: 'Use `cluster` with [coordination], or run one cinder-volume under Pacemaker.',
    evaluate: (estate) => {
      const all = estate.oslo('cinder').flatMap((file) => file.document.sections.flatMap(({ options }) => options.filter(({ key }) => key === 'backend_host').map((option) => ({ file, option }))));
      return all.filter(({ file, option }) => all.some((other) => other.file.host !== file.host && other.option.value === option.value)).slice(1).map(({ file, option }) => hit(file, option, `backend_host ${option.value} is also that of another host`));
    },
  },
  {
    id: 'OS06', letter: 'H', effect: 'outage', source: 'Neutron configuration reference: dhcp_agents_per_network (1)',
    title: 'One DHCP server for each network',
    explanation: 'With its host the addresses go: instances that boot or renew get none.',
    remediation: 'Write `dhcp_agents_per_network = 2` in neutron.conf.',
    evaluate: (estate) => neutronServers(estate).flatMap((file) => {
      const option = iniOption(file.document, 'DEFAULT', 'dhcp_agents_per_network');
      return usesOvn(estate) || Number(option?.value ?? 1) > 1 ? [] : [hit(file, option ?? sectionPlace(file.document, 'DEFAULT'), 'dhcp_agents_per_network is 1')];
    }),
  },
  {
    id: 'OS07', letter: 'C', effect: 'outage', source: 'Neutron documentation: l3_ha (false), DVR, OVN',
    title: 'Routers live on one host',
    explanation: 'With the network node all instances behind its routers lose the outside.',
    remediation: 'Write `l3_ha = true` in neutron.conf (new routers only), or use OVN.',
    evaluate: (estate) => neutronServers(estate).flatMap((file) => {
      const option = iniOption(file.document, 'DEFAULT', 'l3_ha');
      return usesOvn(estate) || /^true$/i.test(option?.value ?? '') || /^true$/i.test(iniOption(file.document, 'DEFAULT', 'router_distributed')?.value ?? '') ? [] : [hit(file, option ?? sectionPlace(file.document, 'DEFAULT'), 'l3_ha is not true')];
    }),
  },
  {
    id: 'OS08', letter: 'M', effect: 'errors', source: 'Neutron documentation: allow_automatic_l3agent_failover is for routers without HA',
    title: 'Two mechanisms move routers',
    explanation: 'The rescheduler moves a router that VRRP already moved: its instances are cut off twice.',
    remediation: 'Write `allow_automatic_l3agent_failover = false`.',
    evaluate: (estate) => neutronServers(estate).flatMap((file) => {
      const option = iniOption(file.document, 'DEFAULT', 'allow_automatic_l3agent_failover');
      return option !== undefined && /^true$/i.test(option.value) && /^true$/i.test(iniOption(file.document, 'DEFAULT', 'l3_ha')?.value ?? '') ? [hit(file, option, 'beside l3_ha')] : [];
    }),
  },
  {
    id: 'OS09', letter: 'M', effect: 'errors', source: 'Neutron configuration reference: max_l3_agents_per_router, min_l3_agents_per_router (removed)',
    title: 'A minimum of agents that a failure undercuts',
    explanation: 'While one network node is down, no router can be created.',
    remediation: 'Remove min_l3_agents_per_router.',
    evaluate: (estate) => neutronServers(estate).flatMap((file) => {
      const option = iniOption(file.document, 'DEFAULT', 'min_l3_agents_per_router');
      return option === undefined || Number(option.value) < 3 ? [] : [hit(file, option, `min_l3_agents_per_router is ${option.value}`)];
    }),
  },
  {
    id: 'OS10', letter: 'M', effect: 'outage', source: 'Neutron configuration reference: ha_vrrp_health_check_interval (0; 5 is recommended)',
    title: 'Routers do not look whether the outside is there',
    explanation: 'The outer link of a network node fails and its routers stay there: instances have no outside.',
    remediation: 'Write `ha_vrrp_health_check_interval = 5` in l3_agent.ini.',
    evaluate: (estate) => estate.oslo('l3_agent').flatMap((file) => {
      const option = iniOption(file.document, 'DEFAULT', 'ha_vrrp_health_check_interval');
      return Number(option?.value ?? 0) > 0 ? [] : [hit(file, option ?? sectionPlace(file.document, 'DEFAULT'), 'ha_vrrp_health_check_interval is 0')];
    }),
  },
  needsLiveData({
    id: 'OS11', letter: 'H', effect: 'outage', source: 'OpenStack performance-docs: L3 HA, unmanaged states at 227 to 250 routers',
    title: 'Too many routers with HA for an agent',
    explanation: 'After a failure routers stay in an unknown state.',
    remediation: 'Add network nodes, or use OVN.',
  }, 'the number of routers for each agent', (estate) => neutronServers(estate).some((file) => /^true$/i.test(iniOption(file.document, 'DEFAULT', 'l3_ha')?.value ?? ''))),
  {
    id: 'OS12', letter: 'C', effect: 'outage', source: 'ovsdb(7): clusters of three or five servers; Neutron OVN documentation',
    title: 'OVN databases without a majority to spare',
    explanation: 'With one database server the networks of all instances can no longer change.',
    remediation: 'Name three (or five) servers in ovn_nb_connection and ovn_sb_connection.',
    evaluate: (estate) => estate.of('oslo').flatMap((file) => ['ovn_nb_connection', 'ovn_sb_connection'].flatMap((key) => {
      const option = iniOption(file.document, 'ovn', key);
      const count = option?.value.split(',').length ?? 0;
      return option === undefined || option.value.startsWith('unix:') || (count > 2 && count % 2 === 1) ? [] : [hit(file, option, `${key} names ${count} ${count === 1 ? 'server' : 'servers'}`)];
    })),
  },
  {
    id: 'OS13', letter: 'H', effect: 'outage', source: 'openshift cluster-network-operator pull request 631: a dead lock is never released',
    title: 'OVN never notices a dead connection',
    explanation: 'A server that lost power keeps its lock: the network is no longer updated.',
    remediation: 'Write `ovsdb_probe_interval = 60000` (milliseconds).',
    evaluate: (estate) => estate.of('oslo').flatMap((file) => {
      const option = iniOption(file.document, 'ovn', 'ovsdb_probe_interval');
      return option?.value === '0' ? [hit(file, option, 'ovsdb_probe_interval is 0')] : [];
    }),
  },
  {
    id: 'OS14', letter: 'C', effect: 'outage',
    title: 'A service asks one controller, not the floating address',
    explanation: 'With that controller the service stops, although others are up.',
    remediation: 'Write the floating address (or its name) into auth_url and www_authenticate_uri.',
    evaluate: (estate) => estate.of('oslo').flatMap((file) => {
      const members = new Set(estate.hosts.flatMap((host) => host.mycnf('wsrep_node_address')?.option.value ?? []));
      return ['auth_url', 'www_authenticate_uri'].flatMap((key) => {
        const option = iniOption(file.document, 'keystone_authtoken', key);
        const address = /^https?:\/\/([^/:]+)/.exec(option?.value ?? '')?.[1] ?? '';
        return option !== undefined && members.has(address) ? [hit(file, option, `${address} is one controller`)] : [];
      });
    }),
  },
  needsLiveData({
    id: 'OS15', letter: 'H', effect: 'outage',
    title: 'A service runs on one host only',
    explanation: 'With the host the service is gone.',
    remediation: 'Start it on all controllers.',
  }, 'which services run where (`openstack compute service list`)', (estate) => estate.oslo('nova').length > 0),
  needsLiveData({
    id: 'OS16', letter: 'C', effect: 'outage', source: 'common cause: one rack, one failure',
    title: 'All controllers in one failure domain',
    explanation: 'One power or switch failure stops the cloud.',
    remediation: 'Spread the controllers over racks and power supplies.',
  }, 'where the hosts stand (racks, power)', (estate) => estate.oslo('keystone').length > 1),
  {
    id: 'OS17', letter: 'M', effect: 'errors', source: 'chrony FAQ: how many time sources; Ceph and token checks need equal clocks',
    title: 'One time source',
    explanation: 'When it is gone or wrong, clocks part: tokens are refused, Ceph monitors lose their quorum.',
    remediation: 'Write at least three servers, or a pool, in chrony.conf.',
    evaluate: (estate) => estate.of('chrony').flatMap((file) => {
      const sources = file.document.options.filter(({ key }) => /^(?:server|pool|peer|refclock)$/.test(key));
      const [only] = sources;
      return sources.length > 1 || only?.key === 'pool' || file.document.options.some(({ key }) => key === 'sourcedir') ? [] : [hit(file, only ?? { line: 1, column: 1 }, sources.length === 0 ? 'no time source' : 'one time source')];
    }),
  },
]; // prettier-ignore

export default rules;

/** neutron.conf of a server: agents have the same file without plug-ins; with SQLite it is as the package left it. */
function neutronServers(estate: Estate): readonly AuditFile<'oslo'>[] {
  return estate.oslo('neutron').filter(({ document }) => {
    const untouched = iniOption(document, 'database', 'connection')?.value.startsWith('sqlite:') ?? false;
    return iniOption(document, 'DEFAULT', 'core_plugin') !== undefined && !untouched;
  });
}

function usesOvn(estate: Estate): boolean {
  return estate.of('oslo').some((file) => /\bovn\b/.test(iniOption(file.document, 'ml2', 'mechanism_drivers')?.value ?? '') || iniOption(file.document, 'ovn', 'ovn_nb_connection') !== undefined); // prettier-ignore
}

function lines(file: AuditFile): readonly { readonly text: string; readonly line: number }[] {
  return file.text.split('\n').map((text, index) => ({ text, line: index + 1 }));
}
