// haproxy.cfg and keepalived.conf as HAProxy and keepalived read them: words, sections, conditions, definitions.
import { describe, expect, it } from 'vitest';

import { defaultsOf, haproxySections, linesOf, parseHaproxyCfg } from './haproxy-cfg-read.ts';
import { splitHaproxyLine } from './haproxy-words.ts';
import { keepalivedNodes, nodesOf, parseKeepalivedConf } from './keepalived-conf-read.ts';
import { splitKeepalivedLine } from './keepalived-words.ts';

// The expected words were checked against HAProxy's own parser.
describe('splitHaproxyLine', () => {
  it.each([
    ['a  b\tc', ['a', 'b', 'c']],
    ['a "b c" \'d e\' f\\ g', ['a', 'b c', 'd e', 'f g']],
    ['a b"c d"e', ['a', 'bc de']],
    ['a #b c', ['a']],
    ['a b#c', ['a', 'b']],
    ['a \\# "#" \'#\'', ['a', '#', '#', '#']],
    ['a "it\'s" \'q"q\'', ['a', "it's", 'q"q']],
    ['a \\x41\\n\\t \\d', ['a', 'A\n\t', '\\d']],
    ["a 'x\\n'", ['a', 'x\\n']],
    ['a "\\$x" $y', ['a', '$x', '$y']],
    ['a "" b', ['a', '', 'b']],
  ])('%j', (line, words) => {
    expect(splitHaproxyLine(line).words.map(({ text }) => text)).toEqual(words);
    expect(splitHaproxyLine(line).problem).toBeUndefined();
  });

  it.each([
    ['a "b', 2],
    ["a b'c", 3],
    ['a \\x4', 2],
    ['a "$1"', 3],
  ])('%j is wrong at %i', (line, offset) => {
    expect(splitHaproxyLine(line).problem?.offset).toBe(offset);
  });
});

describe('parseHaproxyCfg', () => {
  const text = [
    'global',
    '    log /dev/log local0 # syslog',
    'defaults base',
    '    timeout client 10s',
    'defaults from base',
    '    no option redispatch',
    'frontend api',
    '    bind 10.0.0.10:5000 ssl crt "/etc/a b.pem"',
    '.if defined(DEBUG)',
    'backend keystone from base',
    '    option redispatch',
    '.endif',
    '    server ctl1 "${CTL1}:5000" check',
    '',
  ].join('\n');
  const { document, problems } = parseHaproxyCfg(text, 'haproxy.cfg');
  const section = (name: string) => document.sections.find((item) => item.name === name);

  it('gives sections, names and words with places', () => {
    expect(problems).toEqual([]);
    expect(document.sections.map(({ keyword, name }) => [keyword, name])).toEqual([
      ['global', undefined],
      ['defaults', 'base'],
      ['defaults', undefined],
      ['frontend', 'api'],
      ['backend', 'keystone'],
    ]);
    expect(section('api')).toMatchObject({ line: 7, column: 1, nameAt: { line: 7, column: 10 } });
    expect(section('api')?.lines[0]?.words.at(-1)).toEqual({
      text: '/etc/a b.pem',
      line: 8,
      column: 33,
      expands: false,
    });
    expect(section('keystone')?.lines.at(-1)?.words[2]).toMatchObject({ text: '${CTL1}:5000', expands: true });
  });

  it('finds lines whatever their modifier and marks conditional ones', () => {
    const inner = document.sections[2];
    expect(inner && linesOf(inner, 'option', 'redispatch')[0]).toMatchObject({
      modifier: 'no',
      keyword: 'option',
      conditional: false,
    });
    expect(section('keystone')?.conditional).toBe(true);
    expect(section('keystone')?.lines.map(({ keyword, conditional }) => [keyword, conditional])).toEqual([
      ['option', true],
      ['.endif', false],
      ['server', false],
    ]);
  });

  it('knows which defaults a proxy inherits', () => {
    const [, base, second] = document.sections;
    const of = (name: string) => {
      const proxy = section(name);
      return proxy && defaultsOf(document, proxy);
    };
    expect(of('api')).toBe(second);
    expect(of('keystone')).toBe(base);
    expect(second && defaultsOf(document, second)).toBe(base);
    expect(base && defaultsOf(document, base)).toBeUndefined();
    expect(haproxySections(document)[4]?.arguments).toEqual(['from', 'base']);
  });

  it('reports what HAProxy refuses and goes on', () => {
    const parsed = parseHaproxyCfg(
      'loose\n.elif x\nglobal\n log "a\n no maxconn 1\n log ""\n [scope]\n.if a\n.else\n.else\n.other\nlast' +
        ' x'.repeat(64) +
        '\nend',
      'f',
    );
    expect(parsed.problems.map(({ line, column }) => `${line}:${column}`)).toEqual([
      '1:1', '2:1', '4:6', '5:2', '6:6', '7:2', '8:1', '10:1', '11:1', '12:132', '13:4',
    ]); // prettier-ignore
    expect(parsed.document.sections.at(-1)?.lines.at(-1)?.keyword).toBe('end');
  });
});

// The expected tokens were checked against keepalived's own parser.
describe('splitKeepalivedLine', () => {
  it.each([
    ['a "b c"d', ['a', 'b c', 'd']],
    ['a{b}c', ['a', '{', 'b', '}', 'c']],
    ['a "{ #!" # x', ['a', '{ #!']],
    ['auth_pass pa#ss', ['auth_pass', 'pa']],
    ['auth_pass pa\\#ss\\!', ['auth_pass', 'pa#ss!']],
    ["a\\b it's", ['a\\b', "it's"]],
    ['a \\', ['a\\']],
    ['a ""', ['a', '']],
  ])('%j', (line, words) => {
    expect(splitKeepalivedLine(line).tokens.map(({ text }) => text)).toEqual(words);
    expect(splitKeepalivedLine(line).problem).toBeUndefined();
  });

  it('says where an open quote starts and keeps offsets behind removed backslashes', () => {
    expect(splitKeepalivedLine('a "b').problem).toEqual({ offset: 2, message: 'this quote is never closed' });
    expect(splitKeepalivedLine('\\#a b').tokens[1]?.offset).toBe(4);
  });
});

describe('parseKeepalivedConf', () => {
  it('reads blocks in every layout with places', () => {
    const { document, problems } = parseKeepalivedConf(
      '! c\nvrrp_script chk { script "/bin/x y"\n}\nvrrp_instance V1\n{\n  state BACKUP\n  virtual_ipaddress { 10.0.0.1/24 dev eth0\n    10.0.0.2 }\n}\nempty {}\n',
      'f',
    );
    expect(problems).toEqual([]);
    expect(keepalivedNodes(document.nodes)).toEqual([
      { words: ['vrrp_script', 'chk'], block: [{ words: ['script', '/bin/x y'] }] },
      {
        words: ['vrrp_instance', 'V1'],
        block: [
          { words: ['state', 'BACKUP'] },
          { words: ['virtual_ipaddress'], block: [{ words: ['10.0.0.1/24', 'dev', 'eth0'] }, { words: ['10.0.0.2'] }] },
        ],
      },
      { words: ['empty'], block: [] },
    ]);
    const [instance] = nodesOf(document.nodes, 'vrrp_instance', 'V1');
    expect(instance).toMatchObject({
      line: 4,
      column: 1,
      wordsAt: [
        { line: 4, column: 1 },
        { line: 4, column: 15 },
      ],
    });
    expect(instance?.block?.[1]?.block?.[1]).toMatchObject({ line: 8, column: 5 });
  });

  it('replaces definitions where keepalived does and keeps the place of the reference', () => {
    const { document, problems } = parseKeepalivedConf(
      '$NET = 10.0\n$P=1${NET}\n$M=a {\\\n # c\n b }\nx ${NET}.1 $P $NETS "$P" $NET, tail\ny $M\n',
      'f',
    );
    expect(problems).toEqual([]);
    expect(document.definitions.map(({ name, value, line }) => [name, value, line])).toEqual([
      ['NET', '10.0', 1],
      ['P', '1${NET}', 2],
      ['M', 'a {\nb }', 3],
    ]);
    const [first, second] = document.nodes;
    expect(first?.words).toEqual(['x', '10.0.1', '110.0', '$NETS', '$P', '10.0,', 'tail']);
    expect(first?.wordsAt.at(-1)).toEqual({ line: 6, column: 32 });
    expect(second).toMatchObject({ words: ['y', 'a'], block: [{ words: ['b'], line: 7, column: 3 }] });
  });

  it('keeps conditions, includes and generators, and stops definitions that go in circles', () => {
    const { document, problems } = parseKeepalivedConf(
      '$A=${B}\n$B=${A}${A}\n@^ctl1 priority 5\n@x\ninclude /etc/k/*.conf\ny ${A}\n',
      'f',
    );
    expect(document.nodes[0]).toMatchObject({ words: ['priority', '5'], condition: '@^ctl1', line: 3, column: 8 });
    expect(document.nodes[1]?.words).toEqual(['include', '/etc/k/*.conf']);
    expect(problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '4 nothing follows the condition',
      '6 the definitions used here go in circles',
    ]);
  });

  it('reports braces and quotes that do not match and goes on', () => {
    const { document, problems } = parseKeepalivedConf('}\na "b\nc {\n d\n', 'f');
    expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual(['1:1', '2:3', '3:1']);
    expect(keepalivedNodes(document.nodes)).toEqual([{ words: ['a'] }, { words: ['c'], block: [{ words: ['d'] }] }]);
    const deep = parseKeepalivedConf(`${'a {\n'.repeat(5000)}${'}\n'.repeat(5000)}b\n`, 'f');
    expect(deep.problems.length).toBe(1);
    expect(deep.document.nodes.at(-1)?.words).toEqual(['b']);
  });
});
