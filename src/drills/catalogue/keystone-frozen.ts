// SIGSTOP to Keystone on one host: it accepts connections and never answers.
import type { Drill } from '../drill.ts';
import { freezeUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'keystone-frozen',
  title: 'Keystone frozen on one host',
  description: 'Freezes one of the Keystones: only a health check that asks for an answer notices and takes it out.',
  fault: 'unit-frozen',
  component: 'keystone',
  probes: ['http-get', 'token-validate', 'token-issue'],
  target: ({ hosts, vipHolder }) => hosts.find((host) => host !== vipHolder),
  wants: 'a host that does not hold the VIP',
  makeFault: ({ hosts }, host) => freezeUnit({ hosts, host, unit: 'keystone.service' }),
  // The promise for any frozen API process.
  limits: () => ({
    'http-get': { median: 5, worst: 5 },
    'token-validate': { median: 5, worst: 5 },
    'token-issue': { median: 5, worst: 5 },
  }),
  holdSeconds: 10,
  holdAtMostSeconds: 30,
  healWithinSeconds: 60,
};

export default drill;
