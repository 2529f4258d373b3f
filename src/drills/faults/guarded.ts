// A fault made by scripts on one host, with a transient timer there that heals it when hastack is dead.
// The timer is armed before the injection and disarmed after the heal. Manual: systemd-run(1) --on-active
import type { DrillFaultKind } from '../../model/drill.ts';
import { sh } from '../../remote/shell.ts';
import { mustRun, type DrillHosts } from '../hosts.ts';
import type { Fault } from './fault.ts';

export interface FaultPlace {
  readonly hosts: DrillHosts;
  readonly host: string;
}

export interface FaultScripts {
  readonly kind: DrillFaultKind;
  readonly target: string;
  /** Part of the timer's name: `keystone-service`. */
  readonly name: string;
  /** Run before anything is armed; fails when the fault would reach what it must not. */
  readonly check?: string;
  /** Succeeds only when the fault was seen to have taken effect. */
  readonly inject: string;
  /** Safe to repeat, and when nothing was injected. */
  readonly heal: string;
  /** What the timer runs; what heals unless given. */
  readonly guard?: string;
  /** Succeeds when the part is back by itself; absent: it never is. */
  readonly restored?: string;
}

const INJECT_TIMEOUT = 60;
const HEAL_TIMEOUT = 90;

export function guardedFault({ hosts, host }: FaultPlace, scripts: FaultScripts): Fault {
  const timer = `hastack-heal-${scripts.name.replaceAll(/[^a-zA-Z0-9]/g, '-')}`;
  const { restored } = scripts;
  return {
    kind: scripts.kind,
    target: scripts.target,
    guard: async (seconds, signal) => {
      if (scripts.check !== undefined) await mustRun(hosts, host, { text: scripts.check, signal });
      await mustRun(hosts, host, { text: armScript(timer, seconds, scripts.guard ?? scripts.heal), signal });
    },
    inject: async (signal) => {
      await mustRun(hosts, host, { text: scripts.inject, timeout: INJECT_TIMEOUT, signal });
    },
    heal: async (signal) => {
      // Disarmed last: while healing fails the timer is still the way out.
      await mustRun(hosts, host, { text: `${scripts.heal}\n${disarmScript(timer)}`, timeout: HEAL_TIMEOUT, signal });
    },
    restored: async (signal) => restored !== undefined && (await hosts.run(host, restored, { signal })).code === 0,
  };
}

function armScript(timer: string, seconds: number, command: string): string {
  return [
    disarmScript(timer),
    sh`systemd-run --quiet --collect --unit=${timer} --on-active=${seconds} --timer-property=AccuracySec=100ms /bin/sh -c ${command}`,
  ].join('\n');
}

function disarmScript(timer: string): string {
  return [
    sh`systemctl stop ${`${timer}.timer`} ${`${timer}.service`} 2>/dev/null || true`,
    sh`systemctl reset-failed ${`${timer}.timer`} ${`${timer}.service`} 2>/dev/null || true`,
  ].join('\n');
}
