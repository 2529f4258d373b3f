// What every host gets before any service: its name and its peers' names, the clock, kernel settings and
// limits, and a journal that survives a reboot.
import { component } from '../../model/component.ts';
import type { HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { directory } from '../../resources/file.ts';
import { hostname } from '../../resources/hostname.ts';
import { clockResources } from './clock.ts';
import { hostsFile } from './hosts-file.ts';
import { journal, kernelSettings, limits } from './kernel.ts';

export default component({
  id: 'base',
  title: 'Base system',
  roles: ['control', 'network', 'compute', 'storage', 'balancer', 'database', 'messaging', 'arbiter'],
  after: ['packages'],
  steps: [{ on: 'each', resources: baseResources }],
  // A host without the base is a host that is not deployed; it interrupts nothing by itself.
  failure: () => ({ needs: { kind: 'at-least', count: 0 }, interruption: {} }),
});

function baseResources(ctx: HostContext): readonly Resource[] {
  return [
    hostname(ctx.host.name),
    hostsFile(ctx),
    directory({ path: '/etc/hastack' }),
    directory({ path: '/usr/local/lib/hastack' }),
    ...kernelSettings(ctx),
    limits(ctx),
    ...journal(ctx),
    ...clockResources(ctx),
  ];
}
