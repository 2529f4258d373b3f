// A virtual address taken from its holder by hand: `ip addr del`, as somebody who tidies up does.
import { sh } from '../../remote/shell.ts';
import type { Fault } from './fault.ts';
import { guardedFault, type FaultPlace } from './guarded.ts';

export function deleteVip(place: FaultPlace, address: string): Fault {
  const held = sh`ip -o addr show to ${address}`;
  return guardedFault(place, {
    kind: 'vip-deleted',
    target: `vip/${place.host}/${address}`,
    name: 'vip',
    inject: [
      `set -- $(${held})`,
      '[ $# -ge 4 ] || { echo "the address is not here" >&2; exit 1; }',
      // index: device family address/bits
      'ip addr del "$4" dev "${2%:}"',
    ].join('\n'),
    // Keepalived gives it back or away by itself; one that was frightened to death is started again.
    heal: 'systemctl is-active --quiet keepalived || systemctl start keepalived',
    restored: 'systemctl is-active --quiet keepalived',
  });
}
