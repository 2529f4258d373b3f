// What the OpenSSH transport needs to reach twins: the lab's key and its known_hosts, as public spec options.
// The lab knows the host keys of its twins, so they are checked strictly from the first connection.
import type { Cluster, SshOptions } from '../model/cluster.ts';
import { labPaths } from './names.ts';

export interface LabSsh {
  /** For the spec's `ssh`: as it is, but with the lab's key and without jump host and user's file. */
  readonly ssh: SshOptions;
  readonly identityFile: string;
  readonly knownHosts: string;
}

export function sshConfigForLab(cluster: Cluster, stateDir: string): LabSsh {
  const { identity, knownHosts } = labPaths(stateDir);
  const { port, sudo, user } = cluster.ssh;
  return { ssh: { user, port, sudo, identityFile: identity }, identityFile: identity, knownHosts };
}

/** For people and scripts: the whole command line that logs in to a twin from this machine. */
export function sshCommand(cluster: Cluster, stateDir: string, hostName: string): readonly string[] {
  const { identityFile, knownHosts, ssh } = sshConfigForLab(cluster, stateDir);
  const host = cluster.hosts.find((each) => each.name === hostName);
  const options = [
    'StrictHostKeyChecking=yes',
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    `UserKnownHostsFile=${knownHosts}`,
  ];
  return [
    'ssh',
    '-F',
    'none',
    '-i',
    identityFile,
    ...options.flatMap((option) => ['-o', option]),
    '-p',
    String(ssh.port),
    `${ssh.user}@${host?.sshAddress ?? hostName}`,
  ];
}
