// Options as data: section → option → value. Components build it, overrides are merged into it, writers render it.
//
// A list is a repeated option, in order. Flat formats (rabbitmq.conf, sysctl.conf ...) use the one section ''.
// Values are the text the program should see; each writer adds the quotes its format needs.
// A value that a format cannot hold is a HastackError that names the option, never a broken file.
import type { OptionValue } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';

export type Scalar = string | number | boolean;
export type OptionTable = Readonly<Record<string, OptionValue>>;
export type ConfigTree = Readonly<Record<string, OptionTable>>;

/** One option to write; repeated options are several of them. */
export interface FlatOption {
  readonly key: string;
  readonly value: Scalar;
}

/** The options of a section in order, lists spread into repeated options. */
export function flatOptions(table: OptionTable): readonly FlatOption[] {
  return Object.entries(table).flatMap(([key, value]) =>
    isList(value) ? value.map((item) => ({ key, value: item })) : [{ key, value }],
  );
}

/** The only section of a flat format. Named sections are refused: the format has none. */
export function onlySection(tree: ConfigTree, format: string): OptionTable {
  const named = Object.entries(tree).find(([name, table]) => name !== '' && Object.keys(table).length > 0);
  if (named !== undefined) {
    throw new HastackError({
      code: 'spec-invalid',
      message: `${format} has no sections, but there is an option under \`${named[0]}\``,
      hint: `Write the options of this file under the section '' (an empty string).`,
    });
  }
  return Object.hasOwn(tree, '') ? (tree[''] ?? {}) : {};
}

/** The error for a name or value that a format has no way to write. */
export function unwritable(format: string, option: string, why: string): HastackError {
  return new HastackError({
    code: 'spec-invalid',
    message: `${format} cannot hold ${option}: ${why}`,
    hint: 'Change the value in the spec (`config:` or the option of the service it comes from).',
  });
}

/** Text of a value with the format's words for true and false. Refuses what is not a finite number. */
export function scalarText(value: Scalar, words: { readonly yes: string; readonly no: string }): string {
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error(`a configuration value must be a finite number, not ${value}`);
  }
  return typeof value === 'number' ? plainNumber(value) : value;
}

function isList(value: OptionValue): value is readonly Scalar[] {
  return Array.isArray(value);
}

/** Programs read `1e+21` and `1e-7` as text or as 1: spell the digits out. */
function plainNumber(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 }) : text;
}
