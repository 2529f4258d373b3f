// A key, a flavor, and two instances that must not share a host where the cloud has two.
import { awaitState, need } from '../bench.ts';
import type { Bench, Instance } from '../bench.ts';
import type { VerifyStep } from '../step.ts';

/** 2.64: the policy of a server group is one word; early enough for every supported release. */
export const COMPUTE_VERSION = '2.64';

interface Server {
  readonly id: string;
  readonly status: string;
  readonly fault?: { readonly message: string };
  readonly 'OS-EXT-SRV-ATTR:host'?: string | null;
  readonly 'OS-EXT-STS:task_state'?: string | null;
}

export const keyStep: VerifyStep = {
  name: 'key',
  services: ['nova'],
  after: ['account'],
  deadlineSeconds: 60,
  act: async (bench, signal) => {
    const name = bench.name('key');
    await need(bench, 'user').request('compute', {
      method: 'POST',
      path: '/os-keypairs',
      body: { keypair: { name, public_key: bench.tools.guests.publicKey } },
      signal,
    });
    bench.made.keyName = name;
    return 'an ed25519 key of this run';
  },
};

export const flavorStep: VerifyStep = {
  name: 'flavor',
  services: ['nova'],
  after: ['log-in'],
  deadlineSeconds: 60,
  act: async (bench, signal) => {
    const { flavor: wanted } = bench.settings;
    const admin = need(bench, 'admin');
    if (wanted !== undefined) {
      const { flavors } = await admin.request<{
        readonly flavors: readonly { readonly id: string; readonly name: string }[];
      }>('compute', { path: '/flavors', signal });
      const found = flavors.find(({ name }) => name === wanted);
      if (found === undefined) throw new Error(`there is no flavor named ${wanted}`);
      bench.made.flavorId = found.id;
      return `the flavor ${wanted} is there`;
    }
    const { flavor } = await admin.request<{ readonly flavor: { readonly id: string } }>('compute', {
      method: 'POST',
      path: '/flavors',
      body: { flavor: { name: bench.name('flavor'), ram: 128, vcpus: 1, disk: 1 } },
      signal,
    });
    bench.made.flavorId = flavor.id;
    return '1 core, 128 MiB, 1 GiB';
  },
};

export const instancesStep: VerifyStep = {
  name: 'instances',
  services: ['nova', 'neutron', 'glance'],
  after: ['network', 'security-group', 'image', 'key', 'flavor'],
  deadlineSeconds: 420,
  act: async (bench, signal) => {
    const apart = (await computeHosts(bench, signal)).length > 1;
    const group = await serverGroup(bench, apart, signal);
    const instances: Instance[] = [];
    // One after the other: the second sees where the first went.
    for (const name of ['one', 'two']) {
      // oxlint-disable-next-line no-await-in-loop
      instances.push(await boot(bench, { name: bench.name(name), group }, signal));
    }
    bench.made.instances = instances;
    const hosts = instances.map(({ host }) => host);
    if (apart && new Set(hosts).size !== hosts.length) {
      throw new Error(`the instances must not share a host, but are on ${hosts.join(' and ')}`);
    }
    return `two, on ${[...new Set(hosts)].join(' and ')}`;
  },
};

export async function computeHosts(bench: Bench, signal: AbortSignal): Promise<readonly string[]> {
  const { services } = await need(bench, 'admin').request<{
    readonly services: readonly { readonly host: string; readonly state: string; readonly status: string }[];
  }>('compute', { path: '/os-services?binary=nova-compute', version: COMPUTE_VERSION, signal });
  return services.filter(({ state, status }) => state === 'up' && status === 'enabled').map(({ host }) => host);
}

async function serverGroup(bench: Bench, apart: boolean, signal: AbortSignal): Promise<string> {
  const { server_group: group } = await need(bench, 'user').request<{ readonly server_group: { readonly id: string } }>(
    'compute',
    {
      method: 'POST',
      path: '/os-server-groups',
      version: COMPUTE_VERSION,
      body: { server_group: { name: bench.name('group'), policy: apart ? 'anti-affinity' : 'soft-anti-affinity' } },
      signal,
    },
  );
  return group.id;
}

interface Boot {
  readonly name: string;
  readonly group: string;
}

async function boot(bench: Bench, { name, group }: Boot, signal: AbortSignal): Promise<Instance> {
  const user = need(bench, 'user');
  const { port } = await user.request<{
    readonly port: { readonly id: string; readonly fixed_ips: readonly { readonly ip_address: string }[] };
  }>('network', {
    method: 'POST',
    path: '/ports',
    body: { port: { name, network_id: need(bench, 'networkId'), security_groups: [need(bench, 'securityGroupId')] } },
    signal,
  });
  const { server } = await user.request<{ readonly server: { readonly id: string } }>('compute', {
    method: 'POST',
    path: '/servers',
    version: COMPUTE_VERSION,
    body: {
      server: {
        name,
        imageRef: need(bench, 'imageId'),
        flavorRef: need(bench, 'flavorId'),
        key_name: need(bench, 'keyName'),
        networks: [{ port: port.id }],
      },
      'os:scheduler_hints': { group },
    },
    signal,
  });
  const seen = await settled(bench, { id: server.id, what: `${name} to be active`, seconds: 180 }, signal);
  return {
    id: server.id,
    name,
    portId: port.id,
    fixedAddress: port.fixed_ips[0]?.ip_address ?? '',
    host: seen['OS-EXT-SRV-ATTR:host'] ?? 'an unknown host',
  };
}

interface Settling {
  readonly id: string;
  readonly what: string;
  readonly seconds: number;
  readonly also?: (server: Server) => true | string;
}

/** Looked at by the administrator, who sees the host as well. */
export async function settled(bench: Bench, settling: Settling, signal: AbortSignal): Promise<Server> {
  return awaitState(bench, {
    what: settling.what,
    seconds: settling.seconds,
    signal,
    look: async () => {
      const { server } = await need(bench, 'admin').request<{ readonly server: Server }>('compute', {
        path: `/servers/${settling.id}`,
        version: COMPUTE_VERSION,
        signal,
      });
      return server;
    },
    until: (server) => {
      if (server.status === 'ERROR')
        throw new Error(`the instance is in ERROR: ${server.fault?.message ?? 'no reason'}`);
      const task = server['OS-EXT-STS:task_state'];
      if (server.status !== 'ACTIVE' || task) return `it is ${server.status}${task ? ` (${task})` : ''}`;
      return settling.also?.(server) ?? true;
    },
  });
}
