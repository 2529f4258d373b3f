// Power cut of a host through its BMC. No guard is possible: `hastack lab heal`, or the power button, restores it.
import type { Fault, FaultActions } from './fault.ts';

export function powerOff(actions: FaultActions, host: string): Fault {
  return {
    kind: 'host-power-off',
    target: `host/${host}`,
    guard: async () => undefined,
    inject: (signal) => actions.powerOff(host, signal),
    heal: (signal) => actions.powerOn(host, signal),
    restored: async () => false,
  };
}
