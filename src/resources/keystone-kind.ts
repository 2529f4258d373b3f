// How Keystone's objects are read, compared and changed; what they are is in keystone.ts, the program that talks to
// the API in keystone-program.ts. Items with different log-ins are read one log-in after another; usually it is one.
import type { Difference, Reading, ResourceKind } from '../model/resource.ts';
import { sh } from '../remote/shell.ts';
import { KEYSTONE_PROGRAM } from './keystone-program.ts';
import type { KeystoneAuth, KeystoneDesired } from './keystone.ts';
import { known, unknown, whole } from './reading.ts';
import { END_MARK, withInput } from './script.ts';

/** What the program printed for an item; absent: it does not exist. */
export interface KeystoneState {
  readonly present?: Readonly<Record<string, unknown>>;
}

export const keystoneKind: ResourceKind<KeystoneDesired, KeystoneState> = {
  kind: 'keystone',
  read: (items) => ({ text: readScript(items), timeout: 120 }),
  parse: parseStates,
  diff(desired, reading) {
    if (!reading.known) return { action: 'create', reason: reading.reason };
    if (reading.state.present === undefined) return { action: 'create', reason: 'missing' };
    return compare(desired, reading.state.present);
  },
  apply: (desired) => {
    const { auth, ...item } = desired;
    return { text: `${program('apply', { auth, item })}\n`, timeout: 120 };
  },
};

function readScript(items: readonly KeystoneDesired[]): string {
  const groups = [...byAuth(items).values()];
  return `command -v python3 >/dev/null || { echo 'unknown python3 is not installed yet'; echo ${END_MARK}; exit 0; }
${groups.map((group, index) => `echo 'group ${index}'\n${program('read', document(group), ' || :')}`).join('\n')}
echo ${END_MARK}
`;
}

function document(group: Group): unknown {
  return {
    auth: group.auth,
    items: group.items.map(({ item }) => {
      const { auth: _auth, ...rest } = item;
      return rest;
    }),
  };
}

/** The program on descriptor 3, the document with the secrets on stdin. */
function program(mode: 'read' | 'apply', input: unknown, after = ''): string {
  const command = sh`python3 -I /dev/fd/3 ${mode} 3<<'PROGRAM'`;
  return withInput(command, JSON.stringify(input), after).replace(
    '\n',
    () => `\n${KEYSTONE_PROGRAM.trim()}\nPROGRAM\n`,
  );
}

interface Group {
  readonly auth: KeystoneAuth;
  readonly items: readonly { readonly item: KeystoneDesired; readonly index: number }[];
}

function byAuth(items: readonly KeystoneDesired[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  items.forEach((item, index) => {
    const key = JSON.stringify(item.auth);
    const group = groups.get(key) ?? { auth: item.auth, items: [] };
    groups.set(key, { ...group, items: [...group.items, { item, index }] });
  });
  return groups;
}

function parseStates(output: string, items: readonly KeystoneDesired[]): readonly Reading<KeystoneState>[] {
  const missing = /^unknown (python3 .*)$/m.exec(output);
  if (missing !== null) return items.map(() => unknown(missing[1] ?? ''));
  const readings: Reading<KeystoneState>[] = items.map(() => unknown('Keystone could not be read'));
  if (!whole(output)) return readings;
  const blocks = output.split(/^group \d+\n/m).slice(1);
  [...byAuth(items).values()].forEach((group, at) => {
    const parsed = parseBlock(blocks[at] ?? '', group.items.length);
    group.items.forEach(({ index }, position) => {
      readings[index] = typeof parsed === 'string' ? unknown(parsed) : known(parsed[position] ?? {});
    });
  });
  return readings;
}

/** The states, or why there are none. */
function parseBlock(block: string, count: number): readonly KeystoneState[] | string {
  const reason = /^unknown (.*)$/m.exec(block)?.[1];
  const states: unknown = JSON.parse(/^state (.*)$/m.exec(block)?.[1] ?? 'null');
  if (!Array.isArray(states) || states.length !== count) return reason ?? 'Keystone could not be read';
  return states.map((state: unknown) =>
    state === null ? {} : { present: state as Readonly<Record<string, unknown>> },
  );
}

function compare(desired: KeystoneDesired, present: Readonly<Record<string, unknown>>): Difference | undefined {
  const reasons: string[] = [];
  const wanted = wantedFields(desired);
  for (const [field, value] of Object.entries(wanted)) {
    if (value !== undefined && present[field] !== value)
      reasons.push(`${field} ${shown(present[field])} → ${shown(value)}`);
  }
  if (desired.type !== 'role' && desired.type !== 'role-assignment' && present['enabled'] !== true)
    reasons.push('disabled');
  if (desired.type === 'user' && present['password'] !== true) reasons.push('password differs');
  if (desired.type === 'endpoint' && present['count'] !== 1) reasons.push(`${shown(present['count'])} of them`);
  return reasons.length === 0 ? undefined : { action: 'update', reason: reasons.join(', ') };
}

function wantedFields(desired: KeystoneDesired): Readonly<Record<string, string | undefined>> {
  switch (desired.type) {
    case 'service':
      return { name: desired.name, description: desired.description };
    case 'endpoint':
      return { url: desired.url };
    case 'domain':
    case 'project':
      return { description: desired.description };
    default:
      return {};
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
