// Findings as SARIF 2.1.0, for code scanning. Pure. https://docs.oasis-open.org/sarif/sarif/v2.1.0
import type { Finding, Severity } from '../model/finding.ts';

const LEVELS: Readonly<Record<Severity, string>> = { critical: 'error', warning: 'warning', info: 'note' };

export interface SarifRule {
  readonly id: string;
  readonly title: string;
  readonly explanation: string;
  readonly remediation: string;
  readonly severity: Severity;
}

export interface SarifResult {
  readonly finding: Finding;
  /** What tells it from others although lines move. */
  readonly fingerprint: string;
  /** Why it is set aside. */
  readonly reason?: string | undefined;
}

interface SarifInput {
  readonly rules: readonly SarifRule[];
  readonly results: readonly SarifResult[];
  readonly version: string;
}

export function sarifDocument({ rules, results, version }: SarifInput): string {
  const driver = {
    name: 'hastack',
    version,
    rules: rules.map(({ id, title, explanation, remediation, severity }) => ({
      id,
      shortDescription: { text: title },
      fullDescription: { text: explanation },
      help: { text: remediation },
      defaultConfiguration: { level: LEVELS[severity] },
    })),
  };
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results: results.map(sarifResult) }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function sarifResult({ finding, fingerprint, reason }: SarifResult) {
  const { line, column } = finding.at;
  const region =
    line === undefined ? {} : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } };
  const uri = finding.at.file.split('/').map(encodeURIComponent).join('/');
  return {
    ruleId: finding.rule,
    level: LEVELS[finding.severity],
    message: { text: `${finding.message}. ${finding.remediation}` },
    locations: [{ physicalLocation: { artifactLocation: { uri }, ...region } }],
    partialFingerprints: { 'hastack/v1': fingerprint },
    ...(reason === undefined ? {} : { suppressions: [{ kind: 'inSource', justification: reason }] }),
  };
}
