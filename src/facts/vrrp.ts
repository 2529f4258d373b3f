// Who speaks VRRP on the networks of the VIPs: adverts are listened to for two seconds on a raw socket, multicast
// and unicast. Keepalived and routers send one per second or more often unless told otherwise.
// Manuals: RFC 9568 (VRRP), raw(7), ip(7) IP_ADD_MEMBERSHIP. IPv4 only: elsewhere nothing is heard.
import { sh } from '../remote/shell.ts';
import type { FactRequest, Gatherer } from './gatherer.ts';
import { END, linesOf, wholeLines } from './gatherer.ts';

export interface VrrpAdvert {
  readonly network: string;
  readonly source: string;
  readonly routerId: number;
}

const LISTEN_SECONDS = 2.2;

const PROGRAM = String.raw`use strict; use Socket qw(:all); use POSIX ();
my $ticks = POSIX::sysconf(POSIX::_SC_CLK_TCK()); sub now { return (POSIX::times())[0] / $ticks }
my ($seconds, @places) = @ARGV; my (%socket, %seen);
for (@places) {
  my ($network, $device, $own) = split /,/;
  socket(my $s, AF_INET, SOCK_RAW, 112) or die "no raw socket: $!\n";
  setsockopt($s, SOL_SOCKET, 25, "$device\0") or die "$device: $!\n";
  setsockopt($s, 0, IP_ADD_MEMBERSHIP, pack_ip_mreq(inet_aton('224.0.0.18'), inet_aton($own))) or die "$device: $!\n";
  $socket{$network} = $s;
}
my $end = now() + $seconds;
while (%socket && now() < $end) {
  my $ready = ''; vec($ready, fileno $_, 1) = 1 for values %socket;
  select($ready, undef, undef, 0.1) > 0 or next;
  for my $network (grep { vec($ready, fileno $socket{$_}, 1) } keys %socket) {
    defined recv($socket{$network}, my $packet, 65535, 0) or next;
    my $header = (ord($packet) & 15) * 4;
    next if length($packet) < $header + 8;
    my ($kind, $id) = unpack('CC', substr($packet, $header, 2));
    $seen{"$network " . inet_ntoa(substr($packet, 12, 4)) . " $id"} = 1 if ($kind & 15) == 1;
  }
}
print "advert $_\n" for sort keys %seen;`;

export const vrrp: Gatherer<readonly VrrpAdvert[]> = {
  read: (request) => ({
    text: `${sh`perl - ${LISTEN_SECONDS} ${places(request)}`} <<'PROGRAM' || exit 1\n${PROGRAM}\nPROGRAM\necho ${END}\n`,
    timeout: 15,
  }),
  parse: (output) =>
    linesOf(wholeLines(output), 'advert').map((line) => {
      const [network = '', source = '', id] = line.split(' ');
      return { network, source, routerId: Number(id) };
    }),
};

function places({ cluster, host }: FactRequest): readonly string[] {
  return [...new Set(cluster.vips.map((vip) => vip.network))].flatMap((network) => {
    const own = host.addresses[network];
    const device = host.interfaces[network];
    return own === undefined || own.includes(':') || device === undefined ? [] : [[network, device, own].join(',')];
  });
}
