// Whether somebody already answers for a VIP: a datagram to it makes the kernel ask for its hardware address, and
// the neighbour table shows who claimed it. arping need not be installed. Manuals: ip-neighbour(8), arp(7).
import { sh } from '../remote/shell.ts';
import type { FactRequest, Gatherer } from './gatherer.ts';
import { END, linesOf, wholeLines } from './gatherer.ts';

export interface VipNeighbour {
  readonly vip: string;
  /** Hardware address of who answers; undefined: nobody did. */
  readonly mac: string | undefined;
}

/** The kernel asks three times, a second apart. */
const SECONDS = 4;

const FUNCTIONS = `ask() {
  ip neigh del "$3" dev "$2" 2>/dev/null
  perl -e 'use Socket qw(:all); my ($d, $a) = @ARGV; my $six = $a =~ /:/; my $f = $six ? AF_INET6 : AF_INET;
    my $b = inet_pton($f, $a) or exit 1; socket(my $s, $f, SOCK_DGRAM, 0) or exit 1; setsockopt($s, SOL_SOCKET, 25, "$d\\0");
    send($s, "?", 0, $six ? pack_sockaddr_in6(9, $b) : pack_sockaddr_in(9, $b)) or exit 1' "$2" "$3" || { echo "failed $1"; return; }
  n=0
  while [ "$n" -lt ${SECONDS * 5} ]; do
    found=$(ip neigh show to "$3" dev "$2")
    case $found in *lladdr*|*FAILED*|'') break ;; esac
    sleep 0.2; n=$((n + 1))
  done
  echo "vip $1 $found"
}
`;

export const vipNeighbours: Gatherer<readonly VipNeighbour[]> = {
  read: (request) => ({
    text: `${FUNCTIONS}${asks(request).join('\n')}\nwait\necho ${END}\n`,
    timeout: SECONDS + 10,
  }),
  parse: (output) =>
    linesOf(wholeLines(output), 'vip').map((line) => ({
      vip: line.split(' ')[0] ?? '',
      mac: /\blladdr ([0-9a-f:]{17})/.exec(line)?.[1],
    })),
};

function asks({ cluster, host }: FactRequest): readonly string[] {
  return cluster.vips.flatMap(({ name, network, address }) => {
    const device = host.addresses[network] === undefined ? undefined : host.interfaces[network];
    return device === undefined ? [] : [sh`ask ${name} ${device} ${address} &`];
  });
}
