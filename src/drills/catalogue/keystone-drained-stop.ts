// A Keystone taken out of the load balancers and then stopped, as before maintenance.
import type { Drill } from '../drill.ts';
import { drainAndStopUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'keystone-drained-stop',
  title: 'Keystone drained and stopped on one host',
  description: 'Drains one Keystone in HAProxy, then stops it: nobody may notice.',
  fault: 'unit-drained-stopped',
  component: 'keystone',
  probes: ['http-get', 'token-validate', 'token-issue'],
  target: ({ hosts, vipHolder }) => hosts.find((host) => host !== vipHolder),
  wants: 'a host that does not hold the VIP',
  makeFault: ({ hosts, actions }, host) =>
    drainAndStopUnit({ hosts, host, unit: 'keystone.service' }, actions, 'keystone'),
  limits: () => ({}),
  noFailures: ['http-get', 'token-validate', 'token-issue'],
  holdSeconds: 5,
  holdAtMostSeconds: 20,
  healWithinSeconds: 60,
};

export default drill;
