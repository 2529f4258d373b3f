// Cuts sessions that HAProxy itself leaves where they are:
// - on a server that it found down: those of a frozen process, whose kernel goes on acknowledging. HAProxy's own
//   `on-marked-down shutdown-sessions` cannot be used: up to 3.0.11, Debian 13's, it freezes a session that is just
//   connecting, for as long as the client's timeout (docs/design/0019);
// - of a single-writer backend, on a server that is not the one the stick table names: it was down for a moment and is
//   up again, and two members would be written to and read from at once.
// Only once the server's state, and the writer's name, are a few seconds old: then nobody is connecting to it any more.
// Manual: HAProxy management guide, "shutdown sessions server", "show stat", "show table".
import type { ConfigTree } from '../../formats/config-tree.ts';

export const STALE_SESSIONS_PATH = '/usr/local/lib/hastack/cut-stale-sessions';
export const STALE_SESSIONS_SERVICE = 'hastack-cut-stale-sessions';
const SOCKET = '/run/haproxy/admin.sock';
export interface GuardedBackend {
  readonly name: string;
  /** Seconds a server's state must have lasted: at least as long as a connection attempt with its retry elsewhere. */
  readonly after: number;
  /** All sessions belong on the server that the backend's stick table names. */
  readonly singleWriter: boolean;
}

export const STALE_SESSIONS_SCRIPT = `#!/usr/bin/perl
# Cuts sessions on servers that HAProxy found down, and on other servers than a backend's one writer.
# Written by hastack; local changes are overwritten.
# Arguments: HAProxy's socket, the backends concerned as NAME:SECONDS, or NAME:SECONDS:single where one member writes.
use strict;
use warnings;
use IO::Socket::UNIX;

my ($path, @backends) = @ARGV;
my (%single, %after);
for my $given (@backends) {
    my ($backend, $seconds, $single) = split /:/, $given;
    $after{$backend} = $seconds;
    $single{$backend} = defined $single;
}

sub ask {
    my ($command) = @_;
    my $socket = IO::Socket::UNIX->new(Peer => $path, Timeout => 2) or return;
    local $SIG{ALRM} = sub { die "HAProxy does not answer\\n" };
    my @lines = eval {
        alarm 2;
        print {$socket} "$command\\n";
        $socket->flush;
        my @read = <$socket>;
        alarm 0;
        @read;
    };
    alarm 0;
    return @lines;
}

sub writer {
    my ($backend) = @_;
    my ($entry) = grep { /server_key=/ } ask("show table $backend");
    return defined $entry && $entry =~ /server_key=(\\S+)/ ? $1 : undef;
}

$| = 1;
# Backend => who is named as its writer, and in how many rounds, a second each at least, this program has seen that.
my %named;
while (1) {
    my (%sessions, %down, %since);
    # 0 backend, 1 server, 4 current sessions, 17 status, 23 seconds since the last change of it
    for my $line (ask('show stat -1 4 -1')) {
        my ($backend, $server, $current, $status, $since) = (split /,/, $line)[0, 1, 4, 17, 23];
        next unless defined $since && $since =~ /^\\d+$/ && $after{$backend};
        $sessions{$backend}{$server} = $current;
        $down{$backend}{$server} = $status =~ /^DOWN/;
        $since{$backend}{$server} = $since;
    }
    for my $backend (sort keys %sessions) {
        my $writer = $single{$backend} ? writer($backend) // '' : '';
        $named{$backend} = [$writer, -1] if !$named{$backend} || $named{$backend}[0] ne $writer;
        $named{$backend}[1]++;
        # The first session that was sent elsewhere changes the table, while others are still trying to connect. And a
        # table that names a server which is down has not learnt yet who serves instead.
        my $elected = exists $sessions{$backend}{$writer} && !$down{$backend}{$writer}
            && $named{$backend}[1] >= $after{$backend};
        for my $server (sort keys %{$sessions{$backend}}) {
            next unless $sessions{$backend}{$server} > 0 && $since{$backend}{$server} >= $after{$backend};
            my $why = $down{$backend}{$server} ? 'is down'
                : $elected && $server ne $writer ? "is not the writer, $writer is"
                : next;
            print "cutting $sessions{$backend}{$server} sessions on $backend/$server, which $why\\n";
            ask("shutdown sessions server $backend/$server");
        }
    }
    sleep 1;
}
`;

export function staleSessionsUnit(backends: readonly GuardedBackend[]): ConfigTree {
  const names = backends.map(({ name, after, singleWriter }) => `${name}:${after}${singleWriter ? ':single' : ''}`);
  return {
    Unit: { Description: 'Cut sessions on servers that are down or not the writer', After: 'haproxy.service' },
    Service: {
      ExecStart: [STALE_SESSIONS_PATH, SOCKET, ...names].join(' '),
      Restart: 'always',
      RestartSec: '1s',
      NoNewPrivileges: 'yes',
      ProtectSystem: 'strict',
      ProtectHome: 'yes',
      PrivateNetwork: 'yes',
    },
    Install: { WantedBy: 'multi-user.target' },
  };
}
