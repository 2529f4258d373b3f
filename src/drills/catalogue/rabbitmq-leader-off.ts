// Power cut of the host that leads a queue, under confirmed publishing from a client connected to it.
import type { Drill } from '../drill.ts';
import { powerOff } from '../faults/power-off.ts';

const drill: Drill = {
  name: 'rabbitmq-leader-off',
  title: 'Power cut of the queue leader',
  description:
    'Cuts the power of the host that leads the queue: the publisher moves to a survivor, and no confirmed message may be missing.',
  fault: 'host-power-off',
  probes: ['rabbitmq-publish', 'http-get', 'token-issue', 'mariadb-set'],
  apart: true,
  target: ({ queueLeader }) => queueLeader,
  wants: 'a RabbitMQ member that leads the queue of the probe',
  makeFault: ({ actions }, host) => powerOff(actions, host),
  limits: ({ suspectTimeout }) => ({
    // Erlang takes up to a quarter more than net_ticktime to call a silent member down, then a leader is elected.
    'rabbitmq-publish': { median: 12, worst: 15 },
    'http-get': { median: 3, worst: 3 },
    'token-issue': { median: 3, worst: 3 },
    'mariadb-set': { median: suspectTimeout + 2, worst: suspectTimeout + 2 },
  }),
  holdSeconds: 15,
  holdAtMostSeconds: 60,
  healWithinSeconds: 240,
};

export default drill;
