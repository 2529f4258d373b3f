// Networks, images, volumes and stacks of the fake cloud; see fake-routes.ts.
import { insert, Refusal, table } from './fake-state.ts';
import type { Handler } from './fake-state.ts';
import { ID, kind, listed, one, project, rows, word } from './fake-table.ts';

export const OTHER_ROUTES: readonly (readonly [string, Handler])[] = [
  ...kind('/network/v2.0/networks', 'networks', {
    fields: (asked) => {
      const groups = rows(asked, 'security_groups').filter((row) => row.project_id === project(asked));
      if (!groups.some(({ name }) => name === 'default'))
        insert(asked.state, 'security_groups', { name: 'default', project_id: project(asked) });
      return {};
    },
    keeps: (asked, { id }) => {
      if (rows(asked, 'ports').some((port) => port['network_id'] === id)) return 'there are ports on the network';
      for (const row of rows(asked, 'subnets'))
        if (row['network_id'] === id) table(asked.state, 'subnets').delete(row.id);
      return undefined;
    },
  }),
  ...kind('/network/v2.0/subnets', 'subnets', {
    fields: (_asked, given) => ({ gateway_ip: given['gateway_ip'] ?? '192.168.231.1' }),
  }),
  ...kind('/network/v2.0/security-groups', 'security_groups', {
    keeps: (asked, { id }) =>
      rows(asked, 'ports').some((port) => (port['security_groups'] as readonly string[] | undefined)?.includes(id))
        ? 'in use'
        : undefined,
  }),
  ['POST /network/v2.0/security-group-rules', () => ({ status: 201, body: {} })],
  ...kind('/network/v2.0/routers', 'routers', {
    keeps: (asked, { id }) =>
      rows(asked, 'ports').some((port) => port['device_id'] === id) ? 'the router has interfaces' : undefined,
  }),
  [
    `PUT /network/v2.0/routers/${ID}/add_router_interface`,
    (asked, id = '') => {
      const subnet = one(asked, 'subnets', word(asked, 'subnet_id'));
      insert(asked.state, 'ports', {
        name: '',
        project_id: project(asked),
        device_id: id,
        device_owner: 'network:router_interface',
        network_id: subnet['network_id'],
      });
      return { status: 200, body: {} };
    },
  ],
  [
    `PUT /network/v2.0/routers/${ID}/remove_router_interface`,
    (asked) => {
      table(asked.state, 'ports').delete(word(asked, 'port_id'));
      return { status: 200, body: {} };
    },
  ],
  ...kind('/network/v2.0/ports', 'ports', {
    fields: (asked) => ({ fixed_ips: [{ ip_address: `192.168.231.${10 + rows(asked, 'ports').length}` }] }),
    keeps: (asked, { id }) =>
      rows(asked, 'servers').some((row) => row['port'] === id) ? 'an instance has it' : undefined,
  }),
  ...kind('/network/v2.0/floatingips', 'floatingips', { fields: () => ({ floating_ip_address: '203.0.113.100' }) }),

  [
    'POST /image/v2/images',
    (asked) => {
      const row = insert(asked.state, 'images', { ...asked.body, owner: project(asked), status: 'queued' } as never);
      return { status: 201, body: row };
    },
  ],
  [
    `PUT /image/v2/images/${ID}/file`,
    (asked, id = '') => {
      Object.assign(one(asked, 'images', id), { status: 'active', size: asked.raw.length });
      return { status: 204 };
    },
  ],
  [`GET /image/v2/images/${ID}`, (asked, id = '') => ({ status: 200, body: one(asked, 'images', id) })],
  ...kind('/image/v2/images', 'images'),

  [
    `POST /volume/v3/${ID}/volumes`,
    (asked) => {
      const row = insert(asked.state, 'volumes', {
        name: String(asked.body['volume']?.['name']),
        project_id: project(asked),
        status: 'available',
      });
      return { status: 202, body: { volume: row } };
    },
  ],
  [`GET /volume/v3/${ID}/volumes`, (asked) => ({ status: 200, body: { volumes: listed(asked, 'volumes', {}) } })],
  [
    `GET /volume/v3/${ID}/volumes/${ID}`,
    (asked, _project, id = '') => ({ status: 200, body: { volume: one(asked, 'volumes', id) } }),
  ],
  [
    `DELETE /volume/v3/${ID}/volumes/${ID}`,
    (asked, _project, id = '') => {
      if (one(asked, 'volumes', id)['status'] !== 'available')
        throw new Refusal(400, 'Volume status must be available or error');
      table(asked.state, 'volumes').delete(id);
      return { status: 202 };
    },
  ],

  [
    `POST /orchestration/v1/${ID}/stacks`,
    (asked) => {
      const name = word(asked, 'stack_name');
      const row = insert(asked.state, 'stacks', { name, project_id: project(asked) });
      Object.assign(row, { stack_name: name, stack_status: 'CREATE_COMPLETE' });
      insert(asked.state, 'networks', { name, project_id: project(asked) });
      return { status: 201, body: { stack: row } };
    },
  ],
  [`GET /orchestration/v1/${ID}/stacks`, (asked) => ({ status: 200, body: { stacks: listed(asked, 'stacks', {}) } })],
  [
    `GET /orchestration/v1/${ID}/stacks/${ID}/${ID}`,
    (asked, _project, _name, id = '') => ({ status: 200, body: { stack: one(asked, 'stacks', id) } }),
  ],
  [
    `DELETE /orchestration/v1/${ID}/stacks/${ID}/${ID}`,
    (asked, _project, name, id = '') => {
      table(asked.state, 'stacks').delete(one(asked, 'stacks', id).id);
      for (const row of rows(asked, 'networks')) if (row.name === name) table(asked.state, 'networks').delete(row.id);
      return { status: 204 };
    },
  ],
];
