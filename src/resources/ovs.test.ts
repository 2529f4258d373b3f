import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runShell } from '../../test/support/run-shell.ts';
import { ovsBridge, ovsKind, ovsManager, ovsSettings } from './ovs.ts';
import type { OvsDesired } from './ovs.ts';

const directory = mkdtempSync(join(tmpdir(), 'hastack-ovs-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Shell that puts another ovs-vsctl in front of the machine's. */
function program(body: string): string {
  const path = join(directory, 'ovs-vsctl');
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return `PATH=${directory}:$PATH\n`;
}

const settings = ovsSettings('switch', {
  'external_ids:ovn-remote': 'ssl:10.0.0.1:6642,ssl:10.0.0.2:6642',
  'external_ids:ovn-cms-options': null,
  'external_ids:ovn-encap-type': 'geneve',
}).desired;
const bridge = ovsBridge({ name: 'br-ex', datapath: 'system', ports: ['eno3'] }).desired;
const manager = ovsManager('ptcp:6640:127.0.0.1').desired;

describe('Open vSwitch', () => {
  it.each<[string, OvsDesired, readonly string[], string | undefined]>([
    ['as desired', settings, ['"ssl:10.0.0.1:6642,ssl:10.0.0.2:6642"', '', 'geneve'], undefined],
    [
      'one value differs, one must go',
      settings,
      ['"ssl:10.0.0.1:6642"', 'enable-chassis-as-gw', 'geneve'],
      'update: external_ids:ovn-remote: ssl:10.0.0.1:6642 → ssl:10.0.0.1:6642,ssl:10.0.0.2:6642, external_ids:ovn-cms-options: enable-chassis-as-gw → not set',
    ],
    // The shell drops empty lines at the end.
    [
      'the last value is missing',
      settings,
      ['"ssl:10.0.0.1:6642,ssl:10.0.0.2:6642"'],
      'update: external_ids:ovn-encap-type: not set → geneve',
    ],
    ['bridge with a port of another', bridge, ['system', 'patch-1', 'eno3'], undefined],
    ['bridge without its port', bridge, ['netdev'], 'update: datapath netdev → system, has not the port eno3'],
    ['no bridge', bridge, [''], 'create: missing'],
    ['manager', manager, ['"ptcp:6640:127.0.0.1"'], undefined],
    ['no manager', manager, [''], 'update: does not listen at ptcp:6640:127.0.0.1'],
  ])('%s', (_title, desired, state, expected) => {
    const difference = ovsKind.diff(desired, { known: true, state });
    expect(difference && `${difference.action}: ${difference.reason}`).toBe(expected);
  });

  it('asks each question once and tells answers apart', () => {
    const fake = program(`case "$*" in
*get-manager*) exit 1 ;;
*'get Open_vSwitch'*) printf '"ssl:10.0.0.1:6642"\\n\\ngeneve\\n' ;;
*br-exists*) exit 2 ;;
*list-ports*) exit 1 ;;
*) echo ;;
esac`);
    const items = [settings, bridge, manager];
    const { stdout } = runShell(fake + ovsKind.read(items).text);
    expect(ovsKind.parse(stdout, items)).toEqual([
      { known: true, state: ['"ssl:10.0.0.1:6642"', '', 'geneve'] },
      { known: true, state: [''] },
      { known: false, reason: 'Open vSwitch does not answer yet' },
    ]);
  });

  it('writes values as texts of OVSDB', () => {
    const unread = { known: false, reason: '' } as const;
    const { text } = ovsKind.apply(settings, unread, { action: 'update', reason: '' });
    const { stdout } = runShell(program(`printf '%s\\n' "$@"`) + text);
    expect(stdout.split('\n')).toContain('external_ids:ovn-remote="ssl:10.0.0.1:6642,ssl:10.0.0.2:6642"');
    expect(stdout).toContain('remove\nOpen_vSwitch\n.\nexternal_ids\novn-cms-options\n');
  });
});
