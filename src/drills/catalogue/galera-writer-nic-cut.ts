// The network of the services goes away under the Galera writer; ssh and users come by another one.
import type { Drill } from '../drill.ts';
import { cutNic, internalNetwork } from '../faults/network-faults.ts';

const drill: Drill = {
  name: 'galera-writer-nic-cut',
  title: 'Galera writer without the network of the services',
  description:
    'Takes the interface to the other hosts away from the database writer: writes go on elsewhere, none that was acknowledged is lost.',
  fault: 'nic-cut',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  apart: true,
  target: ({ vipHolder, writer }) => (vipHolder === writer ? undefined : writer),
  wants: 'a Galera writer that does not hold the VIP',
  makeFault: ({ hosts, cluster }, host) => cutNic({ hosts, cluster, host }, internalNetwork(cluster)),
  limits: ({ suspectTimeout }) => ({
    'mariadb-set': { median: suspectTimeout + 2, worst: suspectTimeout + 2 },
  }),
  holdSeconds: 10,
  holdAtMostSeconds: 40,
  healWithinSeconds: 120,
};

export default drill;
