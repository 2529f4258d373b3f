// The faults of a lab as data: what is cut, partitioned or lossy, and until when. faults.json is the truth;
// links and the nftables table are made to match it (faults.ts), also after a power-on or a crash.
// Pure, but for reading and writing that file.
import type { Lab } from './context.ts';
import { readJson, writeWhole } from './context.ts';
import { withLock } from './lock.ts';
import { type Topology, nicOf } from './topology.ts';

/** The operator's end of the networks, as a member of a partition. */
export const OUTSIDE = 'outside';

export type Fault =
  | { readonly kind: 'cut'; readonly host: string; readonly network: string }
  | {
      readonly kind: 'partition';
      readonly from: readonly string[];
      readonly to: readonly string[];
      /** Frames from `from` to `to` are dropped; otherwise both ways. */
      readonly oneWay: boolean;
      /** Absent: all networks. */
      readonly network?: string;
    }
  | { readonly kind: 'loss'; readonly host: string; readonly network: string; readonly percent: number };

export interface ActiveFault {
  readonly id: string;
  readonly fault: Fault;
  /** Milliseconds since the epoch; the supervisor heals it then. */
  readonly healAt?: number;
}

export async function readFaults(lab: Lab): Promise<readonly ActiveFault[]> {
  return (await readJson<readonly ActiveFault[]>(lab.paths.faults)) ?? [];
}

export async function changeFaults(
  lab: Lab,
  change: (faults: readonly ActiveFault[]) => readonly ActiveFault[],
): Promise<readonly ActiveFault[]> {
  return withLock(
    { file: `${lab.paths.faults}.lock`, clock: lab.clock, what: 'the faults of the lab', wait: 10 },
    async () => {
      const changed = change(await readFaults(lab));
      await writeWhole(lab.paths.faults, `${JSON.stringify(changed, null, 2)}\n`);
      return changed;
    },
  );
}

/** The cables that are pulled. */
export function cutLinks(faults: readonly ActiveFault[], topology: Topology): ReadonlySet<string> {
  return new Set(
    faults.flatMap(({ fault }) => (fault.kind === 'cut' ? [nicOf(topology, fault.host, fault.network).link] : [])),
  );
}
