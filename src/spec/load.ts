// Reads a spec from disk: the only I/O of this room. A file that cannot be read is a HastackError with a hint.
import type { SpecCheck } from './check.ts';

/** Reads and checks a spec. `-` is not special: give a path. */
export function loadSpec(_path: string): Promise<SpecCheck & { readonly text: string; readonly file: string }> {
  throw new Error('not written yet');
}
