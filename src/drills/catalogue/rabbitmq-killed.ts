// SIGKILL to RabbitMQ where the queue is led: its peers see the connection close and elect at once.
import type { Drill } from '../drill.ts';
import { killUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'rabbitmq-killed',
  title: 'RabbitMQ killed on the queue leader',
  description: 'Kills RabbitMQ where the queue is led: another leader within two seconds, no confirmed message lost.',
  fault: 'process-killed',
  component: 'rabbitmq',
  probes: ['rabbitmq-publish', 'http-get', 'token-issue'],
  apart: true,
  target: ({ queueLeader }) => queueLeader,
  wants: 'a RabbitMQ member that leads the queue of the probe',
  makeFault: ({ hosts }, host) => killUnit({ hosts, host, unit: 'rabbitmq-server.service' }),
  limits: () => ({ 'rabbitmq-publish': { median: 2, worst: 5 } }),
  holdSeconds: 8,
  holdAtMostSeconds: 40,
  healWithinSeconds: 180,
};

export default drill;
