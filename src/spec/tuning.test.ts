// Tuning profiles: what they set is known, the spec's own values win, and each value says why.
import { describe, expect, it } from 'vitest';
import { GOOD } from '../../test/support/spec-rules.ts';
import { checkSpec } from './check.ts';
import { SERVICES, knownConfigFiles } from './services.ts';
import { PROFILES, SETTINGS } from './tuning.ts';

const tuned = (profile: string, more = '') => checkSpec(`${GOOD}tuning: ${profile}\n${more}`, 'cluster.yaml');

describe.each(PROFILES)('the tuning profile %s', (profile) => {
  it('names services and files that there are, once each, with a reason and a manual', () => {
    const { services, files } = SETTINGS[profile];
    const known = new Set(knownConfigFiles());
    expect(services.filter(({ service }) => !(service in SERVICES))).toEqual([]);
    expect(files.filter(({ file }) => !known.has(file))).toEqual([]);
    const keys = [
      ...services.map(({ service, option }) => `${service} ${option}`),
      ...files.map(({ file, section, option }) => `${file} ${section} ${option}`),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    const reasons = [...services, ...files];
    expect(reasons.filter(({ why, source }) => why.length < 10 || source.length < 5)).toEqual([]);
  });

  it('is a spec without new findings, and every value is explained', () => {
    const { findings, defaults } = tuned(profile);
    expect(findings).toEqual(checkSpec(GOOD, 'cluster.yaml').findings);
    const said = defaults.filter(({ why }) => why.startsWith(`tuning ${profile}:`));
    expect(said.length).toBeGreaterThanOrEqual(SETTINGS[profile].files.length);
  });
});

it('gives way to what the spec says', () => {
  const text = GOOD.replace(
    'config:',
    'tuning: large\nconfig:\n  my.cnf: { mariadbd: { innodb_buffer_pool_size: 3G } }',
  );
  const { cluster } = checkSpec(text, 'cluster.yaml');
  expect(cluster?.overrides.all['my.cnf']).toEqual({ mariadbd: { innodb_buffer_pool_size: '3G' } });
  expect(cluster?.overrides.all['nova.conf']?.['filter_scheduler']).toMatchObject({ host_subset_size: 3 });
  expect(cluster?.services['haproxy']).toMatchObject({ maxConnections: 40_000 });
  const own = text.replace('  keystone: {', '  haproxy: { maxConnections: 9000 }\n  keystone: {');
  expect(checkSpec(own, 'cluster.yaml').cluster?.services['haproxy']).toMatchObject({ maxConnections: 9000 });
});
