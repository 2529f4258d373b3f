// Merges what the user wrote under `config:` in the spec over what components render: the user wins.
//
// ConfigTree formats: section → option → value; `null` removes an option; flat formats use the section ''.
// Option names are matched exactly; MariaDB takes - and _ as equal, so `sameName` can be given.
// A value that is not text, number, boolean, a list of these or null is a HastackError.
import { HastackError } from '../model/error.ts';
import type { OptionValue } from '../model/cluster.ts';
import type { ConfigTree, OptionTable } from './config-tree.ts';

/** As the spec and HostContext.overrides() give them: not checked yet. */
export type ConfigOverrides = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export type OverrideValue = OptionValue | null;

export interface MergeOptions {
  /** Maps option names that mean the same to one spelling; identity by default. */
  readonly sameName?: (key: string) => string;
}

/** MariaDB: `innodb-flush-log-at-trx-commit` is `innodb_flush_log_at_trx_commit`. */
export function mariadbName(key: string): string {
  return key.toLowerCase().replaceAll('-', '_');
}

export function mergeOverrides(tree: ConfigTree, overrides: ConfigOverrides, options: MergeOptions = {}): ConfigTree {
  const sections = new Map<string, OptionTable>(Object.entries(tree));
  for (const [section, changes] of Object.entries(overrides)) {
    const merged = mergeTable(sections.get(section) ?? {}, checkedTable(section, changes), options);
    // A section made of removals only is not wanted.
    if (sections.has(section) || Object.keys(merged).length > 0) sections.set(section, merged);
  }
  return Object.fromEntries(sections);
}

/** The value of one override, checked. */
export function overrideValue(where: string, value: unknown): OverrideValue {
  if (value === null || isScalar(value)) return value;
  if (Array.isArray(value) && value.every(isScalar)) return value;
  throw new HastackError({
    code: 'spec-invalid',
    message: `the override ${where} is not a value that a configuration file can hold`,
    hint: 'Write text, a number, true or false, a list of these, or null to remove the option.',
  });
}

function mergeTable(
  table: OptionTable,
  changes: readonly (readonly [string, OverrideValue])[],
  { sameName = (key) => key }: MergeOptions,
): OptionTable {
  const merged = new Map<string, OptionValue>(Object.entries(table));
  for (const [key, value] of changes) {
    const spellings = [...merged.keys()].filter((known) => sameName(known) === sameName(key));
    if (value === null) for (const known of spellings) merged.delete(known);
    else {
      for (const known of spellings.slice(1)) merged.delete(known);
      merged.set(spellings[0] ?? key, value);
    }
  }
  return Object.fromEntries(merged);
}

function checkedTable(
  section: string,
  changes: Readonly<Record<string, unknown>>,
): readonly (readonly [string, OverrideValue])[] {
  return Object.entries(changes).map(([key, value]) => {
    return [key, overrideValue(section === '' ? key : `${section}.${key}`, value)] as const;
  });
}

function isScalar(value: unknown): value is string | number | boolean {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  );
}
