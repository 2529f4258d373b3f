// SIGKILL to every HAProxy process on the host that holds the virtual address.
import type { Drill } from '../drill.ts';
import { killUnit } from '../faults/unit-faults.ts';

const drill: Drill = {
  name: 'haproxy-killed',
  title: 'HAProxy killed on the VIP holder',
  description: 'Kills HAProxy where the VIP is: systemd restarts it, or the VIP moves, within half a second.',
  fault: 'process-killed',
  component: 'haproxy',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  target: ({ vipHolder }) => vipHolder,
  wants: 'a host that holds the VIP',
  makeFault: ({ hosts }, host) => killUnit({ hosts, host, unit: 'haproxy.service' }),
  limits: () => ({ 'http-get': { median: 0.6, worst: 1 }, 'token-validate': { median: 0.6, worst: 1 } }),
  holdSeconds: 5,
  holdAtMostSeconds: 20,
  healWithinSeconds: 60,
};

export default drill;
