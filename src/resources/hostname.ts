// The name of a host, for the running kernel and for the next boot. Source: hostname(5), sethostname(2).
import type { Resource } from '../model/resource.ts';

export interface HostnameDesired {
  readonly name: string;
}

export function hostname(name: string): Resource<HostnameDesired> {
  return { id: 'hostname:host', kind: 'hostname', desired: { name } };
}
