// Every control host is rebooted in turn under load, each when all was healthy again, as for a new kernel.
import type { Drill } from '../drill.ts';
import { rebootInTurn } from '../faults/rolling-reboot.ts';

const drill: Drill = {
  name: 'rolling-reboot',
  title: 'Rolling reboot',
  description:
    'Reboots the hosts one after another, each when all is healthy again: requests in flight when a VIP moves may fail, and nothing else.',
  fault: 'host-reboot',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  target: ({ hosts }) => hosts[0],
  wants: 'control hosts',
  makeFault: ({ hosts, placement, health, clock }) => rebootInTurn({ hosts, health, clock }, placement.hosts),
  limits: ({ suspectTimeout }) => ({
    'http-get': { median: 1, worst: 1.5 },
    'token-validate': { median: 1.5, worst: 3 },
    'token-issue': { median: 2, worst: 3 },
    'mariadb-set': { median: suspectTimeout + 2, worst: suspectTimeout + 2 },
  }),
  holdSeconds: 2,
  holdAtMostSeconds: 20,
  healWithinSeconds: 120,
};

export default drill;
