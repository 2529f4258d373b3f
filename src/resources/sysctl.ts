// Kernel settings: a file in /etc/sysctl.d for the next boot, and one resource per key for the running kernel.
// A key that this host has not or cannot write (a container) is `not applicable`, never a change.
// Source: sysctl.d(5), proc_sys(5).
import type { Resource } from '../model/resource.ts';
import { file } from './file.ts';

export interface SysctlDesired {
  /** `net.ipv4.ip_forward`; a key with a dot in a part is written with slashes: `net/ipv4/conf/eth0.5/rp_filter`. */
  readonly key: string;
  readonly value: string;
}

/** The file and one resource per key: spread it into the list of resources. `file` is a name: `50-hastack.conf`. */
export function sysctl(options: {
  readonly file: string;
  readonly values: Readonly<Record<string, string | number>>;
}): readonly Resource[] {
  const entries = Object.entries(options.values);
  const content = entries.map(([key, value]) => `${key} = ${value}\n`).join('');
  return [
    file({ path: `/etc/sysctl.d/${options.file}`, content }),
    ...entries.map(([key, value]): Resource<SysctlDesired> => ({
      id: `sysctl:${key}`,
      kind: 'sysctl',
      desired: { key, value: String(value) },
    })),
  ];
}
