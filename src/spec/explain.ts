// Every default that was filled in, as data for `hastack check --explain`.
import { checkSpec } from './check.ts';
import type { DefaultValue } from './defaults.ts';

/** The defaults of a spec; empty when the text does not match the schema. */
export function explainSpec(text: string, file: string): readonly DefaultValue[] {
  return checkSpec(text, file).defaults;
}
