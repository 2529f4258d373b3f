// A host cut from one network. The caller's action arms its own timer (the lab's supervisor, or one on the host).
import { HastackError } from '../../model/error.ts';
import type { Fault, FaultActions } from './fault.ts';

export function nicCut(actions: FaultActions, host: string, network: string): Fault {
  const { cutNic, healNic } = actions;
  let guardSeconds = 60;
  if (!cutNic || !healNic) {
    throw new HastackError({
      code: 'refused',
      host,
      message: 'there is no way here to cut a network interface that heals by itself',
      hint: 'Run this drill on twins: add --lab.',
    });
  }
  return {
    kind: 'nic-cut',
    target: `nic/${host}/${network}`,
    guard: async (seconds) => {
      guardSeconds = seconds;
    },
    inject: (signal) => cutNic({ host, network, guardSeconds }, signal),
    heal: (signal) => healNic({ host, network, guardSeconds }, signal),
    restored: async () => false,
  };
}
