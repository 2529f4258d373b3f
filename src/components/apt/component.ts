// Where packages come from, and the rule that Debian never restarts a quorum by itself (decision 8).
import { component } from '../../model/component.ts';
import { aptSources } from '../../resources/apt.ts';
import { updateGuards } from './guards.ts';

export default component({
  id: 'apt',
  title: 'Package sources',
  roles: ['control', 'network', 'compute', 'storage', 'balancer', 'database', 'messaging', 'arbiter'],
  after: ['resolver'],
  steps: [{ on: 'each', resources: (ctx) => [...aptSources(ctx.cluster.apt), ...updateGuards()] }],
  failure: () => ({ needs: { kind: 'at-least', count: 0 }, interruption: {} }),
});
