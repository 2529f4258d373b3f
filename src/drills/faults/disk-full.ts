// A file system filled up to its last hundredth, by one file that holds nothing.
// Only one of at most MOST_GIB: on a machine whose disk is the operator's own, a drill has no business.
// Manual: fallocate(1), df(1) --output
import { sh } from '../../remote/shell.ts';
import type { Fault } from './fault.ts';
import { guardedFault, type FaultPlace } from './guarded.ts';

const MOST_GIB = 4096;
const FILE = '.hastack-drill-fill';

export function fillDisk(place: FaultPlace, directory: string): Fault {
  const where = [
    sh`set -- $(df -B1 --output=target,size,avail ${directory} | tail -n 1)`,
    `file="\${1%/}/${FILE}"`,
  ].join('\n');
  return guardedFault(place, {
    kind: 'disk-full',
    target: `disk/${place.host}${directory}`,
    name: 'disk',
    check: [
      where,
      sh`[ "$(stat -f -c %T ${directory})" != tmpfs ] || { echo "the file system is in memory: it is not filled" >&2; exit 1; }`,
      `[ "$2" -le $((${MOST_GIB} * 1073741824)) ] || { echo "the file system is too large to be filled" >&2; exit 1; }`,
    ].join('\n'),
    inject: [
      where,
      'bytes=$(($3 - $2 / 100))',
      '[ "$bytes" -gt 0 ] || { echo "it is full already" >&2; exit 1; }',
      'fallocate -l "$bytes" "$file"',
      sh`set -- $(df -B1 --output=target,size,avail ${directory} | tail -n 1)`,
      '[ "$3" -le $(($2 / 50)) ] || { echo "$3 bytes are still free" >&2; exit 1; }',
    ].join('\n'),
    heal: `${where}\nrm -f "$file"`,
  });
}
