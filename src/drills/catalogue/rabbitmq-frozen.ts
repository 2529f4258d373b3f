// SIGSTOP to RabbitMQ where the queue is led, for less than net_ticktime: longer would leave Mnesia partitioned.
import type { Drill } from '../drill.ts';
import { freezeUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'rabbitmq-frozen',
  title: 'RabbitMQ frozen on the queue leader',
  description:
    'Freezes RabbitMQ where the queue is led: publishers must move on, and it must be a whole member again when it wakes.',
  fault: 'unit-frozen',
  component: 'rabbitmq',
  probes: ['rabbitmq-publish', 'http-get', 'token-issue'],
  apart: true,
  target: ({ queueLeader }) => queueLeader,
  wants: 'a RabbitMQ member that leads the queue of the probe',
  makeFault: ({ hosts }, host) => freezeUnit({ hosts, host, unit: 'rabbitmq-server.service' }),
  limits: () => ({
    // Erlang takes up to a quarter more than net_ticktime to call a silent member down, then a leader is elected.
    'rabbitmq-publish': { median: 12, worst: 15 },
    'http-get': { median: 3, worst: 3 },
    'token-issue': { median: 3, worst: 3 },
  }),
  holdSeconds: 7,
  holdAtMostSeconds: 7,
  healWithinSeconds: 120,
};

export default drill;
