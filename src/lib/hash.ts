// Hashes and a JSON text that does not depend on the order in which an object was built.
// Stamps on hosts and plan files compare these, so equal data must give equal text on every machine.
import { createHash } from 'node:crypto';

export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** JSON with sorted keys and no spaces. `undefined` members are left out, as JSON.stringify does. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (isPlainObject(item) ? sortedByKey(item) : item)) ?? 'null';
}

export function stableHash(value: unknown): string {
  return sha256Hex(stableJson(value));
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortedByKey(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  // Code unit order: the same everywhere, whatever the locale.
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
