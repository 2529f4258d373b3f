// The JSON Schema (draft 2020-12) of the spec, for editors; made from the schema that `check` uses.

export function specJsonSchema(): Readonly<Record<string, unknown>> {
  throw new Error('not written yet');
}
