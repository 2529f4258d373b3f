// The calls of the fake cloud, as one list: `METHOD path` and what it does. See fake-cloud.ts.
import { randomUUID } from 'node:crypto';
import { ALL_SERVICES, insert, Refusal, table } from './fake-state.ts';
import { adminOnly, ID, kind, listed, mayAdminister, one, project, rows } from './fake-table.ts';
import { OTHER_ROUTES } from './fake-other-routes.ts';
import type { Answer, Asked, CloudState, Handler, Row } from './fake-state.ts';

/** How often an instance is looked at before it is there, and before it is gone. */
const LOOKS = 2;

function tokens(asked: Asked): Answer {
  const auth = asked.body['auth'] as unknown as {
    identity: { password: { user: { name: string; password: string } } };
    scope: { project: { id?: string; name?: string } };
  };
  const { user, scope } = { user: auth.identity.password.user, scope: auth.scope.project };
  const row = rows(asked, 'users').find(({ name }) => name === user.name);
  const into = rows(asked, 'projects').find(({ id, name }) => id === scope.id || name === scope.name);
  const granted = rows(asked, 'grants').some(({ name }) => name.startsWith(`${into?.id} ${user.name} `));
  if (row === undefined || into === undefined || !granted || asked.state.passwords.get(user.name) !== user.password) {
    throw new Refusal(401, 'The request you have made requires authentication.');
  }
  const token = randomUUID();
  asked.state.tokens.set(token, { user: row, project: into });
  return {
    status: 201,
    headers: { 'x-subject-token': token },
    body: { token: { user: { id: row.id }, project: { id: into.id }, catalog: catalogue(asked.state, into) } },
  };
}

function catalogue(state: CloudState, into: Row) {
  const paths: Record<(typeof ALL_SERVICES)[number], string> = {
    identity: '/identity/v3',
    compute: '/compute/v2.1',
    network: '/network',
    image: '/image',
    volumev3: '/volume/v3',
    orchestration: `/orchestration/v1/${into.id}`,
  };
  return ALL_SERVICES.filter((type) => state.services.has(type)).map((type) => ({
    type,
    endpoints: [{ interface: 'public', region: 'RegionOne', url: `${state.url}${paths[type]}` }],
  }));
}

function server(asked: Asked, id: string): Row {
  const row = one(asked, 'servers', id);
  if (row.project_id !== project(asked) && !mayAdminister(asked)) throw new Refusal(404, 'no such instance');
  row['looks'] = Number(row['looks']) + 1;
  if (row['status'] === 'BUILD' && Number(row['looks']) >= LOOKS) row['status'] = 'ACTIVE';
  if (row['task'] === 'migrating' && Number(row['looks']) >= LOOKS) {
    row['task'] = null;
    row['host'] = asked.state.computeHosts.find((host) => host !== row['host']);
  }
  if (row['task'] === 'deleting' && Number(row['looks']) >= LOOKS) {
    table(asked.state, 'servers').delete(id);
    for (const volume of rows(asked, 'volumes'))
      if (volume['on'] === id) Object.assign(volume, { status: 'available', on: '' });
    throw new Refusal(404, 'it is gone');
  }
  return row;
}

function shown(row: Row) {
  return {
    id: row.id,
    name: row.name,
    status: row['status'],
    'OS-EXT-SRV-ATTR:host': row['host'],
    'OS-EXT-STS:task_state': row['task'],
  };
}

function boot(asked: Asked): Answer {
  const given = asked.body['server'] ?? {};
  one(asked, 'images', String(given['imageRef']));
  one(asked, 'flavors', String(given['flavorRef']));
  const [{ port }] = given['networks'] as [{ port: string }];
  const group = String(asked.body['os:scheduler_hints']?.['group']);
  const taken = new Set(
    rows(asked, 'servers')
      .filter((each) => each['group'] === group)
      .map((each) => each['host']),
  );
  const apart = one(asked, 'server_groups', group)['policy'] === 'anti-affinity';
  const host = asked.state.computeHosts.find((each) => !apart || !taken.has(each));
  const status =
    host === undefined ? { status: 'ERROR', fault: { message: 'No valid host was found' } } : { status: 'BUILD' };
  const row = insert(asked.state, 'servers', {
    name: String(given['name']),
    project_id: project(asked),
    host,
    group,
    port,
    task: null,
    looks: 0,
    ...status,
  });
  return { status: 202, body: { server: { id: row.id } } };
}

const FORM = (token: string, said = ''): string =>
  `<html><div class="alert alert-danger text-center javascript-disabled">No scripts.</div><form action="/dashboard/auth/login/" method="post"><input type='hidden' name='csrfmiddlewaretoken' value='${token}'>` +
  `<input name="username"><input type="password" name="password">${said}</form></html>`;

function dashboardLogIn(asked: Asked): Answer {
  const form = new URLSearchParams(asked.raw.toString('utf8'));
  const cookie = /csrftoken=([^;]+)/.exec(asked.headers.cookie ?? '')?.[1];
  if (cookie === undefined || form.get('csrfmiddlewaretoken') !== cookie)
    return { status: 403, html: 'CSRF verification failed' };
  if (asked.state.passwords.get(form.get('username') ?? '') !== form.get('password')) {
    return { status: 200, html: FORM(cookie, '<div class="alert alert-danger">Invalid credentials.</div>') };
  }
  const cookies = [`sessionid=${form.get('username')}; HttpOnly; expires=Fri, 01 Jan 2038 00:00:00 GMT`];
  return { status: 302, headers: { location: '/dashboard/project/', 'set-cookie': cookies } };
}

export const ROUTES: readonly (readonly [string, Handler])[] = [
  ['POST /identity/v3/auth/tokens', tokens],
  [
    'GET /identity/v3/roles',
    (asked) => ({
      status: 200,
      body: { roles: rows(asked, 'roles').filter(({ name }) => name === asked.query.get('name')) },
    }),
  ],
  [
    `PUT /identity/v3/projects/${ID}/users/${ID}/roles/${ID}`,
    adminOnly((asked, into = '', user = '', role = '') => {
      const name = `${into} ${one(asked, 'users', user).name} ${one(asked, 'roles', role).name}`;
      if (!rows(asked, 'grants').some((each) => each.name === name)) insert(asked.state, 'grants', { name });
      return { status: 204 };
    }),
  ],
  [
    `DELETE /identity/v3/projects/${ID}`,
    adminOnly((asked, id = '') => {
      one(asked, 'projects', id);
      table(asked.state, 'projects').delete(id);
      for (const { id: grant, name } of rows(asked, 'grants'))
        if (name.startsWith(id)) table(asked.state, 'grants').delete(grant);
      return { status: 204 };
    }),
  ],
  ...kind('/identity/v3/projects', 'projects', { admin: true }),
  ...kind('/identity/v3/users', 'users', {
    admin: true,
    fields: (asked, given) => {
      asked.state.passwords.set(String(given['name']), String(given['password']));
      return { project_id: '' };
    },
    keeps: (asked, { id }) =>
      rows(asked, 'keypairs').some((key) => key['user'] === id) ? 'the test wants keys to go first' : undefined,
  }),

  [
    `PUT /compute/v2.1/os-quota-sets/${ID}`,
    adminOnly((asked, id = '') => {
      insert(asked.state, 'quotas', { name: id, ...asked.body['quota_set'] });
      return { status: 200, body: asked.body };
    }),
  ],
  [
    `DELETE /compute/v2.1/os-quota-sets/${ID}`,
    adminOnly((asked, id = '') => {
      for (const row of rows(asked, 'quotas')) if (row.name === id) table(asked.state, 'quotas').delete(row.id);
      return { status: 202 };
    }),
  ],
  [
    'GET /compute/v2.1/limits',
    (asked) => ({
      status: 200,
      body: {
        limits: {
          absolute: {
            maxTotalInstances: rows(asked, 'quotas').find(({ name }) => name === project(asked))?.['instances'] ?? 10,
          },
        },
      },
    }),
  ],
  [
    'POST /compute/v2.1/os-keypairs',
    (asked) => {
      const row = insert(asked.state, 'keypairs', {
        name: String(asked.body['keypair']?.['name']),
        user: asked.who?.user.id,
      });
      return { status: 201, body: { keypair: row } };
    },
  ],
  [
    'GET /compute/v2.1/os-keypairs',
    (asked) => ({
      status: 200,
      body: {
        keypairs: rows(asked, 'keypairs')
          .filter((row) => row['user'] === asked.query.get('user_id'))
          .map((keypair) => ({ keypair })),
      },
    }),
  ],
  [
    `DELETE /compute/v2.1/os-keypairs/${ID}`,
    (asked, name) => {
      for (const row of rows(asked, 'keypairs')) if (row.name === name) table(asked.state, 'keypairs').delete(row.id);
      return { status: 202 };
    },
  ],
  ...kind('/compute/v2.1/flavors', 'flavors', { admin: true }),
  [
    'GET /compute/v2.1/os-services',
    adminOnly((asked) => ({
      status: 200,
      body: { services: asked.state.computeHosts.map((host) => ({ host, state: 'up', status: 'enabled' })) },
    })),
  ],
  ...kind('/compute/v2.1/os-server-groups', 'server_groups'),
  ['POST /compute/v2.1/servers', boot],
  [
    `GET /compute/v2.1/servers/${ID}`,
    (asked, id = '') => ({
      status: 200,
      body: { server: { ...server(asked, id), ...shown(one(asked, 'servers', id)) } },
    }),
  ],
  [
    `DELETE /compute/v2.1/servers/${ID}`,
    (asked, id = '') => {
      const row = server(asked, id);
      if (row['task'] !== 'deleting') Object.assign(row, { task: 'deleting', looks: 0 });
      return { status: 204 };
    },
  ],
  ['GET /compute/v2.1/servers', (asked) => ({ status: 200, body: { servers: listed(asked, 'servers', {}) } })],
  [
    `POST /compute/v2.1/servers/${ID}/remote-consoles`,
    (asked, id = '') => ({
      status: 200,
      body: {
        remote_console: {
          url: `${asked.state.url}/vnc_lite.html?path=${encodeURIComponent(`?token=${server(asked, id).id}`)}`,
        },
      },
    }),
  ],
  [
    `POST /compute/v2.1/servers/${ID}/action`,
    adminOnly((asked, id = '') => {
      Object.assign(server(asked, id), { task: 'migrating', looks: 0 });
      return { status: 202 };
    }),
  ],
  ['GET /compute/v2.1/os-migrations', () => ({ status: 200, body: { migrations: [] } })],
  [
    `POST /compute/v2.1/servers/${ID}/os-volume_attachments`,
    (asked, id = '') => {
      Object.assign(one(asked, 'volumes', String(asked.body['volumeAttachment']?.['volumeId'])), {
        status: 'in-use',
        on: id,
      });
      return { status: 200, body: {} };
    },
  ],
  [
    `DELETE /compute/v2.1/servers/${ID}/os-volume_attachments/${ID}`,
    (asked, _id, volume = '') => {
      Object.assign(one(asked, 'volumes', volume), { status: 'available', on: '' });
      return { status: 202 };
    },
  ],

  ...OTHER_ROUTES,
  ['GET /dashboard/', () => ({ status: 302, headers: { location: '/dashboard/auth/login/?next=/dashboard/' } })],
  [
    'GET /dashboard/auth/login/',
    () => ({ status: 200, html: FORM('t0ken'), headers: { 'set-cookie': ['csrftoken=t0ken; Path=/'] } }),
  ],
  ['POST /dashboard/auth/login/', dashboardLogIn],
  [
    'GET /dashboard/project/',
    (asked) => {
      const user = /sessionid=([^;]+)/.exec(asked.headers.cookie ?? '')?.[1];
      return user === undefined
        ? { status: 302, headers: { location: '/dashboard/auth/login/' } }
        : { status: 200, html: `<a href="/dashboard/auth/logout/">${user}</a>` };
    },
  ],
];
