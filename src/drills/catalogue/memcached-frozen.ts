// SIGSTOP to the token cache of one host: its connections stay open, and a client without a timeout waits for ever.
import type { Drill } from '../drill.ts';
import { freezeUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'memcached-frozen',
  title: 'memcached frozen on one host',
  description: 'Freezes one of the caches: whoever asks it must give up within its timeout and go on without.',
  fault: 'unit-frozen',
  component: 'memcached',
  probes: ['http-get', 'token-validate', 'token-issue'],
  target: ({ hosts, vipHolder }) => hosts.find((host) => host !== vipHolder),
  wants: 'a host that does not hold the VIP',
  makeFault: ({ hosts }, host) => freezeUnit({ hosts, host, unit: 'memcached.service' }),
  limits: () => ({
    'http-get': { median: 0.3, worst: 1 },
    'token-validate': { median: 3, worst: 5 },
    'token-issue': { median: 3, worst: 5 },
  }),
  holdSeconds: 15,
  holdAtMostSeconds: 30,
  healWithinSeconds: 60,
};

export default drill;
