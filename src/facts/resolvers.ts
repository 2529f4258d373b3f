// Whether DNS resolvers answer: one question over UDP to each, asked with perl because a plain Debian has no dig.
// Those of the spec, else those of /etc/resolv.conf. Any answer but a refusal counts, also "no such name".
// Manuals: RFC 1035, resolv.conf(5).
import { sh } from '../remote/shell.ts';
import type { Gatherer } from './gatherer.ts';
import { END, linesOf, wholeLines } from './gatherer.ts';

export interface ResolverFacts {
  readonly address: string;
  readonly answers: boolean;
  /** Why not: `silent`, `refuses`, `fails`. */
  readonly detail: string;
}

const NAME = 'deb.debian.org';

const PROGRAM = String.raw`use strict; use Socket qw(:all); use POSIX ();
my $ticks = POSIX::sysconf(POSIX::_SC_CLK_TCK()); sub now { return (POSIX::times())[0] / $ticks }
my ($name, @servers) = @ARGV; my %socket;
my $question = join('', map { pack('C/a*', $_) } split(/\./, $name)) . "\0" . pack('nn', 1, 1);
for my $server (@servers) {
  my $six = $server =~ /:/;
  my $bytes = inet_pton($six ? AF_INET6 : AF_INET, $server) or next;
  socket(my $s, $six ? AF_INET6 : AF_INET, SOCK_DGRAM, 0) or next;
  connect($s, $six ? pack_sockaddr_in6(53, $bytes) : pack_sockaddr_in(53, $bytes)) or next;
  $socket{$server} = $s;
}
my %answer; my $end = now() + 4; my $again = 0;
while (now() < $end && keys %answer < keys %socket) {
  if (now() >= $again) {
    for (grep { !exists $answer{$_} } keys %socket) { send($socket{$_}, pack('n6', $$ & 0xffff, 0x0100, 1, 0, 0, 0) . $question, 0) }
    $again = now() + 1.5;
  }
  my $ready = ''; vec($ready, fileno $socket{$_}, 1) = 1 for grep { !exists $answer{$_} } keys %socket;
  select($ready, undef, undef, 0.1) > 0 or next;
  for (grep { vec($ready, fileno $socket{$_}, 1) } keys %socket) {
    defined recv($socket{$_}, my $text, 4096, 0) or next;
    my ($id, $flags) = unpack('nn', $text);
    $answer{$_} = $flags & 15 if defined $flags && $id == ($$ & 0xffff);
  }
}
for (@servers) { printf "resolver %s %s\n", $_, exists $answer{$_} ? $answer{$_} : 'silent' }`;

export const resolvers: Gatherer<readonly ResolverFacts[]> = {
  read: ({ cluster }) => ({
    text: `servers=$(sed -n 's/^[[:space:]]*nameserver[[:space:]]\\{1,\\}\\([^[:space:]]*\\).*/\\1/p' /etc/resolv.conf 2>/dev/null)
${cluster.dns.length === 0 ? '' : `servers=${sh`${cluster.dns.join(' ')}`}`}
perl - ${NAME} $servers <<'PROGRAM' || exit 1
${PROGRAM}
PROGRAM
echo ${END}
`,
    timeout: 15,
  }),
  parse: (output) =>
    linesOf(wholeLines(output), 'resolver').map((line) => {
      const [address = '', result = ''] = line.split(' ');
      return { address, answers: result === '0' || result === '3', detail: DETAILS[result] ?? 'fails' };
    }),
};

const DETAILS: Readonly<Record<string, string>> = {
  '0': 'answers',
  '3': 'answers',
  '5': 'refuses',
  silent: 'silent',
};
