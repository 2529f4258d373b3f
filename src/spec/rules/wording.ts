// Words that several rules use in their messages.
import { nearest } from '../../lib/nearest.ts';
import { listed } from '../../lib/text.ts';
import { pathText } from '../positions.ts';
import type { SpecPath } from '../positions.ts';

export function formatPath(path: SpecPath): string {
  return pathText(path);
}

export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What to write for a name that nothing has: the nearest known one, else all of them. */
export function knownInstead(word: string, known: readonly string[], kind: string): string {
  const meant = nearest(word, known);
  if (meant !== undefined) return `Did you mean ${meant}?`;
  return known.length === 0 ? `There is no ${kind} yet: define one first.` : `Write one of ${listed(known, 'or')}.`;
}
