// Compute hosts can run virtual machines with the processor's help. Containers only show what their machine has.
import { hostCheck, onEachHost } from './check.ts';
import type { Outcome } from './check.ts';

export default hostCheck({
  id: 'host.virtualisation',
  severity: 'critical',
  impact: 'Instances do not start, or are emulated and unusably slow.',
  source: 'https://docs.openstack.org/nova/2025.1/admin/configuration/hypervisor-kvm.html',
  check: (input) =>
    onEachHost(input, 'system', (host, { container, kvm, virtualisation }): readonly Outcome[] => {
      const twins = input.cluster.twinProfile.length > 0;
      const place = { path: ['hosts', host.name], host: host.name };
      if (container !== undefined && !twins) {
        const message = `${host.name} is a container (${container}).`;
        const impact = 'Kernel settings and virtual machines are not possible there.';
        return [
          { ...place, severity: 'warning', impact, message, remediation: 'Use a machine, or a virtual machine.' },
        ];
      }
      if (!host.roles.includes('compute') || (virtualisation && kvm)) return [];
      if (twins) return [{ missing: `a machine behind ${host.name} that shows its processor` }];
      const what = virtualisation ? 'has no /dev/kvm' : 'has a processor without VT-x or AMD-V, or it is off';
      return [
        {
          ...place,
          message: `${host.name} ${what}.`,
          remediation: 'Switch virtualisation on in its firmware set-up and load the kvm module.',
        },
      ];
    }),
});
