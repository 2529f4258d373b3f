// SIGKILL to every process of one Keystone; HAProxy must hide it until systemd has started it again.
import type { Drill } from '../drill.ts';
import { killUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'keystone-killed',
  title: 'Keystone killed on one host',
  description: 'Kills one Keystone: retries hide it. What it had begun to answer may fail, and nothing else.',
  fault: 'process-killed',
  component: 'keystone',
  probes: ['http-get', 'token-validate', 'token-issue'],
  target: ({ hosts, vipHolder }) => hosts.find((host) => host !== vipHolder),
  wants: 'a host that does not hold the VIP',
  makeFault: ({ hosts }, host) => killUnit({ hosts, host, unit: 'keystone.service' }),
  limits: () => ({
    'http-get': { median: 0.3, worst: 1 },
    'token-validate': { median: 0.3, worst: 1 },
    'token-issue': { median: 1, worst: 1 },
  }),
  holdSeconds: 5,
  holdAtMostSeconds: 20,
  healWithinSeconds: 60,
};

export default drill;
