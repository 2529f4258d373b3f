// Turns what the ssh client, sudo or the remote shell said into an error that says what to do. Pure.
// The texts are those of OpenSSH 9/10, sudo 1.9 and dash; they are read with LC_ALL=C.
// Manual: ssh(1), ssh_config(5), sudoers(5).
import { HastackError } from '../model/error.ts';
import { quote } from './shell.ts';

export interface SshTarget {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Where new host keys of this cluster belong. */
  readonly knownHosts: string;
}

interface Pattern {
  readonly matches: RegExp;
  readonly says: (target: SshTarget) => string;
  readonly hint: (target: SshTarget) => string;
}

const at = (target: SshTarget): string => `${target.address} port ${target.port}`;
const scan = (target: SshTarget): string =>
  `ssh-keyscan ${target.port === 22 ? '' : `-p ${target.port} `}${quote(target.address)} >> ${quote(target.knownHosts)}`;
const login = (target: SshTarget): string =>
  `ssh ${target.port === 22 ? '' : `-p ${target.port} `}${quote(`${target.user}@${target.address}`)}`;

/** The first that matches counts: a changed key also says "verification failed". */
const PATTERNS: readonly Pattern[] = [
  {
    matches: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed/i,
    says: (target) => `the host key of ${target.address} has CHANGED; nothing was sent`,
    hint: (target) =>
      'Either the host was installed anew, or somebody is in between. Compare the key on the console of the host ' +
      '(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub); only when it was installed anew, remove the old one: ' +
      `ssh-keygen -R ${quote(target.port === 22 ? target.address : `[${target.address}]:${target.port}`)} -f ${quote(target.knownHosts)}`,
  },
  {
    matches: /No \S+ host key is known|Host key verification failed/i,
    says: (target) => `the host key of ${target.address} is not known`,
    hint: (target) =>
      `Add it with: ${scan(target)} and compare its fingerprint with the one on the console of the host ` +
      '(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) before you go on.',
  },
  {
    matches: /sudo: .*(password is required|terminal is required)/i,
    says: (target) => `sudo asks ${target.user} for a password`,
    hint: (target) =>
      `Allow it without one in /etc/sudoers.d/hastack on the host: ${target.user} ALL=(ALL) NOPASSWD: ALL`,
  },
  {
    matches: /is not in the sudoers file|not allowed to (run sudo|execute)/i,
    says: (target) => `${target.user} may not use sudo`,
    hint: () => 'Give that user sudo without a password, or set ssh.user to one that has it.',
  },
  {
    matches: /sudo: (command )?not found/i,
    says: () => 'there is no sudo on the host',
    hint: () => 'Install sudo there, or log in as root (ssh.user: root, ssh.sudo: false).',
  },
  {
    matches: /perl: (command )?not found/i,
    says: () => 'there is no perl on the host, so it is no Debian system',
    hint: () => 'hastack deploys on Debian 13; perl-base is part of every Debian system.',
  },
  {
    matches: /UNPROTECTED PRIVATE KEY FILE|bad permissions/i,
    says: () => 'ssh does not use a private key that others can read',
    hint: () => 'Set the mode of the key file to 0600.',
  },
  {
    matches: /Permission denied|Too many authentication failures/i,
    says: (target) => `${target.user}@${target.address} does not accept our key`,
    hint: (target) =>
      `Try ${login(target)} by hand. Load the right key into the agent or set ssh.identityFile; ` +
      'the public key belongs into authorized_keys of that user.',
  },
  {
    matches: /Could not resolve hostname/i,
    says: (target) => `the name ${target.address} is not known`,
    hint: () => 'Write an address in the spec, or correct DNS (or the jump host).',
  },
  {
    matches: /Connection refused/i,
    says: (target) => `${at(target)} refuses the connection`,
    hint: () => 'Is sshd running there, on this port (ssh.port)?',
  },
  {
    matches: /timed out|Timeout, server/i,
    says: (target) => `${at(target)} does not answer`,
    hint: () => 'Is the host on, is the address right, does a firewall drop the packets?',
  },
  {
    matches: /No route to host|Network is unreachable|Host is down/i,
    says: (target) => `there is no way to ${target.address}`,
    hint: () => 'Is the host on and this machine in a network that reaches it (ssh.jump names a bastion)?',
  },
  {
    matches: /Bad configuration option|terminating, \d+ bad configuration|Can't open user config file/i,
    says: () => 'ssh does not understand its configuration',
    hint: () => 'Correct the file that is named here (ssh.configFile or ~/.ssh/config).',
  },
  {
    matches: /ENOENT/,
    says: () => 'there is no ssh on this machine',
    hint: () => 'Install it: apt install openssh-client',
  },
];

/** Connections that a busy sshd (MaxStartups) dropped before it said anything: worth another try. */
export function isBusy(stderr: string): boolean {
  return /kex_exchange_identification|Connection (closed|reset) by .* port \d+\s*$/im.test(stderr);
}

export function explainSshFailure(
  target: SshTarget,
  end: { readonly stderr: string; readonly code: number | null },
): HastackError {
  const pattern = PATTERNS.find(({ matches }) => matches.test(end.stderr));
  const said = lastLine(end.stderr);
  const message =
    pattern?.says(target) ?? `the connection ended${end.code === null ? '' : ` (exit status ${end.code})`}`;
  return new HastackError({
    code: 'unreachable',
    host: target.host,
    message: `${target.host}: ${message}${said === '' ? '' : ` [${said}]`}`,
    hint: pattern?.hint(target) ?? `Try ${login(target)} by hand; then run the same command again: it continues.`,
  });
}

function lastLine(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.findLast((line) => line !== '' && !/^@+$/.test(line))?.slice(0, 200) ?? '';
}
