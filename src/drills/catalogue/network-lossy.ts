// Two of a hundred packets lost, in both directions, on the network of the services of one host.
import type { Drill } from '../drill.ts';
import { internalNetwork, losePackets } from '../faults/network-faults.ts';

const drill: Drill = {
  name: 'network-lossy',
  title: 'Lossy network on one host',
  description:
    'Loses two of a hundred packets between one host and the others: slower, and nobody may be thrown out for it.',
  fault: 'packet-loss',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  apart: true,
  target: ({ hosts, vipHolder, writer }) => hosts.find((host) => host !== vipHolder && host !== writer),
  wants: 'a host that neither holds the VIP nor takes the writes',
  makeFault: ({ hosts, cluster }, host) => losePackets({ hosts, cluster, host }, internalNetwork(cluster), 2),
  limits: () => ({
    'http-get': { median: 0.5, worst: 2 },
    'token-validate': { median: 0.5, worst: 2 },
    'token-issue': { median: 1, worst: 2 },
    'mariadb-set': { median: 1, worst: 3 },
  }),
  holdSeconds: 15,
  holdAtMostSeconds: 30,
  healWithinSeconds: 60,
};

export default drill;
