// Renders the ssh configuration of a cluster: our rules for its hosts, then the user's own file. Pure.
// In ssh_config the first value wins: what safety needs (strict host keys, no questions, no forwarding) comes first
// and cannot be undone by the user's file; keys, agents, certificates and further jumps come from there.
// Manual: ssh_config(5).
import type { SshOptions } from '../model/cluster.ts';

export interface SshHost {
  readonly name: string;
  readonly address: string;
}

export interface SshConfigInput {
  readonly hosts: readonly SshHost[];
  readonly ssh: SshOptions;
  /** Of this cluster; the user's come after it. */
  readonly knownHosts: string;
  /** The user's configuration, or the one the spec names; then the system's. */
  readonly includes: readonly string[];
  readonly connectTimeoutSeconds: number;
}

export function renderSshConfig(input: SshConfigInput): string {
  const lines = ["# Written by hastack; do not edit. Rules for this cluster first, then the user's own."];
  for (const host of input.hosts) lines.push(`Host ${word(host.name)}`, `  HostName ${word(host.address)}`);
  lines.push(`Host ${input.hosts.map((host) => word(host.name)).join(' ')}`, ...clusterLines(input.ssh));
  lines.push('Host *', ...safetyLines(input));
  for (const file of input.includes) lines.push(`Include ${word(file)}`);
  return `${lines.join('\n')}\n`;
}

function clusterLines(ssh: SshOptions): readonly string[] {
  return [
    `  User ${word(ssh.user)}`,
    `  Port ${ssh.port}`,
    ...(ssh.identityFile === undefined ? [] : [`  IdentityFile ${word(ssh.identityFile)}`, '  IdentitiesOnly yes']),
    ...(ssh.jump === undefined ? [] : [`  ProxyJump ${word(ssh.jump)}`]),
    '  RequestTTY no',
    '  RemoteCommand none',
    '  ForwardAgent no',
    '  ForwardX11 no',
    '  ClearAllForwardings yes',
    '  PermitLocalCommand no',
    '  EscapeChar none',
    '  ControlMaster no',
    '  ControlPath none',
  ];
}

/** Also for jump hosts, which ssh reaches with this same file. */
function safetyLines(input: SshConfigInput): readonly string[] {
  return [
    '  BatchMode yes',
    '  StrictHostKeyChecking yes',
    `  UserKnownHostsFile ${word(input.knownHosts)} ~/.ssh/known_hosts ~/.ssh/known_hosts2`,
    '  UpdateHostKeys no',
    `  ConnectTimeout ${input.connectTimeoutSeconds}`,
    '  ServerAliveInterval 5',
    '  ServerAliveCountMax 3',
    '  LogLevel ERROR',
  ];
}

function word(text: string): string {
  if (/["\n\r]/.test(text)) throw new Error('a word of an ssh configuration cannot contain quotes or line ends');
  return /[\s#]/.test(text) ? `"${text}"` : text;
}
