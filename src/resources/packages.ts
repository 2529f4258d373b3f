// Debian packages of a host, installed in one apt transaction. Units in `maskUnits` that the host does not know yet
// are held first (unit-hold.ts), so that nothing starts with a default configuration; the unit kind releases them.
// Configuration files that exist are kept. On failure the last line of stderr says what to look at (disk, mirror,
// held packages, lock). Names must be real packages, not virtual ones. Source: apt-get(8), dpkg-query(1).
import type { Difference, Reading, Resource, ResourceKind } from '../model/resource.ts';
import { installScript, readPackagesScript } from './packages-scripts.ts';
import { known, unknown, whole } from './reading.ts';

export interface PackagesDesired {
  readonly names: readonly string[];
  /** Units these packages bring that must not start before they are configured. */
  readonly maskUnits: readonly string[];
}

export interface PackagesState {
  /** dpkg's status by name: `ii`, `hi`, `iU`, `iF` ...; without an entry: not installed. */
  readonly status: Readonly<Record<string, string>>;
  /** dpkg was killed and has to finish before anything else. */
  readonly interrupted: boolean;
}

/** One per host; `name` only when a host needs a second transaction. */
export function packages(options: {
  readonly names: readonly string[];
  readonly maskUnits?: readonly string[];
  readonly name?: string;
}): Resource<PackagesDesired> {
  const names = sortedSet(options.names);
  const wrong = names.find((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name));
  if (wrong !== undefined) throw new Error(`not a package name: ${wrong}`);
  return {
    id: `packages:${options.name ?? 'host'}`,
    kind: 'packages',
    desired: { names, maskUnits: sortedSet(options.maskUnits ?? []) },
  };
}

export const packagesKind: ResourceKind<PackagesDesired, PackagesState> = {
  kind: 'packages',
  read: (items) => ({ text: readPackagesScript(sortedSet(items.flatMap((item) => item.names))), timeout: 60 }),
  parse(output, items) {
    if (!whole(output)) return items.map(() => unknown('the package database could not be read'));
    const state = parseStatus(output);
    return items.map(() => known(state));
  },
  diff: diffPackages,
  apply: (desired) => ({ text: installScript(desired), timeout: 3600 }),
};

/** Lines: `nginx ii `, `#interrupted`. */
function parseStatus(output: string): PackagesState {
  const status: Record<string, string> = {};
  for (const line of output.split('\n')) {
    const [name = '', abbreviation = ''] = line.trim().split(/ +/);
    // Of one name in several architectures, an installed one counts.
    if (abbreviation !== '' && !installed(status[name])) status[name] = abbreviation;
  }
  return { status, interrupted: /^#interrupted$/m.test(output) };
}

function diffPackages(desired: PackagesDesired, reading: Reading<PackagesState>): Difference | undefined {
  if (!reading.known) return { action: 'create', reason: reading.reason };
  const { status, interrupted } = reading.state;
  const missing = desired.names.filter((name) => !/^.[^nc]/.test(status[name] ?? ' n'));
  const broken = desired.names.filter((name) => !missing.includes(name) && !installed(status[name]));
  if (missing.length > 0) return { action: 'create', reason: `not installed: ${missing.join(', ')}` };
  if (broken.length > 0) return { action: 'update', reason: `not configured: ${broken.join(', ')}` };
  if (interrupted) return { action: 'update', reason: 'dpkg was interrupted' };
  return undefined;
}

/** Installed and configured, wanted or on hold. */
function installed(status: string | undefined): boolean {
  return status !== undefined && /^.i$/.test(status);
}

function sortedSet(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}
