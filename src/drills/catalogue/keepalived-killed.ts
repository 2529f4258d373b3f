// SIGKILL to Keepalived where the virtual address is. The address stays behind; whoever starts it again must take it away.
import type { Drill } from '../drill.ts';
import { killUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'keepalived-killed',
  title: 'Keepalived killed on the VIP holder',
  description: 'Kills Keepalived where the VIP is: another host takes it, and two holders must not remain.',
  fault: 'process-killed',
  component: 'keepalived',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  target: ({ vipHolder }) => vipHolder,
  wants: 'a host that holds the VIP',
  makeFault: ({ hosts }, host) => killUnit({ hosts, host, unit: 'keepalived.service' }),
  limits: () => ({
    'http-get': { median: 1, worst: 1.5 },
    'token-validate': { median: 1, worst: 1.5 },
    'mariadb-set': { median: 1, worst: 1.5 },
  }),
  holdSeconds: 6,
  holdAtMostSeconds: 20,
  healWithinSeconds: 60,
};

export default drill;
