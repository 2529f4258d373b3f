// Properties of the whole room: names carry no meaning, and no text, however broken, ends in anything but findings
// with positions.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSpec, requireCluster } from './check.ts';
import { initText, listPresets } from './init.ts';
import { resolveSpec } from './resolve.ts';
import { parseSpec } from './parse.ts';

const PRESETS = listPresets().map(({ name }) => name);
const HOST_KEY = /^ {2}([a-z]+\d):(?= +\{ roles)/gm;

describe('a spec with its hosts renamed', () => {
  it('resolves to the same cluster renamed', () => {
    const newNames = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,3}-x[a-z0-9]{1,4}$/), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.constantFrom(...PRESETS), newNames, (preset, names) => {
        const text = initText(preset, {});
        const hosts = Array.from(text.matchAll(HOST_KEY), ([, name]) => name ?? '');
        const renames = new Map(hosts.map((name, index) => [name, names[index] ?? name]));
        const renamed = text.replaceAll(HOST_KEY, (_, name: string) => `  ${renames.get(name) ?? name}:`);
        expect(renamed).not.toBe(text);
        const [before, after] = [text, renamed].map((each) => requireCluster(checkSpec(each, 'cluster.yaml')));
        // Host names stand nowhere but in whole strings and keys.
        const expected = JSON.stringify(before).replaceAll(/"([a-z]+\d)"/g, (whole, name: string) =>
          renames.has(name) ? JSON.stringify(renames.get(name)) : whole,
        );
        expect(after).toEqual(JSON.parse(expected));
      }),
      { numRuns: 50 },
    );
  });
});

describe('any text', () => {
  const lines = PRESETS.flatMap((preset) => initText(preset, {}).split('\n'));
  const base = initText('three-controllers', {});
  const junk = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ':',
    '- ',
    '&a ',
    '*a',
    '<<: *a',
    '!!set ',
    '? ',
    '|',
    '>',
    '"',
    "'",
    '#',
    '\t',
    '\n',
    '\r',
    '\u0000',
    '\uFEFF',
    '~',
    'null',
    '.nan',
    '.inf',
    '0x1f',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '__proto__: ',
    'constructor: ',
    '1e999',
  );
  const scalar = fc.oneof(
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('10.1.0.1', '10.1.0.0/24', '5s', 'ctl1', 'management', '__proto__', 'toString'),
  );
  const key = fc.oneof(
    fc.constantFrom(
      'cluster',
      'networks',
      'uses',
      'vips',
      'hosts',
      'availability',
      'services',
      'config',
      'ssh',
      'tls',
      'lab',
      'recipients',
      'management',
      'ctl1',
      'addresses',
      'roles',
      'tiers',
      'survives',
      'galera',
      'hosts',
      '__proto__',
      'constructor',
    ),
    fc.string(),
  );
  const { tree } = fc.letrec<{ readonly tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      scalar,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 6 }),
    ),
  }));
  // Cut out a piece of a real spec and put something else there.
  const damaged = fc
    .tuple(fc.nat(base.length), fc.nat(40), fc.array(junk, { maxLength: 4 }))
    .map(([at, length, put]) => base.slice(0, at) + put.join('') + base.slice(at + length));
  const shuffled = fc.array(fc.constantFrom(...lines), { maxLength: 40 }).map((some) => some.join('\n'));
  const assembled = fc
    .array(fc.oneof(junk, fc.constantFrom(...lines), fc.string()), { maxLength: 30 })
    .map((parts) => parts.join(''));
  const anyText = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    damaged,
    shuffled,
    assembled,
    tree.map((value) => JSON.stringify(value)),
  );

  it('gives a cluster or findings, each with a position inside the text (2,000 cases)', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { findings, cluster } = checkSpec(text, 'any.yaml');
        const end = text.split(/\r\n|\n|\r/).length + 1;
        for (const { at, message, remediation } of findings) {
          expect(at.file).toBe('any.yaml');
          expect(at.line).toBeGreaterThanOrEqual(1);
          expect(at.line).toBeLessThanOrEqual(end);
          expect(at.column).toBeGreaterThanOrEqual(1);
          expect(message.length).toBeGreaterThan(0);
          expect(remediation.length).toBeGreaterThan(0);
        }
        expect(cluster !== undefined || findings.some(({ severity }) => severity === 'critical')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  }, 120_000);

  it('that is valid resolves without loss: every host, network and VIP is there', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const { spec } = parseSpec(text, 'any.yaml');
        fc.pre(spec !== undefined);
        const { cluster } = resolveSpec(spec);
        expect(cluster.hosts.map(({ name }) => name)).toEqual(Object.keys(spec.hosts));
        expect(cluster.networks.map(({ name }) => name)).toEqual(Object.keys(spec.networks));
        expect(cluster.vips.map(({ name }) => name)).toEqual(Object.keys(spec.vips ?? {}));
      }),
      { numRuns: 200 },
    );
  });
});
