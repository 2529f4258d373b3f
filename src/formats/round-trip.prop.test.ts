// What is written is read back as it was: parse(write(data)) = data, for every format that is both written and read.
// Values are drawn from what each format can hold; for everything else a writer must refuse, never write a file
// that means something else (the "or refuse" properties).
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { HastackError } from '../model/error.ts';
import { parseChronyConf } from './chrony-conf-read.ts';
import { writeChronyConf } from './chrony-conf-write.ts';
import type { ConfigTree } from './config-tree.ts';
import { corosyncNodes, parseCorosyncConf } from './corosync-conf-read.ts';
import { writeCorosyncConf } from './corosync-conf-write.ts';
import type { CorosyncNode } from './corosync-conf-write.ts';
import { flatTreeOf, treeOf } from './document.ts';
import type { FlatDocument, Parsed, SectionedDocument } from './document.ts';
import { parseEnvFile } from './env-file-read.ts';
import { writeEnvFile } from './env-file-write.ts';
import { haproxySections, parseHaproxyCfg } from './haproxy-cfg-read.ts';
import { writeHaproxyCfg } from './haproxy-cfg-write.ts';
import type { HaproxySection } from './haproxy-cfg-write.ts';
import { parseHostsFile } from './hosts-file-read.ts';
import { writeHostsFile } from './hosts-file-write.ts';
import { keepalivedNodes, parseKeepalivedConf } from './keepalived-conf-read.ts';
import { writeKeepalivedConf } from './keepalived-conf-write.ts';
import type { KeepalivedNode } from './keepalived-conf-write.ts';
import { parseLimitsConf } from './limits-conf-read.ts';
import { writeLimitsConf } from './limits-conf-write.ts';
import { managedHeader } from './managed-header.ts';
import { parseMemcachedConf } from './memcached-conf-read.ts';
import { writeMemcachedConf } from './memcached-conf-write.ts';
import { parseMyCnf } from './my-cnf-read.ts';
import { writeMyCnf } from './my-cnf-write.ts';
import { parseIni } from './oslo-ini-read.ts';
import { writeIni } from './oslo-ini-write.ts';
import { parseRabbitmqConf } from './rabbitmq-conf-read.ts';
import { writeRabbitmqConf } from './rabbitmq-conf-write.ts';
import { parseSysctlConf } from './sysctl-conf-read.ts';
import { writeSysctlConf } from './sysctl-conf-write.ts';
import { parseSystemdUnit } from './systemd-unit-read.ts';
import { writeSystemdUnit } from './systemd-unit-write.ts';
import { parseProviderOptions, writeProviderOptions } from './wsrep-provider-options.ts';

const RUNS = { numRuns: 2000 };

const SPECIAL = Array.from(' \t"\'\\#;!=:${}[]@~,%\n\r\0\v\u00A0\u2028');

/** Text full of what formats treat as special. */
const nasty = fc
  .array(fc.oneof(fc.constantFrom(...SPECIAL, '\\x41', '${A}', "'''"), fc.string({ maxLength: 3 })), { maxLength: 8 })
  .map((parts) => parts.join(''));
const plain = fc.stringMatching(/^[!-~]{1,6}$/);
const value = fc.oneof(nasty, plain, plain, fc.constant(''), fc.constant(true), fc.constant('PT5S'));
const key = fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/);

type Write = (tree: ConfigTree) => string;

interface Format<D> {
  readonly write: Write;
  readonly read: (text: string, file: string) => Parsed<D>;
  readonly back: (document: D) => ConfigTree;
  /** What `true` is read back as; absent: as a bare option. */
  readonly yes?: string;
}

const SECTIONED: readonly (Format<SectionedDocument> & { readonly name: string })[] = [
  { name: 'oslo ini', write: writeIni, read: parseIni, back: treeOf, yes: 'true' },
  { name: 'my.cnf', write: writeMyCnf, read: parseMyCnf, back: treeOf },
  { name: 'systemd unit', write: writeSystemdUnit, read: parseSystemdUnit, back: treeOf, yes: 'yes' },
];

const FLAT: readonly (Format<FlatDocument> & { readonly name: string; readonly keys: RegExp })[] = [
  {
    name: 'rabbitmq.conf',
    write: writeRabbitmqConf,
    read: parseRabbitmqConf,
    back: flatTreeOf,
    keys: /^[a-z]{1,4}(\.[a-z0-9]{1,4}){0,3}$/,
    yes: 'true',
  },
  {
    name: 'sysctl',
    write: writeSysctlConf,
    read: parseSysctlConf,
    back: flatTreeOf,
    keys: /^-?[a-z]{1,4}([./][a-z0-9]{1,4}){1,3}$/,
    yes: '1',
  },
  {
    name: 'limits',
    write: writeLimitsConf,
    read: parseLimitsConf,
    back: flatTreeOf,
    keys: /^(\*|@?[a-z]{1,5}) (soft|hard|-) [a-z]{1,6}$/,
    yes: '1',
  },
  {
    name: 'environment',
    write: writeEnvFile,
    read: parseEnvFile,
    back: flatTreeOf,
    keys: /^[a-z][a-z0-9_]{0,6}$/,
    yes: 'yes',
  },
  {
    name: 'memcached.conf',
    write: writeMemcachedConf,
    read: parseMemcachedConf,
    back: flatTreeOf,
    keys: /^(-[a-ce-gi-z]|--[a-z]{2,6})$/,
  },
  { name: 'chrony.conf', write: writeChronyConf, read: parseChronyConf, back: flatTreeOf, keys: /^[a-z]{2,8}$/ },
];

const values = fc.oneof(value, fc.array(value, { minLength: 2, maxLength: 3 }));

describe.each(SECTIONED)('$name', (format) => {
  it('is read back as written, or refused', () => {
    const table = fc.dictionary(key, values, { maxKeys: 4, noNullPrototype: true });
    const tree = fc.dictionary(key, table, { maxKeys: 3, noNullPrototype: true });
    fc.assert(
      fc.property(tree, (data) => sameOrRefused(data, format)),
      RUNS,
    );
  });
});

describe.each(FLAT)('$name', (format) => {
  it('is read back as written, or refused', () => {
    const table = fc.dictionary(fc.stringMatching(format.keys), values, { maxKeys: 5, noNullPrototype: true });
    fc.assert(
      fc.property(table, (data) => sameOrRefused({ '': data }, format)),
      RUNS,
    );
  });
});

describe('haproxy.cfg', () => {
  it('is read back as written, or refused', () => {
    const words = fc.array(fc.oneof(nasty, fc.constantFrom('no', 'option', 'server', 'a$B', 'default')), {
      minLength: 1,
      maxLength: 5,
    });
    const section = fc.record({
      keyword: fc.constantFrom('global', 'defaults', 'frontend', 'backend', 'listen', 'peers'),
      name: fc.stringMatching(/^[a-z0-9_-]{1,8}$/),
      lines: fc.array(words, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(section, { maxLength: 4 }), (sections: readonly HaproxySection[]) => {
        const text = refusedOr(() => writeHaproxyCfg(sections));
        if (text === undefined) return;
        const { document, problems } = parseHaproxyCfg(managedHeader('#') + text, 'f');
        // Words that HAProxy refuses for what they are (`no server`) are reported, but still read as written.
        expect(problems.filter(({ message }) => !message.startsWith('HAProxy does not know'))).toEqual(
          unknownDirectives(problems),
        );
        expect(haproxySections(document)).toEqual(sections);
      }),
      RUNS,
    );
  });
});

describe('keepalived.conf', () => {
  it('is read back as written, or refused', () => {
    const words = fc.array(fc.oneof(nasty, plain, fc.constantFrom('a', '10.0.0.1/24', "it's")), { maxLength: 4 });
    const condition = fc.option(fc.constantFrom('@ctl1', '@^ctl1'), { nil: undefined });
    const { node } = fc.letrec<{ node: KeepalivedNode }>((tie) => ({
      node: fc
        .record({
          words,
          block: fc.option(fc.array(tie('node'), { maxLength: 3 }), { nil: undefined, maxDepth: 3 }),
          condition,
        })
        .map(({ words: w, block, condition: c }) => ({
          words: w,
          ...(block === undefined ? {} : { block }),
          // keepalived has no condition before a lone brace.
          ...(c === undefined || w.length === 0 ? {} : { condition: c }),
        })),
    }));
    fc.assert(
      fc.property(fc.array(node, { maxLength: 4 }), (nodes) => {
        const text = refusedOr(() => writeKeepalivedConf(nodes));
        if (text === undefined) return;
        const { document, problems } = parseKeepalivedConf(managedHeader('!') + text, 'f');
        expect(problems.filter(({ message }) => !ODD_CHARACTERS.test(message))).toEqual([]);
        expect(keepalivedNodes(document.nodes)).toEqual(nodes);
      }),
      RUNS,
    );
  });
});

describe('corosync.conf', () => {
  it('is read back as written, or refused', () => {
    const { node } = fc.letrec<{ node: CorosyncNode }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.record({ kind: fc.constant('option' as const), key, value: fc.oneof(plain, nasty) }),
        fc.record({
          kind: fc.constant('section' as const),
          name: key,
          nodes: fc.array(tie('node'), { maxLength: 3 }),
        }),
      ),
    }));
    fc.assert(
      fc.property(fc.array(node, { maxLength: 4 }), (nodes) => {
        const text = refusedOr(() => writeCorosyncConf(nodes));
        if (text === undefined) return;
        const { document, problems } = parseCorosyncConf(managedHeader('#') + text, 'f');
        expect(problems.filter(({ message }) => !ODD_CHARACTERS.test(message))).toEqual([]);
        expect(corosyncNodes(document.nodes)).toEqual(nodes);
      }),
      RUNS,
    );
  });
});

describe('hosts', () => {
  it('is read back as written', () => {
    const entry = fc.record({
      address: fc.oneof(fc.ipV4(), fc.ipV6()),
      names: fc.array(fc.stringMatching(/^[a-z][a-z0-9.-]{0,8}$/), { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
        const text = refusedOr(() => writeHostsFile(entries)) ?? '';
        const { document, problems } = parseHostsFile(managedHeader('#') + text, 'f');
        expect(problems).toEqual([]);
        expect(document.entries.map(({ address, names }) => ({ address, names }))).toEqual(entries);
      }),
      RUNS,
    );
  });
});

describe('wsrep_provider_options', () => {
  it('is read back as written, or refused', () => {
    const options = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}(\.[a-z_]{1,8})?$/), fc.oneof(plain, nasty), {
      maxKeys: 5,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(options, (data) => {
        const text = refusedOr(() => writeProviderOptions(data));
        if (text === undefined) return;
        const { options: read, problems } = parseProviderOptions(text);
        expect(problems).toEqual([]);
        expect(Object.fromEntries(read.map(({ key: name, value: set }) => [name, set]))).toEqual(data);
      }),
      RUNS,
    );
  });
});

/** A property over data that is nearly always refused would prove nothing. */
let accepted = 0;
beforeEach(() => {
  accepted = 0;
});
afterEach(() => {
  expect(accepted).toBeGreaterThan(RUNS.numRuns / 10);
});

/** Reported for the sake of other programs; the text itself is intact. */
const ODD_CHARACTERS = /carriage return|NUL byte/;

function unknownDirectives<P extends { readonly message: string }>(problems: readonly P[]): readonly P[] {
  return problems.filter(
    ({ message }) => message === 'an unknown directive' || /\.(?:if|elif|else|endif)/.test(message),
  );
}

function sameOrRefused<D>(data: ConfigTree, { write, read, back, yes }: Format<D>): void {
  const text = refusedOr(() => write(data));
  if (text === undefined) return;
  const { document, problems } = read(managedHeader('#') + text, 'f');
  expect(problems.filter(({ message }) => !message.includes('indented comment'))).toEqual([]);
  expect(back(document)).toEqual(asRead(data, yes));
}

/** What a tree looks like after reading: booleans are words (or stay, where the format has bare options). */
function asRead(tree: ConfigTree, yes: string | undefined): ConfigTree {
  const one = (item: unknown): string | true => (item === true ? (yes ?? true) : String(item));
  return Object.fromEntries(
    Object.entries(tree).map(([section, table]) => [
      section,
      Object.fromEntries(
        Object.entries(table).map(([name, set]) => [name, Array.isArray(set) ? set.map(one) : one(set)]),
      ),
    ]),
  );
}

/** Undefined when the writer refuses; any other error is a bug. */
function refusedOr(write: () => string): string | undefined {
  try {
    const text = write();
    accepted++;
    return text;
  } catch (error) {
    if (error instanceof HastackError) return undefined;
    throw error;
  }
}
