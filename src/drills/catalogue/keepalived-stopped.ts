// `systemctl stop` of keepalived where the virtual address is: it moves while HAProxy and every service go on.
import type { Drill } from '../drill.ts';
import { stopUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'keepalived-stopped',
  title: 'VIP moved away from its holder',
  description:
    'Stops Keepalived where the VIP is: the VIP moves, and services on its former holder must not wait for their database.',
  fault: 'unit-stopped',
  component: 'keepalived',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  target: ({ vipHolder }) => vipHolder,
  wants: 'a host that holds the VIP',
  makeFault: ({ hosts }, host) => stopUnit({ hosts, host, unit: 'keepalived.service' }),
  limits: () => ({
    'http-get': { median: 1, worst: 1.5 },
    'token-validate': { median: 1, worst: 1.5 },
    'mariadb-set': { median: 1, worst: 1.5 },
  }),
  holdSeconds: 8,
  holdAtMostSeconds: 20,
  healWithinSeconds: 60,
};

export default drill;
