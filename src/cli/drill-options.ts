// Which drills a command runs, and how they are judged.
import { DRILLS } from '../drills/catalogue/registry.gen.ts';
import type { Drill } from '../drills/drill.ts';
import { nearest } from '../lib/nearest.ts';
import { HastackError } from '../model/error.ts';

/** What `rehearse` proves: a host, a process, a hang, a database. */
export const REHEARSED = ['vip-holder-off', 'haproxy-killed', 'keystone-frozen', 'galera-writer-off'];

/**
 * Limits and predictions are those of real servers with processors of their own. Twins share the machine's, so
 * the everyday rehearsal allows three times as much; campaigns judge by the limits themselves.
 */
export const TWIN_TOLERANCE = 3;

export function chosenDrills(names: readonly string[]): readonly Drill[] {
  return names.map((name) => {
    const found = DRILLS.find((drill) => drill.name === name);
    if (found !== undefined) return found;
    const near = nearest(
      name,
      DRILLS.map((drill) => drill.name),
    );
    throw new HastackError({
      code: 'usage',
      message: `there is no drill named ${name}`,
      hint:
        near === undefined
          ? '`hastack drill --list` shows them all'
          : `did you mean ${near}? \`hastack drill --list\` shows them all`,
    });
  });
}
