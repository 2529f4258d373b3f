// A one-way partition: the Galera writer is heard by its peers and hears none of them.
import type { Drill } from '../drill.ts';
import { deafenTo } from '../faults/network-faults.ts';

const drill: Drill = {
  name: 'galera-writer-deaf',
  title: 'Galera writer that hears nobody',
  description:
    'Lets the database writer send to its peers and hear nothing from them: it must be evicted, and no acknowledged row may be lost.',
  fault: 'partition-one-way',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  apart: true,
  target: ({ vipHolder, writer }) => (vipHolder === writer ? undefined : writer),
  wants: 'a Galera writer that does not hold the VIP',
  makeFault: ({ hosts, cluster, placement }, host) =>
    deafenTo(
      { hosts, cluster, host },
      placement.hosts.filter((peer) => peer !== host),
    ),
  limits: ({ suspectTimeout }) => ({
    'mariadb-set': { median: suspectTimeout + 2, worst: suspectTimeout + 4 },
  }),
  holdSeconds: 12,
  holdAtMostSeconds: 40,
  healWithinSeconds: 120,
};

export default drill;
