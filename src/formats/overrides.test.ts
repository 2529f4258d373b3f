// The user's overrides win over what components render, in every kind of format.
import { describe, expect, it } from 'vitest';

import { mergeHaproxyOverrides, mergeKeepalivedOverrides } from './keyword-overrides.ts';
import { block, line } from './keepalived-conf-write.ts';
import { mariadbName, mergeOverrides } from './overrides.ts';

describe('mergeOverrides', () => {
  const tree = { DEFAULT: { debug: false, workers: 2 }, api: { x: 1 } };

  it('replaces in place, adds, removes, and creates sections only for values', () => {
    const merged = mergeOverrides(tree, {
      DEFAULT: { workers: 8, new: ['a', 'b'], debug: null },
      libvirt: { cpu: 'x' },
      no: { y: null },
    });
    expect(merged).toEqual({ DEFAULT: { workers: 8, new: ['a', 'b'] }, api: { x: 1 }, libvirt: { cpu: 'x' } });
    expect(Object.keys(mergeOverrides(tree, { DEFAULT: { debug: true } }).DEFAULT ?? {})).toEqual(['debug', 'workers']);
    expect(tree.DEFAULT).toEqual({ debug: false, workers: 2 });
  });

  it('takes - and _ as equal for MariaDB, keeping one spelling', () => {
    const merged = mergeOverrides(
      { mariadb: { wsrep_on: true, 'wsrep-on': false } },
      { mariadb: { 'wsrep-on': 'OFF' } },
      { sameName: mariadbName },
    );
    expect(merged).toEqual({ mariadb: { wsrep_on: 'OFF' } });
  });

  it('refuses values no file can hold, naming them', () => {
    expect(() => mergeOverrides(tree, { DEFAULT: { a: { b: 1 } } })).toThrow(/DEFAULT\.a/);
    expect(() => mergeOverrides(tree, { '': { a: [null] } })).toThrow(/override a is not/);
  });

  it('is not confused by names of object members', () => {
    const merged = mergeOverrides({}, JSON.parse('{"__proto__": {"__proto__": 1}}'));
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"__proto__":1}}');
  });
});

describe('mergeHaproxyOverrides', () => {
  const sections = [
    {
      keyword: 'defaults',
      lines: [
        ['mode', 'http'],
        ['timeout', 'client', '10s'],
        ['option', 'redispatch'],
      ],
    },
    {
      keyword: 'backend',
      name: 'keystone',
      lines: [
        ['server', 'ctl1', '10.0.0.1:5000'],
        ['server', 'ctl2', '10.0.0.2:5000'],
      ],
    },
  ];

  it('replaces the line of a keyword of one or more words, or appends it', () => {
    const merged = mergeHaproxyOverrides(sections, {
      defaults: { 'timeout client': '1m', 'timeout queue': '5s', 'option redispatch': null },
      'backend keystone': { 'server ctl2': '10.0.0.9:5000 check', 'http-request set-header': ['X "a b"', "Y 'c'"] },
      'listen extra': { mode: 'tcp', 'option tcplog': true },
    });
    expect(merged).toEqual([
      {
        keyword: 'defaults',
        lines: [
          ['mode', 'http'],
          ['timeout', 'client', '1m'],
          ['timeout', 'queue', '5s'],
        ],
      },
      {
        keyword: 'backend',
        name: 'keystone',
        lines: [
          ['server', 'ctl1', '10.0.0.1:5000'],
          ['server', 'ctl2', '10.0.0.9:5000', 'check'],
          ['http-request', 'set-header', 'X', 'a b'],
          ['http-request', 'set-header', 'Y', 'c'],
        ],
      },
      {
        keyword: 'listen',
        name: 'extra',
        lines: [
          ['mode', 'tcp'],
          ['option', 'tcplog'],
        ],
      },
    ]);
  });

  it('replaces `no option x` by `option x`, and all repetitions by one', () => {
    const before = [
      { keyword: 'global', lines: [['no', 'log'], ['stats', 'socket', '/a'], ['x'], ['stats', 'socket', '/b']] },
    ];
    const merged = mergeHaproxyOverrides(before, { global: { log: '/dev/log local0', 'stats socket': '/c' } });
    expect(merged).toEqual([
      { keyword: 'global', lines: [['log', '/dev/log', 'local0'], ['stats', 'socket', '/c'], ['x']] },
    ]);
  });

  it.each([
    ['a # comment', /starts a comment/],
    ['"open', /never closed/],
    ['"$HOME"', /not supported/],
    ['a\nb', /one line/],
  ])('refuses %j', (value, message) => {
    expect(() => mergeHaproxyOverrides(sections, { defaults: { log: value } })).toThrow(message);
  });
});

describe('mergeKeepalivedOverrides', () => {
  const nodes = [
    block(['global_defs'], [line('router_id', 'a')]),
    block(['vrrp_instance', 'internal'], [line('priority', 100), block(['track_script'], [line('haproxy')])]),
    block(['vrrp_instance', 'public'], [line('priority', 100)]),
  ];

  it('changes only the block that is named', () => {
    const merged = mergeKeepalivedOverrides(nodes, {
      'vrrp_instance internal': { priority: 150, nopreempt: true, track_script: null },
      global_defs: { vrrp_garp_master_refresh: 5 },
      'vrrp_sync_group all': { notify: '"/bin/x y"' },
    });
    expect(merged).toEqual([
      block(['global_defs'], [line('router_id', 'a'), line('vrrp_garp_master_refresh', 5)]),
      block(['vrrp_instance', 'internal'], [line('priority', 150), line('nopreempt')]),
      block(['vrrp_instance', 'public'], [line('priority', 100)]),
      block(['vrrp_sync_group', 'all'], [line('notify', '/bin/x y')]),
    ]);
  });

  it.each([
    ['a ! comment', /start a comment/],
    ['x {', /braces/],
    ['"open', /never closed/],
  ])('refuses %j', (value, message) => {
    expect(() => mergeKeepalivedOverrides(nodes, { global_defs: { router_id: value } })).toThrow(message);
  });
});
