// What the schema says about a path: its title and example for messages, its keys for suggestions.
import { z } from 'zod';
import type { SpecPath } from '../positions.ts';
import { own } from '../lookup.ts';

export interface SchemaNote {
  /** What is expected there: `a duration with its unit`. */
  readonly title: string | undefined;
  readonly example: string | undefined;
  /** Keys that may stand there; empty when any may. */
  readonly keys: readonly string[];
}

export function describePath(root: z.core.$ZodType, path: SpecPath): SchemaNote {
  const schema = path.reduce<z.core.$ZodType | undefined>(
    (at, key) => (at === undefined ? undefined : child(at, key)),
    root,
  );
  if (schema === undefined) return { title: undefined, example: undefined, keys: [] };
  return { ...notesOf(schema), keys: keysOf(schema) };
}

function child(schema: z.core.$ZodType, key: string | number): z.core.$ZodType | undefined {
  const bare = unwrap(schema);
  if (bare instanceof z.ZodObject) return own(bare.shape, String(key)) ?? bare.def.catchall;
  if (bare instanceof z.ZodRecord) return bare.valueType;
  if (bare instanceof z.ZodArray) return bare.element;
  if (bare instanceof z.ZodUnion) return firstDefined(bare.options.map((option) => child(option, key)));
  return undefined;
}

function keysOf(schema: z.core.$ZodType): readonly string[] {
  const bare = unwrap(schema);
  if (bare instanceof z.ZodObject) return Object.keys(bare.shape);
  return bare instanceof z.ZodUnion ? bare.options.flatMap(keysOf) : [];
}

/** Title and example of the outermost wrapper that has them. */
function notesOf(schema: z.core.$ZodType): { title: string | undefined; example: string | undefined } {
  const notes = z.globalRegistry.get(schema);
  if (notes?.title !== undefined) return { title: notes.title, example: exampleOf(notes.examples) };
  const inner = peel(schema);
  return inner === undefined ? { title: undefined, example: undefined } : notesOf(inner);
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = peel(schema);
  return inner === undefined ? schema : unwrap(inner);
}

function peel(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodOptional) return schema.unwrap();
  return schema instanceof z.ZodPipe ? schema.in : undefined;
}

function firstDefined<T>(values: readonly (T | undefined)[]): T | undefined {
  return values.find((value) => value !== undefined);
}

/** The first example, as it would be written. */
export function exampleOf(examples: unknown): string | undefined {
  const [example] = Array.isArray(examples) ? (examples as readonly unknown[]) : [];
  if (example === undefined || typeof example === 'string') return example;
  return JSON.stringify(example);
}
