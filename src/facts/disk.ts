// Space for what the cluster keeps: /var/lib holds databases, messages and packages' state. Manual: df(1).
import type { Gatherer } from './gatherer.ts';
import { END, wholeLines } from './gatherer.ts';

export interface DiskFacts {
  /** What is on it: `/var/lib`. */
  readonly path: string;
  readonly mountPoint: string;
  readonly freeMiB: number;
  /** Percent of its inodes that are free; undefined where the file system has no such limit. */
  readonly freeInodes: number | undefined;
}

const PATH = '/var/lib';
const SCRIPT = `df -Pk ${PATH} | tail -n 1
df -Pi ${PATH} | tail -n 1
echo ${END}
`;

export const disk: Gatherer<DiskFacts> = {
  read: () => ({ text: SCRIPT, timeout: 10 }),
  parse(output) {
    const [blocks = '', inodes = ''] = wholeLines(output);
    const [, free, mountPoint] = columns(blocks);
    const [total, freeInodes] = columns(inodes);
    if (free === undefined || mountPoint === undefined) throw new Error(`df does not know ${PATH}`);
    const share = Number(freeInodes) / Number(total);
    return {
      path: PATH,
      mountPoint,
      freeMiB: Math.floor(Number(free) / 1024),
      freeInodes: Number.isFinite(share) && Number(total) > 0 ? Math.floor(share * 100) : undefined,
    };
  },
};

/** Total, free and mount point. The name of the device may hold spaces, so it is read from the right. */
function columns(line: string): readonly (string | undefined)[] {
  const match = /(\S+)\s+(\S+)\s+(\S+)\s+(?:\d+%|-)\s+(\/.*)$/.exec(line);
  return match === null ? [] : [match[1], match[3], match[4]];
}
