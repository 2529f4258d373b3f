// Overrides for files that nothing renders have no effect. Paths (/etc/...) are taken as they are.
import { entriesOf } from '../lookup.ts';
import type { SpecPath } from '../positions.ts';
import { knownConfigFiles } from '../services.ts';
import type { ClusterSpec } from '../schema.ts';
import { specRule } from './rule.ts';
import { knownInstead } from './wording.ts';

export default specRule({
  id: 'spec.unknown-config-file',
  severity: 'warning',
  impact: 'The options have no effect.',
  source: 'hastack plan shows the files that are written',
  reads: ['config', 'lab'],
  check: ({ spec }) => {
    const known = [...new Set(knownConfigFiles())];
    return files(spec)
      .filter(({ name }) => !name.startsWith('/') && !known.includes(name))
      .map(({ name, path }) => ({
        path,
        on: 'key',
        message: `hastack writes no file named ${name}.`,
        remediation: suggest(name, known),
      }));
  },
});

function suggest(name: string, known: readonly string[]): string {
  const instead = knownInstead(name, known, 'file');
  return instead.startsWith('Did')
    ? instead
    : 'Write the base name of a file that plan shows (keystone.conf), or its path.';
}

function files(spec: ClusterSpec): readonly { readonly name: string; readonly path: SpecPath }[] {
  const { hosts, ...all } = spec.config ?? {};
  return [
    ...Object.keys(all).map((name) => ({ name, path: ['config', name] })),
    ...entriesOf(hosts).flatMap(([host, own]) =>
      Object.keys(own).map((name) => ({ name, path: ['config', 'hosts', host, name] })),
    ),
    ...Object.keys(spec.lab?.config ?? {}).map((name) => ({ name, path: ['lab', 'config', name] })),
  ];
}
