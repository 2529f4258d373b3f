// Faults of a systemd unit on a host: killed, stopped, stopped after a drain, frozen.
// Signals go to every process of the unit's control group. The guard is a transient timer on the host.
// Each injection proves its effect: another main process or none, an inactive unit, every process in state T.
// Manual: systemctl(1) kill, proc_pid_stat(5)
import { HastackError } from '../../model/error.ts';
import type { DrillFaultKind } from '../../model/drill.ts';
import { sh } from '../../remote/shell.ts';
import type { DrillHosts } from '../hosts.ts';
import type { Fault, FaultActions } from './fault.ts';
import { guardedFault } from './guarded.ts';

export interface UnitTarget {
  readonly hosts: DrillHosts;
  readonly host: string;
  readonly unit: string;
}

/** SIGKILL to all of the unit's processes at once; systemd may restart it as its unit file says. */
export function killUnit(target: UnitTarget): Fault {
  return unitFault(target, {
    kind: 'process-killed',
    inject: killScript(target.unit),
    heal: startScript(target.unit),
    guard: sh`systemctl start ${target.unit}`,
  });
}

export function stopUnit(target: UnitTarget): Fault {
  return unitFault(target, {
    kind: 'unit-stopped',
    inject: stopScript(target.unit),
    heal: startScript(target.unit),
    guard: sh`systemctl start ${target.unit}`,
  });
}

/** SIGSTOP: connections stay open and nothing answers, the worst a process can do to its clients. */
export function freezeUnit(target: UnitTarget): Fault {
  return unitFault(target, {
    kind: 'unit-frozen',
    inject: freezeScript(target.unit),
    heal: sh`systemctl kill --signal=SIGCONT ${target.unit} || systemctl start ${target.unit}`,
    guard: sh`systemctl kill --signal=SIGCONT ${target.unit}`,
  });
}

/** The orderly way: out of the load balancers first, then stopped. */
export function drainAndStopUnit(target: UnitTarget, actions: FaultActions, component: string): Fault {
  const { drain, undrain } = actions;
  if (!drain || !undrain) {
    throw new HastackError({
      code: 'refused',
      host: target.host,
      message: `${component} cannot be drained here`,
      hint: 'Drains need HAProxy in front of the component.',
    });
  }
  const stop = { ...stopUnit(target), kind: 'unit-drained-stopped' as const };
  return {
    ...stop,
    inject: async (signal) => {
      await drain(component, target.host, signal);
      await stop.inject(signal);
    },
    heal: async (signal) => {
      await stop.heal(signal);
      await undrain(component, target.host, signal);
    },
    // A drained instance is never back by itself.
    restored: async () => false,
  };
}

interface UnitScripts {
  readonly kind: DrillFaultKind;
  readonly inject: string;
  readonly heal: string;
  /** One command, run by the timer. */
  readonly guard: string;
}

function unitFault({ hosts, host, unit }: UnitTarget, scripts: UnitScripts): Fault {
  return guardedFault(
    { hosts, host },
    {
      ...scripts,
      target: `process/${host}/${unit}`,
      name: unit,
      ...(scripts.kind !== 'unit-frozen' && { restored: sh`systemctl is-active --quiet ${unit}` }),
    },
  );
}

function killScript(unit: string): string {
  return [
    sh`before=$(systemctl show --property=MainPID --value ${unit})`,
    '[ "$before" -gt 0 ] || { echo "the unit has no main process" >&2; exit 1; }',
    sh`systemctl kill --signal=SIGKILL ${unit}`,
    'for i in $(seq 50); do [ -d "/proc/$before" ] || exit 0; sleep 0.1; done',
    'echo "process $before survived SIGKILL" >&2; exit 1',
  ].join('\n');
}

function stopScript(unit: string): string {
  return [
    sh`systemctl stop ${unit}`,
    sh`state=$(systemctl is-active ${unit}) || true`,
    'case $state in inactive|failed) ;; *) echo "the unit is $state" >&2; exit 1 ;; esac',
  ].join('\n');
}

function startScript(unit: string): string {
  return sh`systemctl reset-failed ${unit} 2>/dev/null || true; systemctl start ${unit}`;
}

function freezeScript(unit: string): string {
  return [
    sh`pid=$(systemctl show --property=MainPID --value ${unit})`,
    '[ "$pid" -gt 0 ] || { echo "the unit has no main process" >&2; exit 1; }',
    sh`systemctl kill --signal=SIGSTOP ${unit}`,
    // The state is the first field after the command name, which may hold blanks and parentheses.
    `for i in $(seq 50); do case $(sed 's/.*) //' "/proc/$pid/stat") in T*) exit 0 ;; esac; sleep 0.1; done`,
    'echo "process $pid did not stop" >&2; exit 1',
  ].join('\n');
}
