// The member that leads the queue is cut off from the other members; clients reach all of them.
import type { Drill } from '../drill.ts';
import { partitionFrom } from '../faults/network-faults.ts';

const drill: Drill = {
  name: 'rabbitmq-partition',
  title: 'RabbitMQ partitioned from its peers',
  description:
    'Cuts the queue leader off from the other members while clients still reach it: the minority must confirm nothing that is lost.',
  fault: 'partition',
  component: 'rabbitmq',
  probes: ['rabbitmq-publish', 'http-get', 'token-issue'],
  apart: true,
  target: ({ queueLeader }) => queueLeader,
  wants: 'a RabbitMQ member that leads the queue of the probe',
  makeFault: ({ hosts, cluster, placement }, host) =>
    partitionFrom(
      { hosts, cluster, host },
      placement.hosts.filter((peer) => peer !== host),
    ),
  limits: () => ({
    // The publisher is at the minority, which lets its clients go only when it pauses: after net_ticktime and then some.
    'rabbitmq-publish': { median: 30, worst: 40 },
    'http-get': { median: 3, worst: 3 },
    'token-issue': { median: 3, worst: 3 },
  }),
  holdSeconds: 35,
  holdAtMostSeconds: 60,
  healWithinSeconds: 180,
};

export default drill;
