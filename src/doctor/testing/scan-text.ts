// Scans a text as one log, for tests.
import type { FileStory } from '../scan.ts';
import { FileScan } from '../scan.ts';
import { Matcher } from '../matcher.ts';
import type { Signature } from '../signature.ts';
import { SIGNATURE_FAMILIES } from '../signatures/registry.gen.ts';

export const SIGNATURES: readonly Signature[] = SIGNATURE_FAMILIES.flat();
const MATCHER = new Matcher(SIGNATURES);
/** The last second of the day of the samples. */
export const NEWEST = Date.UTC(2026, 10, 21, 23, 59, 59);

export function scanText(
  text: string,
  options: { readonly path?: string; readonly zoneMinutes?: number } = {},
): FileStory {
  const times = { zoneMinutes: options.zoneMinutes ?? 0, newest: NEWEST };
  const scan = new FileScan({ path: options.path ?? 'a.log', matcher: MATCHER, times });
  scan.feed(text.endsWith('\n') ? text : `${text}\n`);
  return scan.end();
}
