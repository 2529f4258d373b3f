// Fuzz: no reader throws, hangs or gives a place outside the text, whatever it is given (2,000 cases each).
// The cases are real-looking files with pieces cut out, doubled, swapped and spoilt, and plain random text.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseApacheConf } from './apache-conf-read.ts';
import { parseBraceConf } from './brace-conf-read.ts';
import { parseCephConf } from './ceph-conf-read.ts';
import { parseChronyConf } from './chrony-conf-read.ts';
import { parseCib } from './cib-read.ts';
import { parseCorosyncConf } from './corosync-conf-read.ts';
import type { Parsed, Place } from './document.ts';
import { parseEnvFile } from './env-file-read.ts';
import { parseErlangTerms } from './erlang-terms-read.ts';
import { parseExports } from './exports-read.ts';
import { parseHaproxyCfg } from './haproxy-cfg-read.ts';
import { parseHostsFile } from './hosts-file-read.ts';
import { parseJson } from './json-read.ts';
import { parseKeepalivedConf } from './keepalived-conf-read.ts';
import { parseLimitsConf } from './limits-conf-read.ts';
import { parseMemcachedConf } from './memcached-conf-read.ts';
import { parseMyCnf } from './my-cnf-read.ts';
import { parseIni } from './oslo-ini-read.ts';
import { parsePcsConfig } from './pcs-config-read.ts';
import { parseRabbitmqConf } from './rabbitmq-conf-read.ts';
import { parseSysctlConf } from './sysctl-conf-read.ts';
import { parseSystemdUnit } from './systemd-unit-read.ts';
import { parseProviderOptions } from './wsrep-provider-options.ts';
import { parseXml } from './xml-read.ts';
import { parseYamlFlat } from './yaml-flat-read.ts';

type Reader = (text: string, file: string) => Parsed<unknown>;

const READERS: readonly (readonly [name: string, reader: Reader, sample: string])[] = [
  ['oslo-ini', parseIni, '[DEFAULT]\n# c\ndebug = true\nurl: a=b;c\nmulti = a\n  b\n\n[db]\nx = "q"\nx = 2\n'],
  [
    'my-cnf',
    parseMyCnf,
    '!includedir /etc/m\n[mariadb]\nskip-name-resolve\na = "x\\n" # c\nb=\'q\'\n[x]\n!include f\n',
  ],
  ['rabbitmq-conf', parseRabbitmqConf, "a.b.1 = c # d\ninclude x\nq = 'a#b'\nm = '''\nx\ny\n'''\n"],
  ['systemd-unit', parseSystemdUnit, '[Unit]\nA=b \\\n# c\n  d\n[Service]\nExecStart=\nExecStart=/x\n; c\n'],
  ['sysctl-conf', parseSysctlConf, '# c\nnet.ipv4.ip_forward = 1\n-net/ipv4/x=2\n-a\n; d\n'],
  ['limits-conf', parseLimitsConf, '# c\n*\tsoft nofile 1024 # d\n@x -\nroot hard core unlimited\n'],
  ['env-file', parseEnvFile, '# c\nA="x\\"y"\nexport B=\'z\'\nC=a b\\\nc\nD="a\nb"\n'],
  ['memcached-conf', parseMemcachedConf, '# c\n-d\n-m 64\n-l 10.0.0.1 # d\n-vv\n--x=y\nlogfile /x\n'],
  ['chrony-conf', parseChronyConf, '! c\nserver a iburst\nmakestep 1  3\nrtcsync\n'],
  ['corosync-conf', parseCorosyncConf, '# c\ntotem {\n\tversion: 2\n\tinterface {\n\t\tx: a:b\n\t}\n}\n'],
  ['hosts-file', parseHostsFile, '# c\n127.0.0.1\tlocalhost # d\n::1 a b\n'],
  [
    'haproxy-cfg',
    parseHaproxyCfg,
    'global\n  log /dev/log local0\n.if defined(X)\ndefaults base\n no option x\n.elif a\n.else\n.endif\nfrontend f from base\n http-request set-header "a b" \'c\\\' d\\ e "$X" \\x41 # c\n',
  ],
  [
    'keepalived-conf',
    parseKeepalivedConf,
    '! c\n$A=1\n$M=a \\\n b\nglobal_defs {\n router_id "x y"\n}\nvrrp_instance V\n{\n @m priority $A\n virtual_ipaddress { 10.0.0.1/24 dev ${A}\n }\n}\n',
  ],
  ['json', parseJson, '{"policies": [{"name": "ha", "definition": {"ha-mode": "all", "n": 2}}], "x": [true, null]}\n'],
  ['xml', parseXml, '<?xml version="1.0"?>\n<a b="c&amp;d">\n <!-- x -->\n <e f=\'g\'/>\n</a>\n'],
  [
    'cib',
    parseCib,
    '<cib><configuration><crm_config><cluster_property_set><nvpair name="stonith-enabled" value="false"/></cluster_property_set></crm_config>\n' +
      '<resources><clone id="c"><primitive id="p" class="ocf" type="x"><operations><op name="start" timeout="9"/></operations></primitive></clone></resources>\n' +
      '<constraints><rsc_location id="cli-ban-p" rsc="p"/></constraints></configuration></cib>\n',
  ],
  [
    'pcs-config',
    parsePcsConfig,
    'Corosync Nodes:\n a b\nResources:\n Clone: c\n  Meta Attrs: interleave=true\n  Resource: p (class=ocf provider=heartbeat type=x)\n   Operations: start interval=0s timeout=9 (p-start)\n' +
      'Location Constraints:\n  Disabled on: a (id: cli-ban-p)\nCluster Properties:\n stonith-enabled: false\n',
  ],
  [
    'erlang-terms',
    parseErlangTerms,
    '%% c\n[{rabbit, [{cluster_nodes, {[\'a@b\', c], disc}}, {x, <<"y">>}, {n, #{a => 1.5}}]}].\n',
  ],
  [
    'brace-conf',
    parseBraceConf,
    'upstream x { server 10.0.0.1:80; # c\n server "a b"; }\nresource r { net { fencing dont-care; } }\n',
  ],
  [
    'apache-conf',
    parseApacheConf,
    '# c\nListen 80\n<VirtualHost *:80>\n WSGIDaemonProcess "a b" \\\n  x=1\n</VirtualHost>\n',
  ],
  ['exports', parseExports, '# c\n/srv 10.0.0.0/24(rw,sync) \\\n  b(ro)\n"/a b" *(rw)\n'],
  ['ceph-conf', parseCephConf, '[global]\nmon host = a,\\\n b\nosd-pool default_size = 3 ; c\n[mon.a]\nx = "y"\n'],
  ['yaml-flat', parseYamlFlat, '---\n# c\na: "b"\nl:\n  - x\n  - y\nm:\n  n: {o: 1}\n'],
  ['wsrep-provider-options', readProviderOptions, 'gcache.size = 1G; a=b;;c\\;d=e'],
];

describe.each(READERS)('%s', (name, read, sample) => {
  it('reads its sample without a word lost', () => {
    expect(read(sample, 'sample').problems.length).toBeLessThan(4);
    expect(places(read(sample, 'sample').document).length).toBeGreaterThan(1);
  });

  it('never throws and keeps places inside the text', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(spoilt(sample), (text) => {
        const { document, problems } = read(text, 'fuzz');
        const lines = text.replace(/^\uFEFF/, '').split('\n');
        for (const place of [...problems, ...places(document)]) {
          const line = lines[place.line - 1];
          if (line === undefined || place.column < 1 || place.column > line.length + 1) {
            throw new Error(`${place.line}:${place.column} is outside the text`);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('takes time in proportion to the text', () => {
    for (const piece of [' ', '"', "'", '\\', '{', '}', '#', 'a', '=', '$A ', '\n"', '{\n', '- ', sample]) {
      const long = piece.repeat(100_000 / piece.length);
      for (const text of [long, `x = ${long}x`, `$A=1\nx ${long}`]) {
        const started = performance.now();
        read(text, 'long');
        expect(performance.now() - started, JSON.stringify(piece)).toBeLessThan(3000);
      }
    }
  });

  it('reports a byte order mark and NUL bytes, and goes on', () => {
    const { problems } = read(`\uFEFF${sample}\nx\0y\n${sample}`, 'odd');
    // The value of one option is no file and has neither.
    const expected = name === 'wsrep-provider-options' ? 0 : 2;
    expect(problems.filter(({ message }) => /byte order mark|NUL byte/.test(message)).length).toBe(expected);
  });
});

/** Real-looking text with accidents, or no text at all. */
function spoilt(sample: string): fc.Arbitrary<string> {
  const junk = fc.constantFrom(
    '\0', '\r', '\r\n', '\n', '\uFEFF', '"', "'", '\\', '{', '}', '[', ']', '=', ':', ';', '#', '!', '$', '${A}', '@x ', ' ', '\t',
    '\u00A0', '\u2028', '\u{1F600}', '\uD800', '.if', '.endif', '\'\'\'', '__proto__ = 1\n', '[__proto__]\n', 'x'.repeat(5000),
  ); // prettier-ignore
  const edit = fc.record({
    at: fc.nat(sample.length),
    length: fc.nat(20),
    insert: fc.oneof(junk, fc.string({ maxLength: 8 })),
  });
  const mutated = fc.array(edit, { minLength: 1, maxLength: 8 }).map((edits) => {
    let text = sample;
    for (const { at, length, insert } of edits) text = text.slice(0, at) + insert + text.slice(at + length);
    return text;
  });
  const random = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(junk, { maxLength: 40 }).map((all) => all.join('')),
  );
  const crlf = mutated.map((text) => text.replaceAll('\n', '\r\n'));
  return fc.oneof({ weight: 6, arbitrary: mutated }, { weight: 2, arbitrary: crlf }, { weight: 3, arbitrary: random });
}

/** Every place anywhere in a document. */
function places(value: unknown): readonly Place[] {
  const found: Place[] = [];
  const stack: unknown[] = [value];
  while (stack.length > 0) {
    const item = stack.pop();
    if (typeof item !== 'object' || item === null) continue;
    if ('line' in item && 'column' in item) found.push({ line: Number(item.line), column: Number(item.column) });
    for (const child of Object.values(item)) stack.push(child);
  }
  return found;
}

/** Offsets in one text as places, so that it can be tested like the others. */
function readProviderOptions(text: string): Parsed<readonly Place[]> {
  const { options, problems } = parseProviderOptions(text);
  const place = (offset: number): Place => {
    const before = text
      .replace(/^\uFEFF/, '')
      .slice(0, offset)
      .split('\n');
    return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  };
  return {
    document: options.flatMap(({ offset, valueOffset }) => [place(offset), place(valueOffset)]),
    problems: problems.map(({ offset, message }) => ({ ...place(offset), message })),
  };
}
