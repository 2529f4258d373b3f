// SIGKILL to the MariaDB that takes the writes; systemd starts it again and it joins by itself.
import type { Drill } from '../drill.ts';
import { killUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'galera-writer-killed',
  title: 'Galera writer killed',
  description: 'Kills the database writer: no acknowledged row may be missing, and it must come back without help.',
  fault: 'process-killed',
  component: 'galera',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  apart: true,
  target: ({ vipHolder, writer }) => (vipHolder === writer ? undefined : writer),
  wants: 'a Galera writer that does not hold the VIP',
  makeFault: ({ hosts }, host) => killUnit({ hosts, host, unit: 'mariadb.service' }),
  limits: ({ suspectTimeout }) => ({
    'mariadb-set': { median: suspectTimeout + 2, worst: suspectTimeout + 2 },
  }),
  holdSeconds: 10,
  holdAtMostSeconds: 40,
  healWithinSeconds: 120,
};

export default drill;
