// The far side of a connection: a small Perl program that runs scripts for us (docs/design/0014-perl-driver.md).
//
// It is sent over stdin and never stored. Frames in:  `R id milliseconds length\n` + script, `K id\n` (abort), `P\n`
// (still here). Frames out: the hello line, then `O id code lengthOut lengthErr\n` + both texts.
// Every script is read by `sh` from a pipe, as one compound command: a script that arrived torn is a syntax error and
// does nothing. A script has a session of its own and a mark in its environment, by which its processes are found
// even when they left the group. When stdin ends, or nothing was heard for some time, everything is ended within 2 s.
// Manual: perlipc(1), sh(1), signal(7).

export const DRIVER_HELLO = 'HASTACK-DRIVER-1';

export interface DriverLimits {
  /** Ends everything when no frame came for this long: a cut network does not close the connection. */
  readonly silenceSeconds: number;
  /** Bytes kept of stdout and of stderr of a script; the rest is read and dropped. */
  readonly outputBytes: number;
}

export const DRIVER_LIMITS: DriverLimits = { silenceSeconds: 30, outputBytes: 8 * 1024 * 1024 };

/** Reads the driver from stdin and becomes it: keeps the process list short and the text out of argv. */
export function bootstrap(driver: string): string {
  const bytes = Buffer.byteLength(driver);
  return (
    `my ($s, $n) = ("", ${bytes}); ` +
    'while (length($s) < $n) { my $r = sysread(STDIN, $s, $n - length($s), length($s)); exit 97 unless $r } ' +
    'eval $s; die $@ if $@'
  );
}

export function driverSource(limits: DriverLimits = DRIVER_LIMITS): string {
  return `my ($SILENCE, $CAP, $HELLO) = (${limits.silenceSeconds}, ${limits.outputBytes}, '${DRIVER_HELLO}');\n${DRIVER}`;
}

const DRIVER = String.raw`
use strict; use warnings;
use POSIX (); use Fcntl; use Errno;
my $TICKS = POSIX::sysconf(POSIX::_SC_CLK_TCK());
sub now { return (POSIX::times())[0] / $TICKS }

my (%jobs, $input, $output, $lost, $seen) = ();
($input, $output, $lost, $seen) = ('', '', 0, now());
$SIG{PIPE} = $SIG{HUP} = $SIG{INT} = 'IGNORE';
$SIG{TERM} = sub { $lost = 1 };
$SIG{CHLD} = sub { };
my $mark = "HASTACK_SCRIPT=$$." . time();

sub nonblocking { my ($h) = @_; fcntl($h, F_SETFL, fcntl($h, F_GETFL, 0) | O_NONBLOCK) }
nonblocking(*STDIN); nonblocking(*STDOUT);

my $debian = '-';
if (open(my $f, '<', '/etc/debian_version')) { $debian = <$f>; $debian =~ s/\s+//g; close $f }
$output = "$HELLO uid=$> debian=$debian\n";

sub reply {
  my ($id, $code, $out, $err) = @_;
  return if $lost;
  $output .= sprintf("O %d %d %d %d\n", $id, $code, length $out, length $err) . $out . $err;
}

sub child {
  my ($id, $in, $out, $err) = @_;
  POSIX::setsid();
  $SIG{$_} = 'DEFAULT' for qw(PIPE HUP INT TERM CHLD);
  POSIX::dup2(fileno $in, 0); POSIX::dup2(fileno $out, 1); POSIX::dup2(fileno $err, 2);
  chdir '/'; umask 022;
  my ($name, $value) = split /=/, "$mark.$id", 2;
  %ENV = (PATH => '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME => $> ? '/' : '/root',
    LC_ALL => 'C.UTF-8', DEBIAN_FRONTEND => 'noninteractive', $name => $value);
  exec { '/bin/sh' } 'sh' or POSIX::_exit(127);
}

sub start {
  my ($id, $ms, $text) = @_;
  my ($ir, $iw, $or, $ow, $er, $ew, $pid);
  if (!(pipe($ir, $iw) && pipe($or, $ow) && pipe($er, $ew) && defined($pid = fork()))) {
    return reply($id, 126, '', "cannot start a process: $!\n");
  }
  child($id, $ir, $ow, $ew) if $pid == 0;
  close $_ for $ir, $ow, $ew;
  nonblocking($_) for $iw, $or, $er;
  $jobs{$id} = { id => $id, pid => $pid, in => $iw, feed => "{ exec </dev/null\n$text\n}\n", out => $or, err => $er,
    stdout => '', stderr => '', dropped => 0, deadline => now() + $ms / 1000, mark => "$mark.$id" };
}

sub marked {
  my ($job) = @_;
  my @found;
  opendir(my $dir, '/proc') or return;
  for my $pid (grep { /^\d+$/ } readdir $dir) {
    next if $pid == $$ || !open(my $f, '<', "/proc/$pid/environ");
    local $/; my $text = <$f>; close $f;
    push @found, $pid if defined $text && index("\0$text", "\0$job->{mark}\0") >= 0;
  }
  return @found;
}

sub signal_job { my ($job, $signal) = @_; kill $signal, -$job->{pid}; kill $signal, $_ for marked($job) }

sub end_job {
  my ($job, $code, $grace) = @_;
  return if defined $job->{code};
  $job->{code} = $code; $job->{kill_at} = now() + $grace;
  signal_job($job, 'TERM');
}

sub drain {
  my ($job, $which, $text) = @_;
  my $h = $job->{$which} or return;
  while (1) {
    my $n = sysread($h, my $bytes, 65536);
    if (!defined $n) { return if $!{EAGAIN} || $!{EINTR}; $n = 0 }
    if ($n == 0) { close $h; $job->{$which} = undef; return }
    my $room = $CAP - length $job->{$text};
    if ($room < $n) { $job->{dropped} = 1; $bytes = substr($bytes, 0, $room > 0 ? $room : 0) }
    $job->{$text} .= $bytes;
    return if $n < 65536;
  }
}

sub feed {
  my ($job) = @_;
  my $n = syswrite($job->{in}, $job->{feed});
  if (!defined $n) { return if $!{EAGAIN} || $!{EINTR}; $job->{feed} = '' }
  else { substr($job->{feed}, 0, $n, '') }
  if ($job->{feed} eq '') { close $job->{in}; $job->{in} = undef }
}

sub finish {
  my ($job) = @_;
  close $_ for grep { defined } @$job{qw(in out err)};
  my $status = $job->{status};
  my $code = defined $job->{code} ? $job->{code} : ($status & 127) ? 128 + ($status & 127) : $status >> 8;
  $job->{stderr} .= "\n[output cut at $CAP bytes]\n" if $job->{dropped};
  reply($job->{id}, $code, $job->{stdout}, $job->{stderr});
  delete $jobs{$job->{id}};
}

sub settle {
  my ($job) = @_;
  my $now = now();
  if (!defined $job->{status}) {
    my $r = waitpid($job->{pid}, POSIX::WNOHANG());
    if ($r == $job->{pid}) { $job->{status} = $?; $job->{drain_until} = $now + 0.2 }
  }
  end_job($job, 124, 2) if $now >= $job->{deadline} && !defined $job->{status};
  if (defined $job->{code} && !$job->{killed}) {
    if ($now >= $job->{kill_at}) { signal_job($job, 'KILL'); $job->{killed} = 1 }
    elsif (defined $job->{status} && !marked($job)) { $job->{killed} = 1 }
    else { return }
  }
  return if !defined $job->{status};
  drain($job, 'out', 'stdout'); drain($job, 'err', 'stderr');
  finish($job) if (!$job->{out} && !$job->{err}) || $now >= $job->{drain_until};
}

sub receive {
  my $n = sysread(STDIN, $input, 1 << 18, length $input);
  if (!defined $n) { $lost = 1 unless $!{EAGAIN} || $!{EINTR}; return }
  if ($n == 0) { $lost = 1; return }
  $seen = now();
  while ($input =~ /\A([^\n]*)\n/) {
    my $line = $1;
    if ($line =~ /^R (\d+) (\d+) (\d+)$/) {
      my ($id, $ms, $length) = ($1, $2, $3);
      last if length($input) < length($line) + 1 + $length;
      substr($input, 0, length($line) + 1, '');
      start($id, $ms, substr($input, 0, $length, ''));
      next;
    }
    substr($input, 0, length($line) + 1, '');
    end_job($jobs{$1}, 137, 2) if $line =~ /^K (\d+)$/ && $jobs{$1};
  }
}

sub send_output {
  my $n = syswrite(STDOUT, $output, 1 << 18);
  if (defined $n) { substr($output, 0, $n, '') } elsif (!$!{EAGAIN} && !$!{EINTR}) { $lost = 1; $output = '' }
}

sub wait_for_events {
  my ($r, $w, $wait) = ('', '', %jobs ? 0.2 : 2);
  vec($r, fileno STDIN, 1) = 1 unless $lost;
  vec($w, fileno STDOUT, 1) = 1 if length $output && !$lost;
  for my $job (values %jobs) {
    vec($w, fileno $job->{in}, 1) = 1 if $job->{in};
    for (grep { defined } @$job{qw(out err)}) { vec($r, fileno $_, 1) = 1 }
    if (!$job->{out} && !$job->{err}) { $wait = 0.01 } elsif (defined $job->{code}) { $wait = 0.05 if $wait > 0.05 }
  }
  return ($r, $w) if select($r, $w, undef, $wait) > 0;
  return ('', '');
}

while (1) {
  my ($r, $w) = wait_for_events();
  receive() if !$lost && vec($r, fileno STDIN, 1);
  send_output() if vec($w, fileno STDOUT, 1);
  for my $job (values %jobs) {
    feed($job) if $job->{in} && vec($w, fileno $job->{in}, 1);
    drain($job, 'out', 'stdout') if $job->{out} && vec($r, fileno $job->{out}, 1);
    drain($job, 'err', 'stderr') if $job->{err} && vec($r, fileno $job->{err}, 1);
  }
  $lost = 1 if now() - $seen > $SILENCE;
  if ($lost) { end_job($_, 137, 1) for values %jobs }
  settle($_) for values %jobs;
  exit 0 if $lost && !%jobs;
}
`;
