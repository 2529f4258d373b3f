// A Galera member that only ssh still reaches: one of three is no quorum, so it must not take a write.
import type { Drill } from '../drill.ts';
import { refusesWrites } from '../faults/evidence.ts';
import { isolateHost } from '../faults/network-faults.ts';

const drill: Drill = {
  name: 'galera-minority-isolated',
  title: 'Galera minority isolated',
  description: 'Cuts one database member off from everything but ssh: the others go on, and it must refuse writes.',
  fault: 'host-isolated',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  apart: true,
  target: ({ hosts, vipHolder, writer }) => hosts.find((host) => host !== vipHolder && host !== writer),
  wants: 'a host that neither holds the VIP nor takes the writes',
  makeFault: ({ hosts, cluster }, host) => isolateHost({ hosts, cluster, host }),
  limits: ({ suspectTimeout }) => ({
    'http-get': { median: 3, worst: 3 },
    'token-validate': { median: 3, worst: 3 },
    'token-issue': { median: 3, worst: 3 },
    'mariadb-set': { median: suspectTimeout + 2, worst: suspectTimeout + 2 },
  }),
  duringFault: ({ hosts }, host) => refusesWrites(hosts, host),
  holdSeconds: 12,
  holdAtMostSeconds: 40,
  healWithinSeconds: 120,
};

export default drill;
