import { describe, expect, it } from 'vitest';
import type { UnitDesired } from '../model/unit.ts';
import { unit, unitKind } from './unit.ts';
import type { UnitState } from './unit.ts';

const running: UnitState = {
  loadState: 'loaded',
  activeState: 'active',
  subState: 'running',
  unitFileState: 'enabled',
  invocationId: 'a1',
  needDaemonReload: false,
  held: false,
  stamp: 'new',
};
const stopped = { ...running, activeState: 'inactive', subState: 'dead' };

describe('facts to changes', () => {
  const cases: readonly [string, Partial<UnitDesired>, UnitState, string | undefined][] = [
    ['as desired', {}, running, undefined],
    ['starting its reload', {}, { ...running, activeState: 'reloading' }, undefined],
    ['static units cannot be enabled', {}, { ...running, unitFileState: 'static' }, undefined],
    ['not installed', {}, { ...stopped, loadState: 'not-found' }, 'create: not installed yet'],
    [
      'not installed and not wanted',
      { enabled: false, active: false },
      { ...stopped, loadState: 'not-found' },
      undefined,
    ],
    ['masked', {}, { ...stopped, loadState: 'masked', unitFileState: 'masked' }, 'create: masked'],
    ['masked, still running', {}, { ...running, unitFileState: 'masked-runtime' }, 'create: masked'],
    ['masked and not wanted', { enabled: false, active: false }, { ...stopped, loadState: 'masked' }, undefined],
    ['held', {}, { ...stopped, held: true }, 'create: held until it is configured'],
    [
      'held and not wanted',
      { enabled: false, active: false },
      { ...stopped, unitFileState: 'disabled', held: true },
      undefined,
    ],
    ['stopped', {}, stopped, 'update: inactive (dead)'],
    ['failed', {}, { ...stopped, activeState: 'failed', subState: 'failed' }, 'update: failed'],
    [
      'waiting for its automatic restart',
      {},
      { ...stopped, activeState: 'activating', subState: 'auto-restart' },
      'update: activating (auto-restart)',
    ],
    ['disabled', {}, { ...running, unitFileState: 'disabled' }, 'update: not enabled at boot'],
    ['enabled until reboot only', {}, { ...running, unitFileState: 'enabled-runtime' }, 'update: not enabled at boot'],
    [
      'disabled and stopped',
      {},
      { ...stopped, unitFileState: 'disabled' },
      'update: not enabled at boot, inactive (dead)',
    ],
    ['running, not wanted', { enabled: false, active: false }, running, 'update: enabled at boot, active (running)'],
    [
      'failed, not wanted',
      { enabled: false, active: false },
      { ...stopped, unitFileState: 'disabled', activeState: 'failed' },
      undefined,
    ],
    ['older configuration', { configHash: 'newer' }, running, 'restart: restart: configuration changed'],
    ['same configuration', { configHash: 'new' }, running, undefined],
    ['never stamped', { configHash: 'new' }, { ...running, stamp: '' }, 'restart: restart: configuration changed'],
    [
      'older configuration, reloads',
      { configHash: 'newer', onChange: 'reload' },
      running,
      'update: reload: configuration changed',
    ],
    ['older configuration, does not care', { configHash: 'newer', onChange: 'nothing' }, running, undefined],
    ['older configuration and stopped', { configHash: 'newer' }, stopped, 'update: inactive (dead)'],
    [
      'older configuration and disabled',
      { configHash: 'newer' },
      { ...running, unitFileState: 'disabled' },
      'restart: not enabled at boot, restart: configuration changed',
    ],
    [
      'unit file changed',
      {},
      { ...running, needDaemonReload: true },
      'update: its unit file changed since systemd read it',
    ],
  ];
  it.each(cases)('%s', (_title, options, state, expected) => {
    const difference = unitKind.diff({ ...unit('haproxy').desired, ...options }, { known: true, state });
    expect(difference && `${difference.action}: ${difference.reason}`).toBe(expected);
  });
});

describe('what systemctl prints', () => {
  const items = [unit('a').desired, unit('b').desired, unit('c').desired];

  it('is told apart by order: the names of systemd differ (aliases)', () => {
    const output = `unit 0
Stamp=
Id=other.service
LoadState=loaded
ActiveState=active
NeedDaemonReload=no
unit 1
Stamp=abc
Held=yes
LoadState=not-found
ActiveState=inactive
unit 2
Stamp=
end
`;
    const readings = unitKind.parse(output, items);
    expect(readings[0]).toMatchObject({
      known: true,
      state: { loadState: 'loaded', activeState: 'active', held: false },
    });
    expect(readings[0]).not.toHaveProperty('state.stamp');
    expect(readings[1]).toMatchObject({ known: true, state: { loadState: 'not-found', stamp: 'abc', held: true } });
    expect(readings[2]).toEqual({ known: false, reason: 'systemd did not answer for this unit' });
  });

  it('is unknown when it is cut off', () => {
    expect(unitKind.parse('unit 0\nLoadState=loaded\n', items)[0]).toMatchObject({ known: false });
  });

  it('asks once for all units', () => {
    expect(unitKind.read(items).text.match(/systemctl show/g)).toHaveLength(1);
  });
});

it('leaves starts, restarts and stops of a group member to the group', () => {
  const script = (options: Partial<UnitDesired>) =>
    unitKind.apply(
      { ...unit('mariadb').desired, ...options },
      { known: false, reason: '' },
      { action: 'restart', reason: '' },
    ).text;
  const calls = (text: string) => text.split('\n').filter((line) => /^(bring_up|timeout) /.test(line));
  expect(calls(script({ group: 'galera' }))).toEqual([]);
  expect(calls(script({ group: 'galera', active: false }))).toEqual([]);
  expect(calls(script({}))).toEqual(['bring_up "$verb" mariadb 90']);
  expect(calls(script({ active: false, startTimeout: 5 }))).toHaveLength(1);
});
