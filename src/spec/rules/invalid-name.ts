// Names that become host names, file names and option values: letters, digits and hyphens.
import type { SpecPath } from '../positions.ts';
import type { ClusterSpec } from '../schema.ts';
import { specRule } from './rule.ts';

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export default specRule({
  id: 'spec.invalid-name',
  severity: 'critical',
  impact: 'Services refuse the name, or two programs understand it differently.',
  source: 'RFC 1123, section 2.1',
  reads: ['cluster', 'networks', 'vips', 'hosts', 'availability'],
  check: ({ spec }) =>
    names(spec)
      .filter(({ name }) => !LABEL.test(name))
      .map(({ kind, name, path }) => ({
        path,
        on: path.length === 1 ? ('value' as const) : ('key' as const),
        message: `${JSON.stringify(name)} is not a name for a ${kind}.`,
        remediation: `Use 1 to 63 lower-case letters, digits and hyphens, a letter or digit at both ends${suggestion(name)}.`,
      })),
});

interface Named {
  readonly kind: string;
  readonly name: string;
  readonly path: SpecPath;
}

function names(spec: ClusterSpec): readonly Named[] {
  const keys = (kind: string, section: 'networks' | 'vips' | 'hosts'): readonly Named[] =>
    Object.keys(spec[section] ?? {}).map((name) => ({ kind, name, path: [section, name] }));
  const tiers = Object.keys(spec.availability?.tiers ?? {}).map((name) => ({
    kind: 'tier',
    name,
    path: ['availability', 'tiers', name],
  }));
  return [
    { kind: 'cluster', name: spec.cluster, path: ['cluster'] },
    ...keys('network', 'networks'),
    ...keys('VIP', 'vips'),
    ...keys('host', 'hosts'),
    ...tiers,
  ];
}

function suggestion(name: string): string {
  const fixed = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-|-$/g, '');
  return LABEL.test(fixed) ? `: ${fixed}` : '';
}
