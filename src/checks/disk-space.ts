// Room for packages, databases and logs under /var/lib.
import { hostCheck, onEachHost } from './check.ts';
import type { Outcome } from './check.ts';

/** Percent of inodes below which package installation is at risk. */
const FEW_INODES = 5;

export default hostCheck({
  id: 'host.disk-space',
  severity: 'critical',
  impact: 'The deployment stops half-way, or a full disk takes the database down later.',
  source: 'sum of what the components keep (galera gcache and logs, packages)',
  check: (input) =>
    onEachHost(input, 'disk', (host, disk): readonly Outcome[] => {
      const needed = input.needs.get(host.name)?.diskMiB ?? 0;
      const place = { path: ['hosts', host.name], host: host.name };
      const remediation = `Make room on the file system of ${disk.path} (${disk.mountPoint}), or give it a larger one.`;
      if (disk.freeInodes !== undefined && disk.freeInodes < FEW_INODES) {
        const message = `${host.name} has ${disk.freeInodes} % of the inodes under ${disk.path} left.`;
        return [{ ...place, message, remediation }];
      }
      if (disk.freeMiB >= 2 * needed) return [];
      const message = `${host.name} has ${disk.freeMiB} MiB free under ${disk.path}; its components need ${needed} MiB to begin with.`;
      if (disk.freeMiB < needed) return [{ ...place, message, remediation }];
      return [
        { ...place, message, remediation, severity: 'warning', impact: 'It fills up early: databases and logs grow.' },
      ];
    }),
});
