// Power actions through each host's own BMC: the same on twins, whose BMCs speak Redfish as well.
// A host without a BMC is refused before anything is failed on it.
import { HastackError } from '../../model/error.ts';
import type { RedfishClient } from '../../net/redfish.ts';
import type { FaultActions } from './fault.ts';

const OFF_DEADLINE_MS = 15_000;
const ON_DEADLINE_MS = 60_000;

export function bmcActions(bmcs: ReadonlyMap<string, RedfishClient>): Pick<FaultActions, 'powerOff' | 'powerOn'> {
  const bmcOf = (host: string): RedfishClient => {
    const bmc = bmcs.get(host);
    if (bmc) return bmc;
    throw new HastackError({
      code: 'refused',
      host,
      message: `${host} has no BMC, so its power cannot be cut and restored from here`,
      hint: `Write hosts.${host}.bmc into the spec, or run this drill on twins: add --lab.`,
    });
  };
  return {
    powerOff: async (host, signal) => bmcOf(host).powerOff(OFF_DEADLINE_MS, signal),
    powerOn: async (host, signal) => bmcOf(host).powerOn(ON_DEADLINE_MS, signal),
  };
}
