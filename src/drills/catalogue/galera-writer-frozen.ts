// SIGSTOP to the MariaDB that takes the writes: its connections stay open and nothing answers.
import type { Drill } from '../drill.ts';
import { freezeUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'galera-writer-frozen',
  title: 'Galera writer frozen',
  description:
    'Freezes the database writer: its sessions must be cut and writes go on elsewhere; when it wakes it must not answer with old rows.',
  fault: 'unit-frozen',
  component: 'galera',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  apart: true,
  target: ({ vipHolder, writer }) => (vipHolder === writer ? undefined : writer),
  wants: 'a Galera writer that does not hold the VIP',
  makeFault: ({ hosts }, host) => freezeUnit({ hosts, host, unit: 'mariadb.service' }),
  limits: ({ suspectTimeout }) => ({
    'mariadb-set': { median: suspectTimeout + 2, worst: suspectTimeout + 2 },
  }),
  holdSeconds: 10,
  holdAtMostSeconds: 40,
  healWithinSeconds: 120,
};

export default drill;
