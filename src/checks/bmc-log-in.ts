// The log-in to every baseboard management controller works: power control and fencing depend on it.
import { hostCheck } from './check.ts';
import type { Outcome } from './check.ts';

export default hostCheck({
  id: 'host.bmc-log-in',
  severity: 'critical',
  impact: 'A host that hangs cannot be switched off: nothing may take over its instances and disks.',
  source: 'https://www.dmtf.org/standards/redfish (DSP0266)',
  check: ({ bmcs }) =>
    [...bmcs].flatMap(([host, bmc]): readonly Outcome[] => {
      if (bmc.state === 'answers') return [];
      if (bmc.state === 'untried') return [{ missing: bmc.missing }];
      const remediation = 'Correct bmc: address, port and user of the host, its password, and the way there.';
      return [{ path: ['hosts', host, 'bmc'], host, message: `${bmc.message}.`, remediation }];
    }),
});
