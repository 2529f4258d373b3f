// What a verification can leave, in the order in which it must go: how each is found and how it is removed.
// Project kinds: all that a project of ours owns. Cloud kinds: what belongs to no project, found by its name.
import type { Service, Session } from '../../openstack/session.ts';
import { COMPUTE_VERSION } from './steps/instances.ts';

export interface Item {
  readonly id: string;
  readonly name: string;
}

export interface Where {
  /** In the administrator's own project. */
  readonly admin: Session;
  /** The administrator in the project that is emptied. */
  readonly session: Session;
  readonly projectId: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Kind {
  readonly name: string;
  readonly service: Service;
  readonly list: (where: Where) => Promise<readonly Item[]>;
  readonly remove: (where: Where, item: Item) => Promise<unknown>;
}

export const PROJECT_KINDS: readonly Kind[] = [
  {
    name: 'stack',
    service: 'orchestration',
    list: async ({ session, signal }) => {
      const { stacks } = await session.request<{
        readonly stacks: readonly { readonly id: string; readonly stack_name: string }[];
      }>('orchestration', { path: '/stacks', signal });
      return stacks.map(({ id, stack_name: name }) => ({ id, name }));
    },
    remove: ({ session, signal }, { id, name }) =>
      session.request('orchestration', { method: 'DELETE', path: `/stacks/${name}/${id}`, signal }),
  },
  owned('floating address', 'floatingips'),
  inProject({ name: 'instance', service: 'compute', path: '/servers', key: 'servers' }),
  inProject({ name: 'server group', service: 'compute', path: '/os-server-groups', key: 'server_groups' }),
  inProject({ name: 'volume', service: 'volume', path: '/volumes', key: 'volumes' }),
  { ...owned('router', 'routers'), remove: removeRouter },
  {
    ...owned('port', 'ports'),
    // Ports of routers, DHCP and metadata go with what they serve.
    list: async (where) =>
      (await ownedBy(where, 'ports')).filter(({ device_owner: owner }) => !owner?.startsWith('network:')),
  },
  owned('network', 'networks'),
  owned('security group', 'security-groups'),
  {
    name: 'image',
    service: 'image',
    list: async ({ admin, projectId, signal }) => {
      const { images } = await admin.request<{ readonly images: readonly (Item & { readonly owner: string })[] }>(
        'image',
        { path: `/images?owner=${projectId}`, signal },
      );
      return images.filter(({ owner }) => owner === projectId);
    },
    remove: ({ admin, signal }, { id }) => admin.request('image', { method: 'DELETE', path: `/images/${id}`, signal }),
  },
];

export const CLOUD_KINDS: readonly Kind[] = [
  {
    name: 'flavor',
    service: 'compute',
    list: async ({ admin, signal }) => {
      const { flavors } = await admin.request<{ readonly flavors: readonly Item[] }>('compute', {
        path: '/flavors?is_public=None',
        signal,
      });
      return flavors;
    },
    remove: ({ admin, signal }, { id }) =>
      admin.request('compute', { method: 'DELETE', path: `/flavors/${id}`, signal }),
  },
  {
    name: 'external network',
    service: 'network',
    list: async ({ admin, signal }) => {
      const { networks } = await admin.request<{ readonly networks: readonly Item[] }>('network', {
        path: '/networks?router:external=true',
        signal,
      });
      return networks;
    },
    remove: ({ admin, signal }, { id }) =>
      admin.request('network', { method: 'DELETE', path: `/networks/${id}`, signal }),
  },
  {
    name: 'user',
    service: 'identity',
    list: async ({ admin, signal }) => {
      const { users } = await admin.request<{ readonly users: readonly Item[] }>('identity', {
        path: '/users',
        signal,
      });
      return users;
    },
    remove: removeUser,
  },
];

interface InProject {
  readonly name: string;
  readonly service: Service;
  readonly path: string;
  readonly key: string;
}

/** Lists that show the project of the token. */
function inProject({ name, service, path, key }: InProject): Kind {
  const version = service === 'compute' ? { version: COMPUTE_VERSION } : {};
  return {
    name,
    service,
    list: async ({ session, signal }) => {
      const found = await session.request<Readonly<Record<string, readonly Item[]>>>(service, {
        path,
        signal,
        ...version,
      });
      return (found[key] ?? []).map(({ id, name: own }) => ({ id, name: own ?? '' }));
    },
    remove: ({ session, signal }, { id }) =>
      session.request(service, { method: 'DELETE', path: `${path}/${id}`, signal, ...version }),
  };
}

interface Owned extends Item {
  readonly project_id: string;
  readonly device_owner?: string;
}

/** Floating addresses have no name. */
type ListedOwned = Omit<Owned, 'name'> & { readonly name?: string };

/** Neutron shows an administrator everybody's. */
function owned(name: string, collection: string): Kind {
  return {
    name,
    service: 'network',
    list: async (where) => ownedBy(where, collection),
    remove: ({ admin, signal }, { id }) =>
      admin.request('network', { method: 'DELETE', path: `/${collection}/${id}`, signal }),
  };
}

/** Not filtered by the server: asked for the security groups of a project, it would make its default one anew. */
async function ownedBy({ admin, projectId, signal }: Where, collection: string): Promise<readonly Owned[]> {
  const found = await admin.request<Readonly<Record<string, readonly ListedOwned[]>>>('network', {
    path: `/${collection}`,
    signal,
  });
  return (found[collection.replaceAll('-', '_')] ?? [])
    .filter(({ project_id: owner }) => owner === projectId)
    .map((item) => ({ ...item, name: item.name ?? '' }));
}

async function removeRouter({ admin, signal }: Where, { id }: Item): Promise<void> {
  const { ports } = await admin.request<{ readonly ports: readonly Owned[] }>('network', {
    path: `/ports?device_id=${id}`,
    signal,
  });
  for (const port of ports.filter(
    ({ device_owner: owner }) => owner?.includes('router_interface') || owner?.includes('ha_router_replicated'),
  )) {
    // oxlint-disable-next-line no-await-in-loop
    await admin.request('network', {
      method: 'PUT',
      path: `/routers/${id}/remove_router_interface`,
      body: { port_id: port.id },
      signal,
    });
  }
  await admin.request('network', { method: 'DELETE', path: `/routers/${id}`, signal });
}

/** Keys belong to users, not to projects. */
async function removeUser({ admin, signal }: Where, { id }: Item): Promise<void> {
  if (admin.has('compute')) {
    const { keypairs } = await admin.request<{
      readonly keypairs: readonly { readonly keypair: { readonly name: string } }[];
    }>('compute', { path: `/os-keypairs?user_id=${id}`, version: COMPUTE_VERSION, signal });
    for (const { keypair } of keypairs) {
      // oxlint-disable-next-line no-await-in-loop
      await admin.request('compute', {
        method: 'DELETE',
        path: `/os-keypairs/${keypair.name}?user_id=${id}`,
        version: COMPUTE_VERSION,
        signal,
      });
    }
  }
  await admin.request('identity', { method: 'DELETE', path: `/users/${id}`, signal });
}
