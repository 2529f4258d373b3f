// What readers give: documents that remember where everything stood, and what could not be read.
//
// Readers never throw: they go on after a line they do not understand and report it. Order and repetitions are
// kept, since which of two settings wins is the program's matter. Lines and columns count from 1; columns are
// UTF-16 units, as editors count them.
import type { OptionTable, Scalar } from './config-tree.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Problem extends Place {
  readonly message: string;
}

export interface Parsed<D> {
  readonly document: D;
  readonly problems: readonly Problem[];
}

/** `key = value`; the place is that of the key. */
export interface Option extends Place {
  readonly key: string;
  /** What the program sees: without quotes and escapes; '' when there is none. */
  readonly value: string;
  readonly valueAt: Place;
  /** A key without a value (`skip-name-resolve`). */
  readonly bare?: true;
}

/** The place is that of the opening bracket. A section may come several times. */
export interface Section extends Place {
  readonly name: string;
  readonly options: readonly Option[];
}

/** oslo ini, MariaDB option files, systemd units. */
export interface SectionedDocument {
  readonly file: string;
  readonly sections: readonly Section[];
}

/** rabbitmq.conf, sysctl files, environment files ... */
export interface FlatDocument {
  readonly file: string;
  readonly options: readonly Option[];
}

/** All options of the sections with a name, in order. */
export function optionsOf(document: SectionedDocument, section: string): readonly Option[] {
  return document.sections.filter(({ name }) => name === section).flatMap(({ options }) => options);
}

/** The options with a key, in order; for most programs the last one wins. */
export function withKey(options: readonly Option[], key: string): readonly Option[] {
  return options.filter((option) => option.key === key);
}

/** The tree a writer takes: repeated sections joined, repeated options as lists, bare ones as `true`. */
export function treeOf(document: SectionedDocument): Readonly<Record<string, OptionTable>> {
  const names = [...new Set(document.sections.map(({ name }) => name))];
  return Object.fromEntries(names.map((name) => [name, tableOf(optionsOf(document, name))]));
}

/** The same for a flat document: everything under the section ''. */
export function flatTreeOf(document: FlatDocument): Readonly<Record<string, OptionTable>> {
  return { '': tableOf(document.options) };
}

function tableOf(options: readonly Option[]): OptionTable {
  const values = new Map<string, Scalar[]>();
  for (const option of options) {
    const value = option.bare === true ? true : option.value;
    const known = values.get(option.key);
    if (known === undefined) values.set(option.key, [value]);
    else known.push(value);
  }
  const entries = [...values].map(([key, list]) => [key, list.length === 1 ? (list[0] ?? '') : list] as const);
  return Object.fromEntries(entries);
}
