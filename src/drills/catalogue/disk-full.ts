// The disk of a database host filled up to its last hundredth.
import type { Drill } from '../drill.ts';
import { fillDisk } from '../faults/disk-full.ts';

const drill: Drill = {
  name: 'disk-full',
  title: 'Disk full on a database host',
  description:
    'Fills the disk that the database of one host is on: the others go on, and it must be whole again when there is room.',
  fault: 'disk-full',
  component: 'galera',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  apart: true,
  target: ({ hosts, vipHolder, writer }) => hosts.find((host) => host !== vipHolder && host !== writer),
  wants: 'a host that neither holds the VIP nor takes the writes',
  makeFault: ({ hosts }, host) => fillDisk({ hosts, host }, '/var/lib/mysql'),
  limits: ({ suspectTimeout }) => ({
    'mariadb-set': { median: suspectTimeout + 2, worst: suspectTimeout + 2 },
  }),
  holdSeconds: 12,
  holdAtMostSeconds: 30,
  healWithinSeconds: 120,
};

export default drill;
