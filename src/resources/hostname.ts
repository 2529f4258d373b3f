// The name of a host, for the running kernel and for the next boot. Source: hostname(5), sethostname(2).
import type { Difference, Reading, Resource, ResourceKind } from '../model/resource.ts';
import { sh } from '../remote/shell.ts';
import { known, lineAfter, recordsByIndex, unknown, whole } from './reading.ts';
import { END_MARK, firstLineScript, temporaryPath } from './script.ts';

export interface HostnameDesired {
  readonly name: string;
}

export interface HostnameState {
  readonly running: string;
  readonly atBoot: string;
}

const FILE = '/etc/hostname';

export function hostname(name: string): Resource<HostnameDesired> {
  if (!/^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/.test(name)) throw new Error(`not a host name: ${name}`);
  return { id: 'hostname:host', kind: 'hostname', desired: { name } };
}

export const hostnameKind: ResourceKind<HostnameDesired, HostnameState> = {
  kind: 'hostname',
  read: () => ({
    text: `${firstLineScript(0, 'running', '/proc/sys/kernel/hostname')}
${firstLineScript(0, 'boot', FILE)}
echo ${END_MARK}
`,
  }),
  parse(output, items) {
    if (!whole(output)) return items.map(() => unknown('the host name could not be read'));
    const lines = recordsByIndex(output).get(0) ?? [];
    const state = { running: lineAfter(lines, 'running ') ?? '', atBoot: lineAfter(lines, 'boot ') ?? '' };
    return items.map(() => known(state));
  },
  diff: diffHostname,
  apply: ({ name }) => ({
    text: `${sh`printf '%s\\n' ${name} >${temporaryPath(FILE)}; chmod 644 ${temporaryPath(FILE)}`}
${sh`sync -- ${temporaryPath(FILE)}; mv -fT -- ${temporaryPath(FILE)} ${FILE}`}
${sh`hostname -- ${name}`}
`,
  }),
};

function diffHostname(desired: HostnameDesired, reading: Reading<HostnameState>): Difference | undefined {
  if (!reading.known) return { action: 'create', reason: reading.reason };
  const { running, atBoot } = reading.state;
  if (running === desired.name && atBoot === desired.name) return undefined;
  return {
    action: 'update',
    reason: `${running === desired.name ? atBoot || 'no name at boot' : running} → ${desired.name}`,
  };
}
