// Power cut of the Galera member that takes the writes, while another host holds the virtual address.
import type { Drill } from '../drill.ts';
import { powerOff } from '../faults/power-off.ts';

const drill: Drill = {
  name: 'galera-writer-off',
  title: 'Power cut of the Galera writer',
  description: 'Cuts the power of the database writer under writes: no acknowledged row may be missing afterwards.',
  fault: 'host-power-off',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  apart: true,
  target: ({ vipHolder, writer }) => (vipHolder === writer ? undefined : writer),
  wants: 'a Galera writer that does not hold the VIP',
  makeFault: ({ actions }, host) => powerOff(actions, host),
  limits: ({ suspectTimeout }) => ({
    'mariadb-set': { median: suspectTimeout + 2, worst: suspectTimeout + 2 },
  }),
  holdSeconds: 10,
  holdAtMostSeconds: 40,
  healWithinSeconds: 180,
};

export default drill;
