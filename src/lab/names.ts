// Names and paths of a lab. Everything that is visible on the machine (network namespace, cgroup) carries an
// id made from the cluster's name and the state directory, so that labs of different clusters run side by side.
// Interfaces live in the lab's own network namespace: their names need to be unique only there, but the kernel
// takes 15 characters at most (IFNAMSIZ, linux/if.h).
import { createHash } from 'node:crypto';
import { join } from 'node:path';

export const INTERFACE_NAME_MAX = 15;
export const DEFAULT_CACHE_DIR = '/var/cache/hastack';

export interface LabNames {
  readonly id: string;
  readonly netns: string;
  readonly netnsPath: string;
  readonly cgroup: string;
}

export interface LabPaths {
  /** Everything the lab writes; `lab down` removes it. */
  readonly root: string;
  readonly settings: string;
  readonly faults: string;
  readonly identity: string;
  readonly knownHosts: string;
  readonly bmcPassword: string;
  readonly bmcCertificate: string;
  readonly supervisorLog: string;
}

export interface TwinPaths {
  readonly root: string;
  readonly disk: string;
  /** Mount points; what is mounted on them is seen only by the twin's own mount namespace. */
  readonly writable: string;
  readonly merged: string;
  readonly files: string;
  readonly settings: string;
  readonly lock: string;
  readonly console: string;
}

export function labNames(clusterName: string, stateDir: string): LabNames {
  const id = digest(`${clusterName}\0${stateDir}`, 8);
  const netns = `hastack-${id}`;
  return { id, netns, netnsPath: `/run/netns/${netns}`, cgroup: `hastack-${id}` };
}

export function labPaths(stateDir: string): LabPaths {
  const root = join(stateDir, 'twins');
  return {
    root,
    settings: join(root, 'lab.json'),
    faults: join(root, 'faults.json'),
    identity: join(root, 'id_ed25519'),
    knownHosts: join(root, 'known_hosts'),
    bmcPassword: join(root, 'bmc-password'),
    bmcCertificate: join(root, 'bmc.pem'),
    supervisorLog: join(root, 'supervisor.log'),
  };
}

export function twinPaths(paths: LabPaths, host: string): TwinPaths {
  const root = join(paths.root, 'hosts', host);
  return {
    root,
    disk: join(root, 'disk.img'),
    writable: join(root, 'writable'),
    merged: join(root, 'merged'),
    files: join(root, 'files'),
    settings: join(root, 'twin.json'),
    lock: join(root, 'lock'),
    console: join(root, 'console.log'),
  };
}

/** The lab's end of a twin's network card: `ctl1.bond0`, or a hash where that is too long. */
export function linkName(host: string, interfaceName: string): string {
  return shortened(`${host}.${interfaceName}`, `v-${digest(`${host}/${interfaceName}`, 12)}`);
}

export function bridgeName(segment: string): string {
  return shortened(`br-${segment}`, `br-${digest(segment, 12)}`);
}

/** A locally administered unicast MAC address that stays the same. */
export function pinnedMac(seed: string): string {
  const hex = digest(`mac/${seed}`, 10);
  return ['02', ...(hex.match(/../g) ?? [])].join(':');
}

function shortened(readable: string, hashed: string): string {
  return readable.length <= INTERFACE_NAME_MAX ? readable : hashed.slice(0, INTERFACE_NAME_MAX);
}

export function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
