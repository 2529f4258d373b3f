// Power cut of the host that holds the virtual address, while another one takes the writes.
import type { Drill } from '../drill.ts';
import { powerOff } from '../faults/power-off.ts';

const drill: Drill = {
  name: 'vip-holder-off',
  title: 'Power cut of the VIP holder',
  description: 'Cuts the power of the host that holds the VIP: clients must find another one within about a second.',
  fault: 'host-power-off',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  apart: true,
  target: ({ vipHolder, writer }) => (vipHolder === writer ? undefined : vipHolder),
  wants: 'a VIP holder that is not the Galera writer',
  makeFault: ({ actions }, host) => powerOff(actions, host),
  limits: ({ suspectTimeout }) => ({
    'http-get': { median: 1, worst: 1.5 },
    'token-validate': { median: 1, worst: 1.5 },
    // Commits wait until Galera has evicted the dead member, whoever the writer is.
    'mariadb-set': { median: suspectTimeout + 2, worst: suspectTimeout + 2 },
  }),
  holdSeconds: 8,
  holdAtMostSeconds: 40,
  healWithinSeconds: 180,
};

export default drill;
