// The twin profile: what the lab lays over a spec so that its hosts fit on one machine.
// Only options that any user could write in a spec; each is listed with its reason in every report.
import type { Bmc, Cluster, TwinDifference } from '../model/cluster.ts';

export interface TwinSettings {
  /** BMC of hosts, by host name: the lab's Redfish server. Hosts not named keep what the spec says. */
  readonly bmc?: Readonly<Record<string, Bmc>>;
  readonly aptProxy?: string;
}

export interface TwinnedCluster {
  readonly cluster: Cluster;
  readonly differences: readonly TwinDifference[];
}

export function layTwinProfile(_cluster: Cluster, _settings: TwinSettings): TwinnedCluster {
  throw new Error('not written yet');
}
