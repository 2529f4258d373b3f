// SIGSTOP to HAProxy on the host that holds the virtual address: it accepts connections and never answers.
import type { Drill } from '../drill.ts';
import { freezeUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'haproxy-frozen',
  title: 'HAProxy frozen on the VIP holder',
  description:
    'Freezes HAProxy where the VIP is: only a check that asks it for an answer notices and gives the VIP away.',
  fault: 'unit-frozen',
  component: 'haproxy',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  target: ({ vipHolder }) => vipHolder,
  wants: 'a host that holds the VIP',
  makeFault: ({ hosts }, host) => freezeUnit({ hosts, host, unit: 'haproxy.service' }),
  limits: () => ({
    'http-get': { median: 4, worst: 5 },
    'token-validate': { median: 4, worst: 5 },
    'token-issue': { median: 4, worst: 5 },
  }),
  holdSeconds: 10,
  holdAtMostSeconds: 30,
  healWithinSeconds: 60,
};

export default drill;
