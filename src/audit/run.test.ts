// From files to a report: order, comments that set aside, baselines, patches, and the documents for other programs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { parseXml, xmlElements } from '../formats/xml-read.ts';
import { Estate } from './estate.ts';
import { htmlText, junitText, sarifText } from './output/documents.ts';
import { auditText } from './output/terminal.ts';
import { patchText } from './patches.ts';
import type { Rule } from './rule.ts';
import { RULE_FAMILIES } from './rules/registry.gen.ts';
import { audit } from './run.ts';

const RULES: readonly Rule[] = RULE_FAMILIES.flat();
const CNF = '[mariadbd]\ninnodb_flush_log_at_trx_commit = 0\ninnodb_doublewrite=0\nwsrep_sst_method=rsync\n';

function run(text: string, options = {}, path = 'my.cnf') {
  return audit(new Estate({ files: [{ path, location: `/d/${path}`, text, mode: 0o644 }] }), RULES, options);
}
const ids = (report: ReturnType<typeof run>): readonly string[] => report.findings.map(({ rule }) => rule);

describe('audit', () => {
  it('puts the most dangerous first', () => {
    expect(ids(run(CNF))).toEqual(['DB01', 'DB12', 'DB10']);
    expect(run(CNF).findings[0]).toMatchObject({
      severity: 'critical',
      impact: expect.stringMatching(/^C: /),
      at: { file: 'my.cnf', line: 2, column: 1 },
      remediation: expect.stringContaining('innodb_flush_log_at_trx_commit = 1'),
    });
  });

  it.each([
    ['on the line', CNF.replace('commit = 0', 'commit = 0 # hastack: ignore DB01 lab only')],
    ['above it', CNF.replace('innodb_flush', '# hastack: ignore DB12, DB01 lab only\ninnodb_flush')],
  ])('sets a finding aside by a comment %s', (_, text) => {
    const report = run(text);
    expect(ids(report)).toEqual(['DB12', 'DB10']);
    expect(report.setAside).toMatchObject([{ reason: 'lab only', finding: { rule: 'DB01' } }]);
  });

  it('wants a reason, and the right rule', () => {
    expect(ids(run(CNF.replace('innodb_flush', '# hastack: ignore DB01\ninnodb_flush')))).toContain('DB01');
    expect(ids(run(CNF.replace('innodb_flush', '# hastack: ignore DB02 why\ninnodb_flush')))).toContain('DB01');
    expect(ids(run(CNF.replace('innodb_flush', 'port = 1 # hastack: ignore DB01 why\ninnodb_flush')))).toContain(
      'DB01',
    );
  });

  it('sets aside what a baseline knows, also when lines have moved', () => {
    const baseline = new Set(run(CNF).findings.map(({ fingerprint }) => fingerprint));
    expect(ids(run(`\n\n${CNF}`, { baseline }))).toEqual([]);
    expect(ids(run(`${CNF}binlog_format = MIXED\nwsrep_on = ON\n`, { baseline }))).toEqual(['DB14']);
  });

  it('never shows a password', () => {
    const text = 'vrrp_instance a {\n authentication {\n  auth_pass hunter2hunter2\n }\n}\n';
    const report = run(text, {}, 'keepalived.conf');
    expect(ids(report)).toContain('KA01');
    expect(JSON.stringify(report)).not.toContain('hunter2');
  });
});

describe('patches', () => {
  it('apply with patch(1) and mend what was found', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hastack-patch-'));
    try {
      writeFileSync(join(folder, 'my.cnf'), CNF);
      const diff = patchText(run(CNF).findings);
      execFileSync('git', ['apply', '--unidiff-zero', '-p0', '-'], { cwd: folder, input: diff });
      expect(ids(run(readFileSync(join(folder, 'my.cnf'), 'utf8')))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('documents', () => {
  const report = run(`${CNF}# <script>alert("x")</script>\n`);

  it('SARIF names rules, places and levels', () => {
    const [first] = JSON.parse(sarifText(report, RULES, '1.0')).runs[0].results;
    expect(first).toMatchObject({ ruleId: 'DB01', level: 'error' });
    expect(first.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'my.cnf' },
      region: { startLine: 2, startColumn: 1 },
    });
  });

  it('JUnit is well-formed XML with a failure for each', () => {
    const { document, problems } = parseXml(junitText(report), 'junit.xml');
    expect(problems).toEqual([]);
    expect(xmlElements(document.elements, 'failure')).toHaveLength(3);
  });

  it('HTML loads nothing and escapes what it shows', () => {
    const bad = run('vrrp_instance a {\n virtual_router_id 1\n}\n<script>x\n', {}, 'keepalived<b>.conf');
    expect(htmlText(bad)).not.toMatch(/<script|src=|href=|keepalived<b>/);
  });

  it('the terminal groups by what happens to users', () => {
    const text = auditText(report, { color: false, files: 1, verbose: false });
    expect(text.indexOf('Data can be lost')).toBeLessThan(text.indexOf('Failover takes longer'));
    expect(text).toContain('my.cnf:2:1: innodb_flush_log_at_trx_commit is 0');
    expect(text).toContain('1 file: 2 critical, 1 warning');
  });
});
