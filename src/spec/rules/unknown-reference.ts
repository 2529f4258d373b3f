// Names of networks, hosts and VIPs are used only where they are defined.
import { entriesOf, own } from '../lookup.ts';
import type { SpecPath } from '../positions.ts';
import type { ClusterSpec } from '../schema.ts';
import { specRule } from './rule.ts';
import { knownInstead } from './wording.ts';

type Kind = 'network' | 'host' | 'VIP';

interface Reference {
  readonly kind: Kind;
  readonly name: string;
  readonly path: SpecPath;
  /** The name is a key. */
  readonly key?: boolean;
}

export default specRule({
  id: 'spec.unknown-reference',
  severity: 'critical',
  impact: 'What depends on the name is left out of the cluster.',
  source: 'the spec itself',
  reads: ['networks', 'uses', 'vips', 'hosts', 'services', 'config'],
  check: ({ spec }) => {
    const known: Readonly<Record<Kind, readonly string[]>> = {
      network: Object.keys(spec.networks),
      host: Object.keys(spec.hosts),
      VIP: Object.keys(spec.vips ?? {}),
    };
    return references(spec)
      .filter(({ kind, name }) => !known[kind].includes(name))
      .map(({ kind, name, path, key }) => ({
        path,
        on: key === true ? ('key' as const) : ('value' as const),
        message: `There is no ${kind} named ${name}.`,
        remediation: knownInstead(name, known[kind], kind),
      }));
  },
});

function references(spec: ClusterSpec): readonly Reference[] {
  return [...ofUses(spec), ...ofVips(spec), ...ofHosts(spec), ...ofServices(spec), ...ofConfig(spec)];
}

function ofUses(spec: ClusterSpec): readonly Reference[] {
  return entriesOf(spec.uses).flatMap(([use, name]) =>
    name === undefined ? [] : [{ kind: 'network' as const, name, path: ['uses', use] }],
  );
}

function ofVips(spec: ClusterSpec): readonly Reference[] {
  return entriesOf(spec.vips).map(([vip, { network }]) => ({
    kind: 'network',
    name: network,
    path: ['vips', vip, 'network'],
  }));
}

function ofHosts(spec: ClusterSpec): readonly Reference[] {
  return entriesOf(spec.hosts).flatMap(([host, { addresses, interfaces }]) => [
    ...Object.keys(addresses).map((name) => ({
      kind: 'network' as const,
      name,
      path: ['hosts', host, 'addresses', name],
      key: true,
    })),
    ...Object.keys(interfaces ?? {}).map((name) => ({
      kind: 'network' as const,
      name,
      path: ['hosts', host, 'interfaces', name],
      key: true,
    })),
  ]);
}

function ofServices(spec: ClusterSpec): readonly Reference[] {
  return entriesOf(spec.services).flatMap(([service, options]) => {
    if (typeof options !== 'object') return [];
    const { hosts, vip } = { hosts: own(options, 'hosts'), vip: own(options, 'vip') };
    const names = Array.isArray(hosts) ? hosts.map(String) : [];
    const monitors = own(options, 'monitors');
    const onHosts = [
      ...names.map((name, index) => ({ kind: 'host' as const, name, path: ['services', service, 'hosts', index] })),
      ...(Array.isArray(monitors) ? monitors.map(String) : []).map((name, index) => ({
        kind: 'host' as const,
        name,
        path: ['services', service, 'monitors', index],
      })),
    ];
    return typeof vip === 'string'
      ? [...onHosts, { kind: 'VIP' as const, name: vip, path: ['services', service, 'vip'] }]
      : onHosts;
  });
}

function ofConfig(spec: ClusterSpec): readonly Reference[] {
  return Object.keys(spec.config?.hosts ?? {}).map((name) => ({
    kind: 'host',
    name,
    path: ['config', 'hosts', name],
    key: true,
  }));
}
