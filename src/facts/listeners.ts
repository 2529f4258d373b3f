// Who listens on which port, with the unit it belongs to. Manuals: ss(8), cgroups(7).
import type { Gatherer } from './gatherer.ts';
import { END, linesOf, wholeLines } from './gatherer.ts';

export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  /** An address, or `*` for all of them. */
  readonly address: string;
  readonly port: number;
  /** Name of the program; undefined when the kernel itself listens. */
  readonly program: string | undefined;
  /** `ssh.service`; undefined when it is in no unit. */
  readonly unit: string | undefined;
}

const SCRIPT = `all=$(ss -H -lntup) || exit 1
printf '%s\\n' "$all" | sed 's/^/listen /'
for p in $(printf '%s\\n' "$all" | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u); do
  [ ! -r "/proc/$p/cgroup" ] || printf 'cgroup %s %s\\n' "$p" "$(tail -n 1 "/proc/$p/cgroup")"
done
echo ${END}
`;

export const listeners: Gatherer<readonly Listener[]> = {
  read: () => ({ text: SCRIPT, timeout: 15 }),
  parse(output) {
    const lines = wholeLines(output);
    const units = new Map(
      linesOf(lines, 'cgroup').map((line) => {
        const process = line.slice(0, line.indexOf(' '));
        return [process, line.split('/').findLast((part) => /\.(service|socket|scope)$/.test(part))] as const;
      }),
    );
    return linesOf(lines, 'listen').flatMap((line) => {
      const [protocol, , , , local = ''] = line.trim().split(/\s+/);
      if (protocol !== 'tcp' && protocol !== 'udp') return [];
      const colon = local.lastIndexOf(':');
      const process = /pid=(\d+)/.exec(line)?.[1] ?? '';
      return [
        {
          protocol,
          address: plainAddress(local.slice(0, colon)),
          port: Number(local.slice(colon + 1)),
          program: /users:\(\("([^"]*)"/.exec(line)?.[1],
          unit: units.get(process),
        } as const,
      ];
    });
  },
};

/** `[::1]`, `127.0.0.53%lo`, `0.0.0.0`, `*` */
function plainAddress(text: string): string {
  const address = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  return address === '0.0.0.0' || address === '::' ? '*' : address;
}
