// Network interfaces as the kernel has them: state, MTU, addresses, speed. Manuals: ip-link(8), ip-address(8),
// https://www.kernel.org/doc/html/latest/networking/operstates.html (a veth or bridge has no speed of its own).
import type { Gatherer } from './gatherer.ts';
import { END, linesOf, wholeLines } from './gatherer.ts';

export interface InterfaceFacts {
  readonly name: string;
  /** Switched on and the cable carries. */
  readonly up: boolean;
  readonly mtu: number;
  readonly mac: string | undefined;
  /** `10.10.1.11/24` */
  readonly addresses: readonly string[];
  /** Mbit/s; undefined when the driver does not say. */
  readonly speed: number | undefined;
}

const SCRIPT = `ip -o link show | sed 's/^/link /'
ip -o address show | sed 's/^/address /'
for d in /sys/class/net/*; do printf 'speed %s %s\\n' "\${d##*/}" "$(cat "$d/speed" 2>/dev/null)"; done
echo ${END}
`;

export const interfaces: Gatherer<readonly InterfaceFacts[]> = {
  read: () => ({ text: SCRIPT, timeout: 10 }),
  parse(output) {
    const lines = wholeLines(output);
    const addresses = linesOf(lines, 'address').flatMap((line) => {
      const match = /^\d+:\s+(\S+)\s+inet6?\s+(\S+)/.exec(line);
      return match === null ? [] : [{ name: match[1] ?? '', address: match[2] ?? '' }];
    });
    const speeds = new Map(
      linesOf(lines, 'speed').map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])] as const),
    );
    const found = linesOf(lines, 'link').flatMap((line) => {
      const match = /^\d+:\s+([^:@\s]+)(?:@[^:]*)?:\s+<([^>]*)>.*?\bmtu (\d+)/.exec(line);
      if (match === null) return [];
      const [, name = '', flags = '', mtu] = match;
      const speed = speeds.get(name) ?? 0;
      return [
        {
          name,
          up: flags.split(',').includes('UP') && flags.split(',').includes('LOWER_UP'),
          mtu: Number(mtu),
          mac: /link\/ether ([0-9a-f:]{17})/.exec(line)?.[1],
          addresses: addresses.filter((each) => each.name === name).map(({ address }) => address),
          // The kernel says -1 or 4294967295 for "unknown".
          speed: speed > 0 && speed < 4_294_967_295 ? speed : undefined,
        },
      ];
    });
    if (found.length === 0) throw new Error('ip shows no interface');
    return found;
  },
};
