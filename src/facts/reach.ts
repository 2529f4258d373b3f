// Which hosts answer over which network, with small packets and with packets as large as the network's MTU.
// ICMP echoes that may not be fragmented, sent with perl on a raw socket bound to the interface: ping need not be
// installed. All targets at once, three tries. Manuals: raw(7), ip(7) IP_MTU_DISCOVER, RFC 792, RFC 4443.
import { sh } from '../remote/shell.ts';
import type { FactRequest, Gatherer } from './gatherer.ts';
import { END, linesOf, wholeLines } from './gatherer.ts';

export interface ReachFacts {
  readonly network: string;
  /** Address that was asked. */
  readonly address: string;
  /** A small packet comes back. */
  readonly answers: boolean;
  /** A packet of the network's MTU comes back; `too-long`: it does not even leave this host. */
  readonly full: 'answers' | 'silent' | 'too-long';
}

const PROGRAM = String.raw`use strict; use Socket qw(:all); use POSIX (); use Errno;
my $ticks = POSIX::sysconf(POSIX::_SC_CLK_TCK()); sub now { return (POSIX::times())[0] / $ticks }
my $id = $$ & 0xffff; my (%line, %target, @order);
sub echo {
  my ($six, $seq, $length) = @_;
  my $data = 'h' x ($length - 8);
  return pack('CCnnn', 128, 0, 0, $id, $seq) . $data if $six;
  my $sum = unpack('%32n*', pack('CCnnn', 8, 0, 0, $id, $seq) . $data . (length($data) % 2 ? "\0" : ''));
  $sum = ($sum >> 16) + ($sum & 0xffff) while $sum >> 16;
  return pack('CCnnn', 8, 0, ~$sum & 0xffff, $id, $seq) . $data;
}
for (@ARGV) {
  my ($network, $device, $source, $address, $mtu) = split /,/;
  my $six = $address =~ /:/; my $family = $six ? AF_INET6 : AF_INET;
  my $bytes = inet_pton($family, $address); push @order, [$network, $address];
  if (!$line{"$device $source"}) {
    socket(my $s, $family, SOCK_RAW, $six ? 58 : 1) or next;
    setsockopt($s, SOL_SOCKET, 25, "$device\0") or next;
    my $own = inet_pton($family, $source);
    bind($s, $six ? pack_sockaddr_in6(0, $own) : pack_sockaddr_in(0, $own)) or next;
    $six ? setsockopt($s, 41, 23, pack('i', 3)) : setsockopt($s, 0, 10, pack('i', 3));
    setsockopt($s, SOL_SOCKET, SO_RCVBUF, 4 << 20);
    $line{"$device $source"} = { socket => $s, six => $six };
  }
  $target{"$network $address"} = { line => $line{"$device $source"}, bytes => $bytes, size => $mtu - ($six ? 40 : 20), small => 0, full => 'silent',
    to => $six ? pack_sockaddr_in6(0, $bytes) : pack_sockaddr_in(0, $bytes) };
}
sub missing { return grep { !$_->{small} || $_->{full} eq 'silent' } values %target }
for my $try (1 .. 3) {
  for my $t (missing()) {
    send($t->{line}{socket}, echo($t->{line}{six}, 1, 64), 0, $t->{to}) if !$t->{small};
    next if $t->{full} ne 'silent';
    $t->{full} = 'too-long' if !defined send($t->{line}{socket}, echo($t->{line}{six}, 2, $t->{size}), 0, $t->{to}) && $!{EMSGSIZE};
  }
  my $end = now() + 1;
  while (now() < $end && missing()) {
    my $ready = ''; vec($ready, fileno $_->{socket}, 1) = 1 for values %line;
    select($ready, undef, undef, 0.1) > 0 or next;
    for my $l (grep { vec($ready, fileno $_->{socket}, 1) } values %line) {
      my $from = recv($l->{socket}, my $text, 65535, 0); defined $from or next;
      $text = substr($text, (ord($text) & 15) * 4) if !$l->{six};
      my ($type, $code, $sum, $reply, $seq) = unpack('CCnnn', $text);
      next if $type != ($l->{six} ? 129 : 0) || $reply != $id;
      my $bytes = $l->{six} ? (unpack_sockaddr_in6($from))[1] : (unpack_sockaddr_in($from))[1];
      for my $t (grep { $_->{line} == $l && $_->{bytes} eq $bytes } values %target) {
        if ($seq == 1) { $t->{small} = 1 } elsif ($seq == 2 && length($text) == $t->{size}) { $t->{full} = 'answers' }
      }
    }
  }
  last if !missing();
}
for (@order) {
  my $t = $target{"$_->[0] $_->[1]"} or next;
  printf "reach %s %s %s %s\n", @$_, $t->{small} ? 'answers' : 'silent', $t->{full};
}`;

export const reach: Gatherer<readonly ReachFacts[]> = {
  read: (request) => ({
    text: `${sh`perl - ${targets(request)}`} <<'PROGRAM' || exit 1\n${PROGRAM}\nPROGRAM\necho ${END}\n`,
    timeout: 20,
  }),
  parse: (output) =>
    linesOf(wholeLines(output), 'reach').map((line) => {
      const [network = '', address = '', small, full] = line.split(' ');
      return {
        network,
        address,
        answers: small === 'answers',
        full: full === 'answers' || full === 'too-long' ? full : 'silent',
      };
    }),
};

/** `network,interface,own address,their address,MTU` */
function targets({ cluster, host }: FactRequest): readonly string[] {
  return cluster.networks.flatMap(({ name, mtu }) => {
    const own = host.addresses[name];
    const device = host.interfaces[name];
    if (own === undefined || device === undefined) return [];
    return cluster.hosts.flatMap((other) => {
      const address = other.addresses[name];
      return other.name === host.name || address === undefined ? [] : [[name, device, own, address, mtu].join(',')];
    });
  });
}
