// Names, ports and secrets of Nova's control plane, and what its accounts are.
import { accounts, workersOf } from '../oslo/accounts.ts';
import type { Cluster } from '../../model/cluster.ts';

export const NAME = 'nova';
export const API = 'nova-api';
export const METADATA = 'nova-api-metadata';
export const CONDUCTOR = 'nova-conductor';
export const SCHEDULER = 'nova-scheduler';
export const CONSOLE = 'nova-novncproxy';

export const API_PORT = 8774;
export const METADATA_PORT = 8775;
export const CONSOLE_PORT = 6080;

/** Proves to Nova that Neutron's metadata agent asks, and not an instance. */
export const METADATA_SECRET = 'nova/metadata';

const DATABASES = ['nova_api', 'nova', 'nova_cell0'] as const;

/** Its green threads belong to one thread, so a process does one request at a time; a single one would miss checks. */
export function apiProcesses(cluster: Cluster): number {
  return 2 * workersOf(cluster, NAME);
}

export const ACCOUNT = accounts({
  name: NAME,
  databases: DATABASES,
  // Of API, metadata, conductor and scheduler, and one for consoles: each opens every one of the databases.
  pools: (cluster) => apiProcesses(cluster) + 3 * workersOf(cluster, NAME) + 1,
  messaging: true,
});
