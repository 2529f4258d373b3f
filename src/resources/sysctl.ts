// Kernel settings: a file in /etc/sysctl.d for the next boot, and one resource per key for the running kernel.
// A key that this host has not or cannot write (a container) is `not applicable`, never a change.
// Reading is one process for all keys. Source: sysctl.d(5), proc_sys(5).
import { sh } from '../remote/shell.ts';
import type { Difference, Reading, Resource, ResourceKind } from '../model/resource.ts';
import { file } from './file.ts';
import { known, lineAfter, recordsByIndex, unknown, whole } from './reading.ts';
import { END_MARK } from './script.ts';

export interface SysctlDesired {
  /** `net.ipv4.ip_forward`; a key with a dot in a part is written with slashes: `net/ipv4/conf/eth0.5/rp_filter`. */
  readonly key: string;
  readonly value: string;
}

export type SysctlState =
  | { readonly kind: 'missing' }
  | { readonly kind: 'read-only' | 'writable'; readonly value: string };

/** The file and one resource per key: spread it into the list of resources. `file`: `/etc/sysctl.d/60-hastack.conf`. */
export function sysctl(options: {
  readonly file: string;
  readonly values: Readonly<Record<string, string | number>>;
}): readonly Resource[] {
  const entries = Object.entries(options.values);
  const content = entries.map(([key, value]) => `${key} = ${value}\n`).join('');
  return [file({ path: options.file, content }), ...entries.map(([key, value]) => sysctlValue(key, String(value)))];
}

/** One key of the running kernel. */
export function sysctlValue(key: string, value: string): Resource<SysctlDesired> {
  if (!/^[A-Za-z0-9_./:@-]+$/.test(key) || key.includes('..')) throw new Error(`not a sysctl key: ${key}`);
  return { id: `sysctl:${key}`, kind: 'sysctl', desired: { key, value: normal(value) } };
}

export const sysctlKind: ResourceKind<SysctlDesired, SysctlState> = {
  kind: 'sysctl',
  read: (items) => ({ text: readScript(items) }),
  parse(output, items) {
    if (!whole(output)) return items.map(() => unknown('kernel settings could not be read'));
    const records = recordsByIndex(output);
    const lines = output.split('\n');
    return items.map(({ key }, index) => known(parseState(key, records.get(index)?.[0], lines)));
  },
  diff: diffSysctl,
  apply: ({ key, value }) => ({
    text: `${sh`printf '%s\\n' ${value} >${procPath(key)}`} || { ${sh`echo ${`the kernel refuses ${key} = ${value}`}`} >&2; exit 1; }\n`,
  }),
  notApplicable({ key, value }, reading) {
    if (!reading.known) return undefined;
    if (reading.state.kind === 'missing') return `this host has no ${key}`;
    if (reading.state.kind === 'writable' || reading.state.value === value) return undefined;
    return `${key} is read-only here (${reading.state.value})`;
  },
};

/**
 * Records: `<i> read-only` or `<i> writable`, nothing when there is no such key; then lines `path:value`. The shell's
 * own `read` would not do: it reads byte by byte, and the kernel gives a number to the first reader of a byte only.
 */
function readScript(items: readonly SysctlDesired[]): string {
  const paths = [...new Set(items.map(({ key }) => procPath(key)))];
  return `s() { [ ! -e "$2" ] || { if [ -w "$2" ]; then echo "$1 writable"; else echo "$1 read-only"; fi; }; }
${items.map(({ key }, index) => sh`s ${index} ${procPath(key)}`).join('\n')}
${sh`grep -sH '' -- ${paths} || :`}
echo ${END_MARK}
`;
}

function procPath(key: string): string {
  return `/proc/sys/${key.includes('/') ? key : key.replaceAll('.', '/')}`;
}

function parseState(key: string, access: string | undefined, lines: readonly string[]): SysctlState {
  const value = lineAfter(lines, `${procPath(key)}:`);
  if (access === undefined || value === undefined) return { kind: 'missing' };
  return { kind: access === 'writable' ? 'writable' : 'read-only', value: normal(value) };
}

function diffSysctl(desired: SysctlDesired, reading: Reading<SysctlState>): Difference | undefined {
  if (!reading.known) return { action: 'create', reason: reading.reason };
  const state = reading.state;
  if (state.kind !== 'writable' || state.value === desired.value) return undefined;
  return { action: 'update', reason: `${state.value} → ${desired.value}` };
}

/** The kernel prints several numbers with tabs between them. */
function normal(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}
