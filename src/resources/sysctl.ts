// Kernel settings: a file in /etc/sysctl.d for the next boot, and one resource per key for the running kernel.
// A key that this host has not or cannot write (a container) is `not applicable`, never a change.
// Reading starts no process at all. Source: sysctl.d(5), proc_sys(5).
import { raw, sh } from '../remote/shell.ts';
import type { Difference, Reading, Resource, ResourceKind } from '../model/resource.ts';
import { file } from './file.ts';
import { known, recordsByIndex, unknown, whole } from './reading.ts';
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
    return items.map((_item, index) => known(parseState(records.get(index)?.[0])));
  },
  diff: diffSysctl,
  apply: ({ key, value }) => ({
    text: `${sh`printf '%s\n' ${value} >${procPath(key)}`} || { ${sh`echo ${`the kernel refuses ${key} = ${value}`}`} >&2; exit 1; }\n`,
  }),
  notApplicable({ key, value }, reading) {
    if (!reading.known) return undefined;
    if (reading.state.kind === 'missing') return `this host has no ${key}`;
    if (reading.state.kind === 'writable' || reading.state.value === value) return undefined;
    return `${key} is read-only here (${reading.state.value})`;
  },
};

/** Records: `<i> missing`, `<i> read-only <value>`, `<i> writable <value>`. */
function readScript(items: readonly SysctlDesired[]): string {
  return `s() {
  if [ ! -e "$2" ]; then echo "$1 missing"; return; fi
  v=; { IFS= read -r v <"$2"; } 2>/dev/null || :
  if [ -w "$2" ]; then w=writable; else w=read-only; fi
  printf '%s %s %s\\n' "$1" "$w" "$v"
}
${items.map(({ key }, index) => sh`s ${index} ${procPath(key)}`).join('\n')}
${sh`echo ${raw(END_MARK)}`}
`;
}

function procPath(key: string): string {
  return `/proc/sys/${key.includes('/') ? key : key.replaceAll('.', '/')}`;
}

function parseState(record = 'missing'): SysctlState {
  const [kind = '', ...value] = record.split(' ');
  if (kind === 'writable' || kind === 'read-only') return { kind, value: normal(value.join(' ')) };
  return { kind: 'missing' };
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
