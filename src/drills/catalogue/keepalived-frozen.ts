// SIGSTOP to Keepalived where the virtual address is, and SIGCONT: two hosts have the address meanwhile.
import type { Drill } from '../drill.ts';
import { freezeUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'keepalived-frozen',
  title: 'Keepalived frozen on the VIP holder, and woken',
  description:
    'Freezes Keepalived where the VIP is: a second host takes it too, and clients must find the right one when the first wakes.',
  fault: 'unit-frozen',
  component: 'keepalived',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  target: ({ vipHolder }) => vipHolder,
  wants: 'a host that holds the VIP',
  makeFault: ({ hosts }, host) => freezeUnit({ hosts, host, unit: 'keepalived.service' }),
  limits: () => ({
    'http-get': { median: 1.5, worst: 2.5 },
    'token-validate': { median: 1.5, worst: 2.5 },
    'mariadb-set': { median: 1.5, worst: 2.5 },
  }),
  holdSeconds: 6,
  holdAtMostSeconds: 20,
  healWithinSeconds: 60,
};

export default drill;
