// Tables of the fake cloud as API collections: list, create, show, delete, with who may and what keeps a row.
import { insert, Refusal, table } from './fake-state.ts';
import type { Asked, Handler, Row } from './fake-state.ts';

export const ID = '([^/]+)';
export const rows = (asked: Asked, name: string): readonly Row[] => [...table(asked.state, name).values()];
export const project = (asked: Asked): string => asked.who?.project.id ?? '';

export function one(asked: Asked, name: string, id: string): Row {
  const found = table(asked.state, name).get(id);
  if (found === undefined) throw new Refusal(404, `${name} ${id} could not be found`);
  return found;
}

export function mayAdminister({ who, state }: Asked): boolean {
  const grants = [...table(state, 'grants').values()];
  return grants.some(({ name }) => name === `${who?.project.id} ${who?.user.name} admin`);
}

export function adminOnly(handler: Handler): Handler {
  return (asked, ...parts) => {
    if (!mayAdminister(asked)) throw new Refusal(403, 'you are not authorised to do this');
    return handler(asked, ...parts);
  };
}

/** List, create, show and delete of one kind. */
export function kind(root: string, name: string, options: KindOptions = {}): readonly (readonly [string, Handler])[] {
  const key = options.key ?? name.replace(/s$/, '');
  const guard = options.admin === true ? adminOnly : (handler: Handler): Handler => handler;
  return [
    [`GET ${root}`, (asked) => ({ status: 200, body: { [options.list ?? name]: listed(asked, name, options) } })],
    [
      `POST ${root}`,
      guard((asked) => {
        const given = asked.body[key] ?? {};
        const row = insert(asked.state, name, {
          project_id: project(asked),
          name: '',
          ...given,
          ...options.fields?.(asked, given),
        });
        return { status: 201, body: { [key]: row } };
      }),
    ],
    [`GET ${root}/${ID}`, (asked, id) => ({ status: 200, body: { [key]: one(asked, name, id ?? '') } })],
    [
      `DELETE ${root}/${ID}`,
      guard((asked, id) => {
        const row = one(asked, name, id ?? '');
        const why = options.keeps?.(asked, row);
        if (why !== undefined) throw new Refusal(409, why);
        table(asked.state, name).delete(row.id);
        return { status: 204 };
      }),
    ],
  ];
}

interface KindOptions {
  readonly key?: string;
  readonly list?: string;
  readonly admin?: boolean;
  readonly fields?: (asked: Asked, given: Record<string, unknown>) => Record<string, unknown>;
  readonly keeps?: (asked: Asked, row: Row) => string | undefined;
}

/** Neutron and Keystone show an administrator everything, the others only the project of the token. */
export function listed(asked: Asked, name: string, _options: KindOptions): readonly Row[] {
  const all = rows(asked, name);
  const everybody = /^\/(network|identity|image)/.test(asked.path) && mayAdminister(asked);
  const seen =
    everybody || name === 'flavors'
      ? all
      : all.filter((row) => row.project_id === project(asked) || row['router:external'] === true);
  const wanted = [...asked.query].filter(([field]) => ['router:external', 'network_id', 'device_id'].includes(field));
  return seen.filter((row) => wanted.every(([field, value]) => String(row[field]) === value));
}

/** A word of a body that is not wrapped in an object. */
export function word({ body }: Asked, name: string): string {
  const given: unknown = body[name];
  return typeof given === 'string' ? given : '';
}
