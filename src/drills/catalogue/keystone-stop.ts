// `systemctl stop` of a Keystone that nobody drained: HAProxy must hide it from GET and from token requests.
import type { Drill } from '../drill.ts';
import { stopUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'keystone-stop',
  title: 'Keystone stopped on one host',
  description: 'Stops one Keystone without a drain: retries hide it, no GET and no token request may fail.',
  fault: 'unit-stopped',
  component: 'keystone',
  probes: ['http-get', 'token-validate', 'token-issue'],
  target: ({ hosts, vipHolder }) => hosts.find((host) => host !== vipHolder),
  wants: 'a host that does not hold the VIP',
  makeFault: ({ hosts }, host) => stopUnit({ hosts, host, unit: 'keystone.service' }),
  limits: () => ({}),
  noFailures: ['http-get', 'token-issue'],
  holdSeconds: 5,
  holdAtMostSeconds: 20,
  healWithinSeconds: 60,
};

export default drill;
