// Text → spec. Pure. Every problem (YAML syntax, duplicate key, wrong type, unknown key, bad address ...) becomes a
// finding with file, line and column, all of them at once. Nothing is thrown, whatever the text is.
// YAML 1.2: https://yaml.org/spec/1.2.2/
import { LineCounter, parseDocument, visit } from 'yaml';
import type { Document, YAMLError } from 'yaml';
import type { Finding } from '../model/finding.ts';
import { createLocator } from './positions.ts';
import type { Locator } from './positions.ts';
import { findingsOf } from './schema/issues.ts';
import { SECTIONS, clusterSchema } from './schema.ts';
import type { ClusterSpec, Section } from './schema.ts';

export interface ParsedSpec {
  /** Present when the whole text matches the schema. */
  readonly spec?: ClusterSpec;
  /** The sections that match; the others are empty. */
  readonly partial: ClusterSpec;
  readonly sound: ReadonlySet<Section>;
  readonly findings: readonly Finding[];
  readonly locate: Locator;
}

const EMPTY: ClusterSpec = { cluster: '', networks: {}, hosts: {} };
const LARGEST = 4 * 1024 * 1024;

export function parseSpec(text: string, file: string): ParsedSpec {
  const lines = new LineCounter();
  const read = readYaml(text, lines);
  if ('problem' in read) return nothing([yamlFinding(read.problem, '', { file, line: 1, column: 1 })], file);
  const locate = createLocator(read.document, lines, file);
  const { errors, warnings } = read.document;
  const dangling = danglingAliases(read.document, locate);
  const findings = [...[...errors, ...warnings].map((error) => yamlFindingOf(error, locate)), ...dangling];
  // After a syntax error the rest of the tree is guesswork; a duplicate key leaves it intact.
  const broken = dangling.length > 0 || errors.some((error) => error.code !== 'DUPLICATE_KEY');
  if (broken) return { ...nothing(findings, file), locate };
  return matchSchema(read.document, locate, findings);
}

function readYaml(text: string, lines: LineCounter): { readonly document: Document } | { readonly problem: string } {
  if (text.length > LARGEST) return { problem: 'The file is larger than 4 MiB; this is not a spec.' };
  try {
    // Not logged: warnings become findings.
    return {
      document: parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, logLevel: 'error' }),
    };
  } catch (error) {
    return { problem: `The file cannot be read as YAML: ${messageOf(error)}.` };
  }
}

function danglingAliases(document: Document, locate: Locator): readonly Finding[] {
  const found: Finding[] = [];
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) !== undefined) return;
      const message = `The alias *${alias.source} has no anchor &${alias.source} before it.`;
      const hint = 'Define the anchor before it is used, quote the text, or write the value out.';
      found.push(yamlFinding(message, hint, locate.offset(alias.range?.[0] ?? 0)));
    },
  });
  return found;
}

function matchSchema(document: Document, locate: Locator, yamlFindings: readonly Finding[]): ParsedSpec {
  const tree = toTree(document);
  const start = locate.value([]);
  if ('problem' in tree)
    return { ...nothing([...yamlFindings, yamlFinding(tree.problem, '', start)], start.file), locate };
  if (tree.value === null || tree.value === undefined) {
    const empty = yamlFinding('The file is empty.', 'Write a spec with: hastack init', start);
    return { ...nothing([...yamlFindings, empty], start.file), locate };
  }
  const raw = withoutEmptySections(tree.value);
  const result = clusterSchema.safeParse(raw, { reportInput: true });
  const issues = result.success ? [] : result.error.issues;
  const findings = [
    ...yamlFindings,
    ...issues.flatMap((issue) => findingsOf(issue, { schema: clusterSchema, locate })),
  ];
  const { partial, sound } = soundSections(raw);
  const complete = result.success && !yamlFindings.some((finding) => finding.severity === 'critical');
  return { ...(complete ? { spec: result.data } : {}), partial, sound, findings, locate };
}

function toTree(document: Document): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: document.toJS({ maxAliasCount: 1000 }) as unknown };
  } catch (error) {
    // Alias bombs end here.
    return { problem: `The file cannot be read as YAML: ${messageOf(error)}.` };
  }
}

/** `config:` with everything below it commented out means: not given. */
function withoutEmptySections(tree: unknown): unknown {
  if (!isMapping(tree)) return tree;
  const kept = Object.entries(tree)
    .filter(([, value]) => value !== null)
    .map(([key, value]): [string, unknown] =>
      key === 'services' && isMapping(value) ? [key, withoutEmptyServices(value)] : [key, value],
    );
  return Object.fromEntries(kept);
}

/** `services: { keystone: }` asks for the service as it is. */
function withoutEmptyServices(services: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(services).map(([name, options]) => [name, options ?? {}]));
}

function soundSections(raw: unknown): { readonly partial: ClusterSpec; readonly sound: ReadonlySet<Section> } {
  const tree = isMapping(raw) ? raw : {};
  const parsed = SECTIONS.map((section) => {
    const value = Object.hasOwn(tree, section) ? tree[section] : undefined;
    return { section, result: clusterSchema.shape[section].safeParse(value) };
  });
  const good = parsed.filter(({ result }) => result.success);
  const values = Object.fromEntries(
    good.flatMap(({ section, result }) => (result.data === undefined ? [] : [[section, result.data]])),
  );
  return {
    partial: { ...EMPTY, ...(values as Partial<ClusterSpec>) },
    sound: new Set(good.map(({ section }) => section)),
  };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const YAML_HINTS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'Keep one of them, or give the other another name.',
  TAB_AS_INDENT: 'Indent with spaces.',
  BAD_INDENT: 'Align it with its neighbours, with spaces.',
  MISSING_CHAR: 'Close the quote, bracket or brace that was opened before.',
  MULTIPLE_DOCS: 'Keep one document per file.',
  TAG_RESOLVE_FAILED: 'Remove the tag; plain values are enough here.',
};

function yamlFindingOf(error: YAMLError, locate: Locator): Finding {
  const rule = error.code === 'DUPLICATE_KEY' ? 'spec.duplicate-key' : 'spec.yaml';
  const message = error.code === 'DUPLICATE_KEY' ? 'This key is already in the same mapping.' : sentence(error.message);
  const hint = YAML_HINTS[error.code] ?? 'Correct the YAML at this place.';
  return {
    ...yamlFinding(message, hint, locate.offset(error.pos[0])),
    rule,
    severity: error.name === 'YAMLWarning' ? 'warning' : 'critical',
  };
}

function yamlFinding(message: string, remediation: string, at: Finding['at']): Finding {
  return {
    rule: 'spec.yaml',
    severity: 'critical',
    impact: 'Nothing is planned or changed until the spec is valid.',
    message,
    at,
    remediation: remediation === '' ? 'Write plain YAML: mappings, lists, texts and numbers.' : remediation,
    source: 'YAML 1.2',
  };
}

function nothing(findings: readonly Finding[], file: string): ParsedSpec {
  const start = { file, line: 1, column: 1 };
  const locate: Locator = { value: () => start, key: () => start, offset: () => start };
  return { partial: EMPTY, sound: new Set(), findings, locate };
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
