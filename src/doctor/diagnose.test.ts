// One story over several hosts: a power cut of a controller as its neighbours saw it, and what must not be told.
import { describe, expect, it } from 'vitest';

import { diagnose } from './diagnose.ts';
import { htmlText, jsonText, sarifText } from './output/documents.ts';
import { doctorText } from './output/terminal.ts';
import { SIGNATURES, scanText } from './testing/scan-text.ts';

const POWER_CUT: Readonly<Record<string, string>> = {
  'ctl2/syslog': [
    'Nov 21 12:03:04 ctl2 chronyd[700]: Selected source 10.0.0.1',
    'Nov 21 12:09:31 ctl2 kernel: [    0.000000] Linux version 6.12.0-amd64',
    'Nov 21 12:09:31 ctl2 kernel: [    0.000000] Command line: BOOT_IMAGE=/vmlinuz',
  ].join('\n'),
  'ctl1/mysql/error.log': [
    '2026-11-21 12:03:06 0 [Note] WSREP: evs::proto(0a1b, GATHER, view_id(REG,0a1b,12)) suspecting node: 5e6f7a8b',
    '2026-11-21 12:03:07 0 [Note] WSREP: forgetting 5e6f7a8b-9c0d (tcp://10.0.0.12:4567)',
  ].join('\n'),
  'ctl1/rabbitmq/rabbit.log': '2026-11-21 12:04:02.119001+00:00 [info] <0.341.0> rabbit on node rabbit@ctl2 down',
  'ctl1/nova/nova-conductor.log': [
    "2026-11-21 12:03:07.100 99 ERROR nova.db [-] (2013, 'Lost connection to MySQL server during query')",
    '2026-11-21 12:03:07.100 99 ERROR nova.db Traceback (most recent call last):',
    '2026-11-21 12:03:07.100 99 ERROR nova.db   File "/usr/lib/python3/x.py", line 1964, in y',
    "2026-11-21 12:03:08.100 99 ERROR nova.db [-] (2013, 'Lost connection to MySQL server during query')",
    '2026-11-21 15:20:08.100 99 ERROR nova.foo [None req-1a2b] Widget 3fa85f64-5717-4562-b3fc-2c963f66afa6 is upside down',
    '2026-11-21 15:21:08.100 99 ERROR nova.foo [None req-1a2c] Widget 4fa85f64-5717-4562-b3fc-2c963f66afa7 is upside down',
  ].join('\n'),
};

function report(logs: Readonly<Record<string, string>>) {
  const stories = Object.entries(logs).map(([path, text]) => scanText(text, { path }));
  return diagnose({ stories, hostOf: (path) => path.split('/')[0] });
}

describe('a power cut', () => {
  const diagnosis = report(POWER_CUT);

  it('is one incident with the host as its cause, in the order of time', () => {
    expect(diagnosis.incidents).toHaveLength(1);
    const [incident] = diagnosis.incidents;
    expect(incident?.severity).toBe('critical');
    expect([incident?.cause.signature.id, incident?.cause.host]).toEqual(['host.power-loss', 'ctl2']);
    expect(incident?.story.map(({ signature, host }) => `${host} ${signature.id}`)).toEqual([
      'ctl2 host.power-loss',
      'ctl1 galera.suspects-member',
      'ctl1 galera.dropped-member',
      'ctl1 database.gone-away',
      'ctl1 rabbitmq.member-down',
    ]);
    expect(incident?.first).toBe(Date.UTC(2026, 10, 21, 12, 3, 4));
  });

  it('has findings with place, count and what to do, the cause first', () => {
    expect(diagnosis.findings[0]).toMatchObject({
      rule: 'host.power-loss',
      severity: 'critical',
      at: { file: 'ctl2/syslog', line: 1 },
      host: 'ctl2',
      incident: 1,
    });
    expect(diagnosis.findings.find(({ rule }) => rule === 'database.gone-away')).toMatchObject({
      count: 2,
      hosts: ['ctl1'],
    });
  });

  it('shows what no signature explains by its template, without tracebacks', () => {
    expect(diagnosis.unexplained).toMatchObject([
      { template: 'Widget <id> is upside down', count: 2, hosts: ['ctl1'] },
    ]);
  });

  it('is printed with offsets from the cause', () => {
    const text = doctorText(diagnosis, { color: false, verbose: false });
    expect(text).toContain('1. critical: ctl2: host lost power');
    expect(text).toContain('12:03:07.000 +3 s       ctl1 Galera dropped 10.0.0.12  [ctl1/mysql/error.log:2]');
    expect(text).toContain('do now:');
    expect(text).toContain('4 logs, 12 lines, 2 hosts: 1 critical incident; times are UTC');
  });

  it('is written as JSON, SARIF and HTML', () => {
    const json = JSON.parse(jsonText(diagnosis));
    expect(json.incidents[0].cause).toMatchObject({
      rule: 'host.power-loss',
      host: 'ctl2',
      first: '2026-11-21T12:03:04.000Z',
    });
    const sarif = JSON.parse(sarifText(diagnosis, SIGNATURES, '1.2.3'));
    expect(sarif.runs[0].results).toHaveLength(diagnosis.findings.length);
    expect(htmlText(diagnosis)).toContain('<strong>2026-11-21T12:03:04.000Z ctl2 host lost power');
  });
});

describe('diagnose', () => {
  it('counts what is too little to matter as noise', () => {
    const { incidents, noise } = report({
      'a/x.log': '2026-11-21 12:03:04.1 9 ERROR nova [-] Deadlock found when trying to get lock',
    });
    expect(incidents).toEqual([]);
    expect(noise).toEqual({ 'database.deadlock': 1 });
  });

  it('tells incidents apart that are far apart, and folds those that are the same', () => {
    const line = (time: string, text: string) => `Nov 21 ${time} ctl1 haproxy[1]: ${text}`;
    const down = (server: string) => `Server nova/${server} is DOWN, reason: Layer4 timeout, check duration: 1001ms.`;
    const { incidents } = report({
      'ctl1/syslog': [
        line('10:00:00', down('a')),
        line('12:00:00', down('b')),
        line('14:00:00', 'backend nova has no server available!'),
      ].join('\n'),
    });
    expect(incidents.map(({ cause, times }) => [cause.signature.id, times.length])).toEqual([
      ['haproxy.no-server', 1],
      ['haproxy.server-down', 2],
    ]);
  });

  it('says whose logs are missing', () => {
    const { undecided } = report({
      'ctl1/r.log': '2026-11-21 12:04:02.119001+00:00 [info] <0.341.0> rabbit on node rabbit@ctl2 down',
      'ctl3/r.log': '2026-11-21 12:04:02.119001+00:00 [info] <0.341.0> rabbit on node rabbit@ctl2 down',
    });
    expect(undecided).toEqual([
      { rule: 'rabbitmq.member-down', missing: 'the logs of ctl2 around 2026-11-21T12:04:02.119Z' },
    ]);
  });

  it('masks passwords in evidence', () => {
    const text = JSON.stringify(
      report({
        'a/x.log': '2026-11-21 12:03:04.1 9 ERROR nova [-] Too many connections mysql://nova:geheim@10.0.0.1/nova',
      }),
    );
    expect(text).not.toContain('geheim');
    expect(text).toContain('nova:***@');
  });

  it('knows a host by its short name and its full one', () => {
    const { incidents } = report({
      'ctl1/a.log': '2026-11-21 12:03:04 0 [Note] WSREP: Received NON-PRIMARY.',
      'b/syslog': 'Nov 21 12:03:05 ctl1.example.org kernel: nf_conntrack: nf_conntrack: table full, dropping packet',
    });
    expect(incidents[0]?.story.map(({ host }) => host)).toEqual(['ctl1', 'ctl1']);
  });

  it('gives a line without a time that of the line before', () => {
    const { episodes } = scanText(
      '=ERROR REPORT==== 21-Nov-2026::12:03:04 ===\nclosing AMQP connection\nmissed heartbeats from client, timeout: 60s',
    );
    expect(episodes[0]).toMatchObject({ first: Date.UTC(2026, 10, 21, 12, 3, 4), evidence: [{ line: 3 }] });
  });
});
