// What completion proposes from the spec at hand: names of hosts and networks. Read leniently, without checking:
// a spec that is being written, or is wrong, still completes. Never throws; no spec, no proposals.
import { parse } from 'yaml';

import type { CliContext } from './command.ts';
import { DEFAULT_SPEC, isSpecPath } from './spec-argument.ts';

export function hostNames(context: CliContext, partial: string): Promise<readonly string[]> {
  return proposeKeys(context, { section: 'hosts', partial });
}

export function networkNames(context: CliContext, partial: string): Promise<readonly string[]> {
  return proposeKeys(context, { section: 'networks', partial });
}

/** Lists like `ctl1,ctl2` are completed at their last item. */
async function proposeKeys(
  context: CliContext,
  { section, partial }: { readonly section: string; readonly partial: string },
): Promise<readonly string[]> {
  const head = partial.slice(0, partial.lastIndexOf(',') + 1);
  const taken = new Set(head.split(','));
  const names = Object.keys((await readSection(context, section)) ?? {});
  return names
    .filter((name) => !taken.has(name))
    .map((name) => head + name)
    .filter((name) => name.startsWith(partial));
}

async function readSection(context: CliContext, section: string): Promise<object | undefined> {
  const file = context.words.slice(0, -1).findLast(isSpecPath) ?? DEFAULT_SPEC;
  try {
    const text = await context.world.files.readIfThere(file);
    const document: unknown = text === undefined ? undefined : parse(text, { logLevel: 'silent' });
    const value = isRecord(document) ? document[section] : undefined;
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
