// Turns what the schema has against a value into findings: where, what is wrong, what to write instead.
// One finding per problem; the wording comes from the titles and examples in the schema.
import type { z } from 'zod';
import type { Finding } from '../../model/finding.ts';
import { nearest } from '../../lib/nearest.ts';
import { pathText } from '../positions.ts';
import type { Locator, SpecPath } from '../positions.ts';
import { describePath } from './walk.ts';
import type { SchemaNote } from './walk.ts';

type Issue = z.core.$ZodIssue;

export interface IssueContext {
  readonly schema: z.core.$ZodType;
  readonly locate: Locator;
}

interface Problem {
  readonly rule: string;
  readonly message: string;
  readonly remediation: string;
  readonly path: SpecPath;
  readonly on: 'key' | 'value';
}

export function findingsOf(issue: Issue, context: IssueContext): readonly Finding[] {
  return problemsOf(issue, pathOf(issue), context).map(({ on, path, ...problem }) => ({
    ...problem,
    severity: 'critical',
    impact: 'Nothing is planned or changed until the spec is valid.',
    at: on === 'key' ? context.locate.key(path) : context.locate.value(path),
    source: 'the schema of the spec: hastack schema',
  }));
}

function problemsOf(issue: Issue, path: SpecPath, context: IssueContext): readonly Problem[] {
  const note = describePath(context.schema, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, note));
    case 'invalid_union':
      return unionProblems(issue, path, context);
    case 'invalid_value':
      return [notOneOf(issue, path)];
    case 'invalid_type':
      return [issue.input === undefined ? missing(path, note) : wrongType(issue, path, note)];
    default:
      return [wrongValue(issue, path, note)];
  }
}

function unknownKey(key: string, path: SpecPath, note: SchemaNote): Problem {
  const meant = MISPLACED[key] ?? nearest(key, note.keys);
  const where = path.length === 0 ? 'at the top' : `in ${pathText(path)}`;
  return {
    rule: 'spec.unknown-key',
    message: `There is no key ${show(key)} ${where}.`,
    remediation:
      meant === undefined || note.keys.includes(key)
        ? `Keys ${where}: ${note.keys.join(', ')}.`
        : `Did you mean ${meant}?`,
    path: [...path, key],
    on: 'key',
  };
}

/** Keys often written one level too high. */
const MISPLACED: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as object, {
  rack: 'domains: { rack: ... }',
  power: 'domains: { power: ... }',
  switch: 'domains: { switch: ... }',
  tiers: 'availability: { tiers: ... }',
});

/** The branch that got furthest is the one the user meant. */
function unionProblems(
  issue: Issue & { readonly code: 'invalid_union' },
  path: SpecPath,
  context: IssueContext,
): readonly Problem[] {
  const meant = issue.errors.find((branch) =>
    branch.some((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
  );
  if (meant !== undefined) return meant.flatMap((inner) => problemsOf(inner, [...path, ...pathOf(inner)], context));
  const note = describePath(context.schema, path);
  return [issue.input === undefined ? missing(path, note) : wrongType(issue, path, note)];
}

function notOneOf(issue: Issue & { readonly code: 'invalid_value' }, path: SpecPath): Problem {
  const allowed = issue.values.map(String);
  if (issue.input === undefined) return missing(path, { title: undefined, example: allowed[0], keys: [] });
  const meant = typeof issue.input === 'string' ? nearest(issue.input, allowed) : undefined;
  return {
    rule: 'spec.value',
    message: `${pathText(path)}: ${describe(issue.input)} is not one of ${allowed.join(', ')}.`,
    remediation: meant === undefined ? `Write one of ${allowed.join(', ')}.` : `Write ${meant}.`,
    path,
    on: 'value',
  };
}

function missing(path: SpecPath, note: SchemaNote): Problem {
  const key = String(path.at(-1) ?? '');
  const parent = path.slice(0, -1);
  return {
    rule: 'spec.missing-key',
    message: `${parent.length === 0 ? 'The spec' : pathText(parent)} has no ${show(key)}.`,
    remediation: note.example === undefined ? `Add ${key}.` : `Add it, for example ${key}: ${note.example}`,
    path: parent,
    on: 'key',
  };
}

function wrongType(issue: Issue, path: SpecPath, note: SchemaNote): Problem {
  const expected = note.title ?? (issue.code === 'invalid_type' ? plainType(issue.expected) : 'something else');
  const where = path.length === 0 ? 'The spec' : pathText(path);
  return {
    rule: 'spec.type',
    message: `${where}: expected ${expected}, found ${describe(issue.input)}.`,
    remediation: writeInstead(issue, note, expected),
    path,
    on: 'value',
  };
}

function writeInstead(issue: Issue, note: SchemaNote, expected: string): string {
  const { input } = issue;
  const wanted = issue.code === 'invalid_type' ? issue.expected : undefined;
  if (wanted === 'boolean' && typeof input === 'string') {
    if (/^(y|yes|on)$/i.test(input)) return 'Write true.';
    if (/^(n|no|off)$/i.test(input)) return 'Write false.';
  }
  if ((wanted === 'number' || wanted === 'int') && typeof input === 'string' && /^\d+$/.test(input))
    return `Write ${input} without quotes.`;
  if (wanted === 'array' && typeof input === 'string' && /^[\w.-]{1,60}$/.test(input)) return `Write [${input}].`;
  return example(note, expected);
}

function wrongValue(issue: Issue, path: SpecPath, note: SchemaNote): Problem {
  const expected = note.title ?? 'something else';
  const says = issue.code === 'custom' && issue.message !== 'Invalid input' ? issue.message : `is not ${expected}`;
  const hint: unknown = issue.code === 'custom' ? issue.params?.['write'] : undefined;
  return {
    rule: 'spec.value',
    message: `${pathText(path)}: ${describe(issue.input)} ${says}.`,
    remediation: typeof hint === 'string' ? hint : example(note, expected),
    path,
    on: 'value',
  };
}

function example(note: SchemaNote, expected: string): string {
  return note.example === undefined ? `Write ${expected}.` : `Write ${expected}, for example ${note.example}`;
}

function plainType(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    object: 'a mapping',
    record: 'a mapping',
    array: 'a list',
    string: 'a text',
    boolean: 'true or false',
  };
  return names[expected] ?? 'a number';
}

function describe(input: unknown): string {
  if (input === null || input === undefined) return 'nothing';
  if (typeof input === 'string') return show(input);
  if (typeof input === 'number' || typeof input === 'boolean') return String(input);
  return Array.isArray(input) ? 'a list' : 'a mapping';
}

const SHOWN = 60;

function show(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text);
}

function pathOf(issue: Issue): SpecPath {
  return issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
}
