// Debian packages of a host, installed in one apt transaction. Units in `maskUnits` whose package is not installed
// yet are masked first, so that nothing starts with a default configuration; the unit kind unmasks them.
// Configuration files that exist are kept. On failure the last line of stderr says what to look at (disk, mirror,
// held packages, lock). Source: apt-get(8), dpkg-query(1), deb-systemd-invoke(1p).
import type { Resource } from '../model/resource.ts';

export interface PackagesDesired {
  readonly names: readonly string[];
  /** Units these packages bring that must not start before they are configured. */
  readonly maskUnits: readonly string[];
}

/** One per host; `name` only when a host needs a second transaction. */
export function packages(options: {
  readonly names: readonly string[];
  readonly maskUnits?: readonly string[];
  readonly name?: string;
}): Resource<PackagesDesired> {
  return {
    id: `packages:${options.name ?? 'host'}`,
    kind: 'packages',
    desired: {
      names: [...new Set(options.names)].sort(),
      maskUnits: [...new Set(options.maskUnits ?? [])].sort(),
    },
  };
}
