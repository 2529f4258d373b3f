// `ip addr del` of the virtual address on its holder, by somebody who tidies up.
import type { Drill } from '../drill.ts';
import { deleteVip } from '../faults/vip-deleted.ts';

const drill: Drill = {
  name: 'vip-deleted',
  title: 'VIP deleted by hand',
  description:
    'Deletes the VIP from its holder: Keepalived must notice, and some host must have it again within a second.',
  fault: 'vip-deleted',
  component: 'keepalived',
  probes: ['http-get', 'token-validate', 'token-issue', 'mariadb-set'],
  target: ({ vipHolder }) => vipHolder,
  wants: 'a host that holds the VIP',
  makeFault: ({ hosts, vipAddress }, host) => deleteVip({ hosts, host }, vipAddress),
  limits: () => ({
    'http-get': { median: 1, worst: 1.5 },
    'token-validate': { median: 1, worst: 1.5 },
    'mariadb-set': { median: 1, worst: 1.5 },
  }),
  holdSeconds: 5,
  holdAtMostSeconds: 20,
  healWithinSeconds: 60,
};

export default drill;
