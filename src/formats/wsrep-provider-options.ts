// The value of wsrep_provider_options: "gcache.size = 1G; evs.suspect_timeout = PT5S".
//
// Both directions are exact: order is kept, names and values are trimmed. Reading never throws; parts without a
// name or = are reported with their offset in the text. Galera splits at every `;` that has no backslash before it.
// Manual: https://mariadb.com/docs/galera-cluster/reference/wsrep-variable-details/wsrep_provider_options
import { scalarText, unwritable } from './config-tree.ts';
import type { Scalar } from './config-tree.ts';

const FORMAT = 'wsrep_provider_options';

export interface ProviderOption {
  readonly key: string;
  readonly value: string;
  /** Where the key and the value start in the text, from 0. */
  readonly offset: number;
  readonly valueOffset: number;
}

export interface ProviderOptions {
  readonly options: readonly ProviderOption[];
  readonly problems: readonly { readonly offset: number; readonly message: string }[];
}

export function writeProviderOptions(options: Readonly<Record<string, Scalar>>): string {
  return Object.entries(options)
    .map(([key, value]) => {
      const text = scalarText(value, { yes: 'yes', no: 'no' });
      if (!/^[A-Za-z0-9_.-]+$/.test(key)) throw unwritable(FORMAT, `\`${key}\``, 'not a name of an option');
      if (/[\r\n\0\\;]/.test(text) || text !== text.trim()) {
        throw unwritable(FORMAT, `\`${key}\``, 'a value has no ;, backslash, line break or outer spaces');
      }
      return `${key}=${text}`;
    })
    .join('; ');
}

export function parseProviderOptions(text: string): ProviderOptions {
  const options: ProviderOption[] = [];
  const problems: { offset: number; message: string }[] = [];
  for (const part of parts(text)) {
    const offset = part.start + leadingSpaces(part.text);
    const equals = part.text.indexOf('=');
    const key = (equals < 0 ? part.text : part.text.slice(0, equals)).trim();
    if (equals < 0 || key === '') {
      if (part.text.trim() !== '') problems.push({ offset, message: 'expected name=value' });
      continue;
    }
    const value = part.text.slice(equals + 1);
    options.push({
      key,
      value: value.trim().replaceAll('\\;', ';'),
      offset,
      valueOffset: part.start + equals + 1 + leadingSpaces(value),
    });
  }
  return { options, problems };
}

function parts(text: string): readonly { readonly text: string; readonly start: number }[] {
  const found: { text: string; start: number }[] = [];
  let start = 0;
  for (let index = 0; index <= text.length; index++) {
    const ends = index === text.length || (text[index] === ';' && text[index - 1] !== '\\');
    if (!ends) continue;
    found.push({ text: text.slice(start, index), start });
    start = index + 1;
  }
  return found;
}

function leadingSpaces(text: string): number {
  return text.trim() === '' ? 0 : text.length - text.trimStart().length;
}
