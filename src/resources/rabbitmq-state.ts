// What the rabbitmq read script printed, as states. Pure. Fields: RabbitMQ HTTP API reference.
import type { Reading } from '../model/resource.ts';
import { adminKey, distinctAdmins } from './rabbitmq-http.ts';
import type { RabbitDesired, RabbitPermission } from './rabbitmq.ts';
import { known, lineAfter, unknown, whole } from './reading.ts';

/** Only the part that belongs to the item is filled in. */
export interface RabbitState {
  readonly vhost?: { readonly defaultQueueType?: string };
  readonly user?: { readonly hash: string; readonly algorithm: string; readonly tags: readonly string[] };
  /** By virtual host. */
  readonly permissions: ReadonlyMap<string, RabbitPermission>;
  readonly policy?: {
    readonly pattern: string;
    readonly applyTo: string;
    readonly priority: number;
    readonly definition: unknown;
  };
}

type Row = Readonly<Record<string, unknown>>;
type Lists = Readonly<Record<string, readonly Row[]>>;

export function parseRabbit(output: string, items: readonly RabbitDesired[]): readonly Reading<RabbitState>[] {
  const lines = output.split('\n');
  const absent = lineAfter(lines, 'absent ');
  if (absent !== undefined) return items.map(() => unknown(absent));
  if (!whole(output)) return items.map(() => unknown('RabbitMQ could not be read'));
  const answers = output
    .split(/^admin \d+\n/m)
    .slice(1)
    .map(parseAnswer);
  const admins = distinctAdmins(items.map((item) => item.admin)).map(adminKey);
  return items.map((item) => {
    const answer = answers[admins.indexOf(adminKey(item.admin))];
    if (answer === undefined || typeof answer === 'string') return unknown(answer ?? 'RabbitMQ could not be read');
    return known(stateOf(item, answer));
  });
}

/** The lists, or why there are none. */
function parseAnswer(text: string): Lists | string {
  const lists: Record<string, readonly Row[]> = {};
  let body = '';
  for (const line of text.split('\n')) {
    const status = /^(\d{3}) ([a-z]+)$/.exec(line);
    if (status === null) {
      body += line;
      continue;
    }
    if (status[1] === '401') return 'the RabbitMQ management API refuses the administrator';
    const rows = status[1] === '200' ? parseRows(body) : undefined;
    if (rows === undefined) return 'the RabbitMQ management API does not answer';
    lists[status[2] ?? ''] = rows;
    body = '';
  }
  return lists;
}

function parseRows(body: string): readonly Row[] | undefined {
  try {
    const rows: unknown = JSON.parse(body);
    return Array.isArray(rows) ? (rows as readonly Row[]) : undefined;
  } catch {
    return undefined;
  }
}

function stateOf(item: RabbitDesired, lists: Lists): RabbitState {
  switch (item.type) {
    case 'vhost':
      return { permissions: new Map(), ...vhostState(lists['vhosts']?.find((row) => row['name'] === item.name)) };
    case 'user':
    case 'absent-user':
      return userState(item.user, lists);
    default:
      return {
        permissions: new Map(),
        ...policyState(lists['policies']?.find((row) => row['vhost'] === item.vhost && row['name'] === item.name)),
      };
  }
}

function vhostState(row: Row | undefined): Pick<RabbitState, 'vhost'> {
  if (row === undefined) return {};
  const type = row['default_queue_type'];
  return { vhost: typeof type === 'string' && type !== 'undefined' ? { defaultQueueType: type } : {} };
}

function userState(name: string, lists: Lists): RabbitState {
  const row = lists['users']?.find((each) => each['name'] === name);
  const rows = lists['permissions']?.filter((each) => each['user'] === name) ?? [];
  const permissions = new Map(
    rows.map((each) => {
      const { configure, write, read } = each;
      return [
        String(each['vhost']),
        { configure: String(configure), write: String(write), read: String(read) },
      ] as const;
    }),
  );
  if (row === undefined) return { permissions };
  const tags = row['tags'];
  return {
    permissions,
    user: {
      hash: String(row['password_hash']),
      algorithm: String(row['hashing_algorithm']),
      tags: Array.isArray(tags) ? tags.map(String) : [],
    },
  };
}

function policyState(row: Row | undefined): Pick<RabbitState, 'policy'> {
  if (row === undefined) return {};
  return {
    policy: {
      pattern: String(row['pattern']),
      applyTo: String(row['apply-to']),
      priority: Number(row['priority']),
      definition: row['definition'],
    },
  };
}
