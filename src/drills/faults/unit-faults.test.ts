// The scripts really run, against a real process of this machine; only systemctl and systemd-run are played.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DrillHosts } from '../hosts.ts';
import type { FaultActions } from './fault.ts';
import { drainAndStopUnit, freezeUnit, killUnit, stopUnit } from './unit-faults.ts';

let victim: ChildProcess;
let calls: string[];

beforeEach(() => {
  victim = spawn('sleep', ['60']);
  calls = [];
});
afterEach(() => {
  victim.kill('SIGKILL');
});

/** A shell in which systemctl acts on the victim and writes down how it was called. */
const hosts: DrillHosts = {
  close: async () => undefined,
  run: (_host, text) =>
    new Promise((resolve) => {
      const script = `
systemctl() {
  echo "systemctl $*" >&3
  case $1 in
    show) echo ${victim.pid} ;;
    kill) kill -"\${2#--signal=SIG}" ${victim.pid} ;;
    is-active) [ -z "$ACTIVE" ] && { echo inactive; return 3; }; echo "$ACTIVE" ;;
  esac
}
systemd-run() { echo "systemd-run $*" >&3; }
exec 3>&2
${text}`;
      const child = execFile('bash', ['-s'], (error, stdout, stderr) => {
        calls.push(...stderr.split('\n').filter((line) => line.startsWith('system')));
        const code = typeof error?.code === 'number' ? error.code : 0;
        resolve({ code, stdout, stderr });
      });
      child.stdin?.end(script);
    }),
};

const target = { hosts, host: 'ctl1', unit: 'keystone.service' };
const state = (): string => /\) (.)/.exec(readFileSync(`/proc/${victim.pid}/stat`, 'utf8'))?.[1] ?? '';

describe('freezeUnit', () => {
  it('stops the process until it is healed, with a timer armed before', async () => {
    const fault = freezeUnit(target);
    await fault.guard(90);
    await fault.inject();
    await vi.waitFor(() => expect(state()).toBe('T'));
    expect(await fault.restored()).toBe(false);
    await fault.heal();
    await vi.waitFor(() => expect(state()).toBe('S'));
    const armed = calls.findIndex((call) => call.startsWith('systemd-run'));
    expect(calls[armed]).toContain('--on-active=90');
    expect(calls[armed]).toContain('systemctl kill --signal=SIGCONT keystone.service');
    expect(armed).toBeLessThan(calls.findIndex((call) => call.includes('SIGSTOP')));
    expect(calls.findLast((call) => call.includes('.timer'))).toContain('hastack-heal-keystone-service.timer');
  });
});

describe('killUnit', () => {
  it('returns when the process is gone', async () => {
    const gone = new Promise((resolve) => victim.once('exit', (_code, signal) => resolve(signal)));
    await killUnit(target).inject();
    expect(await gone).toBe('SIGKILL');
  });

  it('says so when there is nothing to kill', async () => {
    const none: DrillHosts = {
      ...hosts,
      run: (host, text) => hosts.run(host, text.replace('$(systemctl', '$(echo 0; : ')),
    };
    await expect(killUnit({ ...target, hosts: none }).inject()).rejects.toMatchObject({
      code: 'environment',
      host: 'ctl1',
    });
  });
});

describe('stopUnit', () => {
  it('fails when the unit is still active afterwards', async () => {
    const active: DrillHosts = { ...hosts, run: (host, text) => hosts.run(host, `ACTIVE=active\n${text}`) };
    await expect(stopUnit({ ...target, hosts: active }).inject()).rejects.toThrow(/the unit is active/);
    await stopUnit(target).inject();
  });
});

describe('drainAndStopUnit', () => {
  it('drains before it stops and undrains after it starts', async () => {
    const actions: FaultActions = {
      powerOff: async () => undefined,
      powerOn: async () => undefined,
      drain: async () => void calls.push('drain'),
      undrain: async () => void calls.push('undrain'),
    };
    const fault = drainAndStopUnit(target, actions, 'keystone');
    await fault.inject();
    await fault.heal();
    const order = calls.filter((call) => /drain|ctl (stop|start) keystone/.test(call));
    expect(order).toEqual(['drain', 'systemctl stop keystone.service', 'systemctl start keystone.service', 'undrain']);
  });

  it('is refused where nothing can drain', () => {
    const actions = { powerOff: async () => undefined, powerOn: async () => undefined };
    expect(() => drainAndStopUnit(target, actions, 'keystone')).toThrow(/cannot be drained/);
  });
});
