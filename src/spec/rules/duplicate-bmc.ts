// Fencing the wrong host is worse than not fencing: every BMC address is unique, and no host or VIP has it.
import { entriesOf } from '../lookup.ts';
import { groupsOfSame, specRule } from './rule.ts';
import { usedAddresses } from './used-addresses.ts';

export default specRule({
  id: 'spec.duplicate-bmc',
  severity: 'critical',
  impact: 'Fencing one host powers off another one, which is alive.',
  source: 'fence_redfish(8), --ip',
  reads: ['networks', 'vips', 'hosts'],
  check: ({ spec }) => {
    const boards = entriesOf(spec.hosts).flatMap(([host, { bmc }]) =>
      // Several boards behind one gateway differ by port.
      bmc === undefined
        ? []
        : [
            {
              host,
              address: bmc.address,
              key: `${bmc.address} ${bmc.port ?? bmc.kind}`,
              path: ['hosts', host, 'bmc', 'address'],
            },
          ],
    );
    const used = usedAddresses(spec);
    const same = groupsOfSame(boards, ({ key }) => key).flatMap(([first, ...others]) =>
      others.map(({ host, address, path }) => ({
        path,
        host,
        message: `${host} and ${first.host} have the same BMC address ${address}.`,
        remediation: `Write the address of ${host}'s own board.`,
      })),
    );
    const shared = boards.flatMap(({ host, address, path }) => {
      const owner = used.find((other) => other.address === address)?.owner;
      if (owner === undefined) return [];
      return [
        {
          path,
          host,
          message: `The BMC of ${host} has the address ${address} of ${owner}.`,
          remediation: 'Write the address of the board itself.',
        },
      ];
    });
    return [...same, ...shared];
  },
});
