// Where a cluster's state is: `.hastack/<cluster>/` beside its spec, or what --state says. The lab's is below it.
import { dirname, join } from 'node:path';

export interface StateRequest {
  readonly spec: string;
  readonly cluster: string;
  /** The --state flag. */
  readonly state?: string | undefined;
}

export function stateDirectory({ spec, cluster, state }: StateRequest): string {
  return state ?? join(dirname(spec), '.hastack', cluster);
}

export function labDirectory(request: StateRequest): string {
  return join(stateDirectory(request), 'lab');
}
