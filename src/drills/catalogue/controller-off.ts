// Power cut of a controller that neither holds the public VIP nor takes the writes.
import type { Drill } from '../drill.ts';
import { powerOff } from '../faults/power-off.ts';

const drill: Drill = {
  name: 'controller-off',
  title: 'Power cut of a controller with no part of its own',
  description:
    'Cuts the power of a controller that neither holds the VIP nor takes the writes: reads may wait for its share to be taken out, commits for its eviction.',
  fault: 'host-power-off',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  apart: true,
  target: ({ hosts, vipHolder, writer }) => hosts.find((host) => host !== vipHolder && host !== writer),
  wants: 'a host that neither holds the VIP nor takes the writes',
  makeFault: ({ actions }, host) => powerOff(actions, host),
  limits: ({ suspectTimeout }) => ({
    'http-get': { median: 3, worst: 3 },
    'token-validate': { median: 3, worst: 3 },
    'token-issue': { median: 3, worst: 3 },
    'mariadb-set': { median: suspectTimeout + 2, worst: suspectTimeout + 2 },
  }),
  holdSeconds: 8,
  holdAtMostSeconds: 40,
  healWithinSeconds: 180,
};

export default drill;
