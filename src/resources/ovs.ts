// What stands in the database of Open vSwitch on a host: settings of the switch, its manager, bridges and their ports.
// Keys and ports that are not named here are left alone: OVN, Neutron and Nova have theirs in the same tables.
// `--no-wait`: settings can be made before ovs-vswitchd runs for the first time. Source: ovs-vsctl(8),
// ovs-vswitchd.conf.db(5).
import type { Difference, Reading, Resource, ResourceKind } from '../model/resource.ts';
import { sh } from '../remote/shell.ts';
import { known, recordsByIndex, unknown, whole } from './reading.ts';
import { END_MARK } from './script.ts';

/** `external_ids:ovn-remote`, `other_config:userspace-tso-enable` → value; `null`: must not be there. */
export type OvsValues = Readonly<Record<string, string | null>>;

export type OvsDesired =
  | { readonly type: 'settings'; readonly values: OvsValues }
  | { readonly type: 'manager'; readonly target: string }
  | {
      readonly type: 'bridge';
      readonly name: string;
      readonly datapath: 'system' | 'netdev';
      readonly ports: readonly string[];
    };

/** What `ovs-vsctl` printed, a line per question. */
export type OvsState = readonly string[];

const VSCTL = 'ovs-vsctl --timeout=10 --no-wait';

/** One per component: `name` tells them apart. */
export function ovsSettings(name: string, values: OvsValues): Resource<OvsDesired> {
  const wrong = Object.keys(values).find((key) => !/^(external_ids|other_config):[a-z0-9-]+$/.test(key));
  if (wrong !== undefined) throw new Error(`not a setting of Open vSwitch: ${wrong}`);
  return { id: `ovs:${name}`, kind: 'ovs', desired: { type: 'settings', values } };
}

/** Where the switch's database listens, besides its socket. */
export function ovsManager(target: string): Resource<OvsDesired> {
  return { id: 'ovs:manager', kind: 'ovs', desired: { type: 'manager', target } };
}

export function ovsBridge(options: Omit<Extract<OvsDesired, { type: 'bridge' }>, 'type'>): Resource<OvsDesired> {
  if (!/^[a-z][a-z0-9-]{0,14}$/.test(options.name)) throw new Error(`not a name of a bridge: ${options.name}`);
  return { id: `ovs:${options.name}`, kind: 'ovs', desired: { type: 'bridge', ...options } };
}

export const ovsKind: ResourceKind<OvsDesired, OvsState> = {
  kind: 'ovs',
  read: (items) => ({ text: `${items.map(readItem).join('')}echo ${END_MARK}\n`, timeout: 60 }),
  parse(output, items) {
    const records = whole(output) ? recordsByIndex(output) : new Map<number, readonly string[]>();
    return items.map((_item, index): Reading<OvsState> => {
      const lines = records.get(index) ?? [];
      if (!lines.includes('ok')) return unknown('Open vSwitch does not answer yet');
      return known(lines.filter((line) => line.startsWith('value ')).map((line) => line.slice('value '.length)));
    });
  },
  diff: diffOvs,
  apply: (desired) => ({ text: `${applyScript(desired)}\n`, timeout: 60 }),
};

function readItem(item: OvsDesired, index: number): string {
  return `if v=$(${questions(item)}); then echo '${index} ok'; printf '%s\\n' "$v" | sed 's/^/${index} value /'; fi 2>/dev/null\n`;
}

function questions(item: OvsDesired): string {
  switch (item.type) {
    case 'settings':
      return `${VSCTL} ${Object.keys(item.values)
        .map((key) => sh`-- --if-exists get Open_vSwitch . ${key}`)
        .join(' ')}`;
    case 'manager':
      return `${VSCTL} get-manager`;
    case 'bridge':
      // Without the bridge: no line at all.
      return sh`ovs-vsctl --timeout=10 br-exists ${item.name} || [ $? = 2 ] || exit 1; ovs-vsctl --timeout=10 --if-exists get Bridge ${item.name} datapath_type; ovs-vsctl --timeout=10 list-ports ${item.name} 2>/dev/null || :`;
  }
}

function diffOvs(desired: OvsDesired, reading: Reading<OvsState>): Difference | undefined {
  if (!reading.known) return { action: 'create', reason: reading.reason };
  const lines = reading.state.map(unquoted);
  switch (desired.type) {
    case 'settings':
      return diffSettings(desired.values, lines);
    case 'manager':
      if (lines.includes(desired.target)) return undefined;
      return { action: 'update', reason: `does not listen at ${desired.target}` };
    case 'bridge':
      return diffBridge(desired, lines);
  }
}

function diffSettings(values: OvsValues, lines: readonly string[]): Difference | undefined {
  const changes = Object.entries(values).flatMap(([key, wanted], index) => {
    const found = lines[index] ?? '';
    return found === (wanted ?? '') ? [] : [`${key}: ${found || 'not set'} → ${wanted ?? 'not set'}`];
  });
  return changes.length === 0 ? undefined : { action: 'update', reason: changes.join(', ') };
}

function diffBridge(
  desired: Extract<OvsDesired, { type: 'bridge' }>,
  [datapath = '', ...ports]: readonly string[],
): Difference | undefined {
  if (datapath === '') return { action: 'create', reason: 'missing' };
  const missing = desired.ports.filter((port) => !ports.includes(port));
  const reasons = [
    ...(datapath === desired.datapath ? [] : [`datapath ${datapath} → ${desired.datapath}`]),
    ...missing.map((port) => `has not the port ${port}`),
  ];
  return reasons.length === 0 ? undefined : { action: 'update', reason: reasons.join(', ') };
}

function applyScript(desired: OvsDesired): string {
  switch (desired.type) {
    case 'settings':
      return `${VSCTL} ${Object.entries(desired.values)
        .map(([key, value]) => {
          const [column = '', name = ''] = key.split(':');
          if (value === null) return sh`-- remove Open_vSwitch . ${column} ${name}`;
          return sh`-- set Open_vSwitch . ${`${key}=${JSON.stringify(value)}`}`;
        })
        .join(' ')}`;
    case 'manager':
      return sh`ovs-vsctl --timeout=10 --no-wait set-manager ${desired.target}`;
    case 'bridge':
      return [
        sh`ovs-vsctl --timeout=30 --may-exist add-br ${desired.name}`,
        sh`-- set Bridge ${desired.name} ${`datapath_type=${desired.datapath}`}`,
        ...desired.ports.map((port) => sh`-- --may-exist add-port ${desired.name} ${port}`),
      ].join(' ');
  }
}

/** OVSDB prints a text in quotes where it would be taken for something else. */
function unquoted(line: string): string {
  if (!line.startsWith('"')) return line;
  try {
    return String(JSON.parse(line));
  } catch {
    return line;
  }
}
