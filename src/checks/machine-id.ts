// Hosts made from one image without a new machine-id: journals, DHCP leases and locks take them for one machine.
import { factOf, hostCheck } from './check.ts';

export default hostCheck({
  id: 'host.machine-id',
  severity: 'warning',
  impact: 'Logs and DHCP leases of different hosts are mixed up.',
  source: 'machine-id(5)',
  check: (input) => {
    const ids = input.cluster.hosts.map(({ name }) => ({ name, id: factOf(input, name, 'system')?.machineId ?? '' }));
    return ids.flatMap(({ name, id }, index) => {
      const first = ids.findIndex((each) => each.id === id);
      if (id === '' || first === index) return [];
      return [
        {
          path: ['hosts', name],
          host: name,
          message: `${name} and ${ids[first]?.name ?? ''} have the same /etc/machine-id.`,
          remediation: `On ${name}: rm /etc/machine-id && systemd-machine-id-setup, then reboot it.`,
        },
      ];
    });
  },
});
