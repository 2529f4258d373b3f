// Cuts the sessions that still hang on a server HAProxy has found down: those of a frozen process, whose kernel
// goes on acknowledging. HAProxy's own `on-marked-down shutdown-sessions` cannot be used: up to 3.0.11, Debian
// 13's, it freezes a session that is just connecting, for as long as the client's timeout (docs/design/0019).
// A few seconds after the server went down nobody connects to it any more, and cutting its sessions is safe.
// Manual: HAProxy management guide, "shutdown sessions server", "show stat".
import type { ConfigTree } from '../../formats/config-tree.ts';

export const STALE_SESSIONS_PATH = '/usr/local/lib/hastack/cut-stale-sessions';
export const STALE_SESSIONS_SERVICE = 'hastack-cut-stale-sessions';
const SOCKET = '/run/haproxy/admin.sock';
/** Seconds a server must have been down: longer than a connection attempt with its retry elsewhere. */
const STALE_AFTER = 3;

export const STALE_SESSIONS_SCRIPT = `#!/usr/bin/perl
# Cuts sessions on servers that HAProxy found down. Written by hastack; local changes are overwritten.
# Arguments: the backends concerned.
use strict;
use warnings;
use IO::Socket::UNIX;

my %concerned = map { $_ => 1 } @ARGV;

sub ask {
    my ($command) = @_;
    my $socket = IO::Socket::UNIX->new(Peer => '${SOCKET}', Timeout => 2) or return;
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

$| = 1;
while (1) {
    # 0 backend, 1 server, 4 current sessions, 17 status, 23 seconds since the last change of it
    for my $line (ask('show stat -1 4 -1')) {
        my ($backend, $server, $sessions, $status, $since) = (split /,/, $line)[0, 1, 4, 17, 23];
        next unless defined $since && $since =~ /^\\d+$/ && $concerned{$backend} && $status =~ /^DOWN/;
        next unless $sessions > 0 && $since >= ${STALE_AFTER};
        print "cutting $sessions sessions on $backend/$server, down for $since s\\n";
        ask("shutdown sessions server $backend/$server");
    }
    sleep 1;
}
`;

export function staleSessionsUnit(backends: readonly string[]): ConfigTree {
  return {
    Unit: { Description: 'Cut the sessions on servers that HAProxy found down', After: 'haproxy.service' },
    Service: {
      ExecStart: [STALE_SESSIONS_PATH, ...backends].join(' '),
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
