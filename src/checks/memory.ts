// Memory for the components of the host. What is a little short runs, and swaps or is killed under load.
import { hostCheck, onEachHost } from './check.ts';
import type { Outcome } from './check.ts';

export default hostCheck({
  id: 'host.memory',
  severity: 'critical',
  impact: 'The kernel kills the database or the message broker when memory runs out.',
  source: 'sum of what the components are configured to take (my.cnf, memcached.conf, workers)',
  check: (input) =>
    onEachHost(input, 'system', (host, { memoryMiB }): readonly Outcome[] => {
      const needed = input.needs.get(host.name)?.memoryMiB ?? 0;
      if (memoryMiB >= needed * 1.25) return [];
      const hit = {
        path: ['hosts', host.name],
        host: host.name,
        message: `${host.name} has ${memoryMiB} MiB of memory; its components take ${needed} MiB.`,
        remediation: 'Add memory, move a role to another host, or make innodb_buffer_pool_size and memcached smaller.',
      };
      return [memoryMiB < needed ? hit : { ...hit, severity: 'warning', impact: 'There is nothing left for a peak.' }];
    }),
});
