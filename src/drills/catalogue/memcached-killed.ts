// SIGKILL to the token cache of one host: cache misses, nothing else.
import type { Drill } from '../drill.ts';
import { killUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'memcached-killed',
  title: 'memcached killed on one host',
  description: 'Kills one of the caches: requests get slower for a moment, and none may be away for long.',
  fault: 'process-killed',
  component: 'memcached',
  probes: ['http-get', 'token-validate', 'token-issue'],
  target: ({ hosts, vipHolder }) => hosts.find((host) => host !== vipHolder),
  wants: 'a host that does not hold the VIP',
  makeFault: ({ hosts }, host) => killUnit({ hosts, host, unit: 'memcached.service' }),
  limits: () => ({
    'http-get': { median: 0.3, worst: 1 },
    'token-validate': { median: 1, worst: 3 },
    'token-issue': { median: 1, worst: 3 },
  }),
  holdSeconds: 5,
  holdAtMostSeconds: 20,
  healWithinSeconds: 60,
};

export default drill;
