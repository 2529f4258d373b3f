// /etc/resolv.conf, only when the spec gives resolvers; else the host keeps what it has. Comes before everything: the
// package sources are found by name. Plain Debian 13 has a static file there; a link that another program put there is
// replaced, so that the spec is what counts. Manual: resolv.conf(5).
import { component } from '../model/component.ts';
import type { HostContext } from '../model/component.ts';
import type { Resource } from '../model/resource.ts';
import { managedHeader } from '../formats/managed-header.ts';
import { file } from '../resources/file.ts';

/** glibc asks no more than these (MAXNS). */
const MOST = 3;

export default component({
  id: 'resolver',
  title: 'DNS resolvers',
  roles: ['control', 'network', 'compute', 'storage', 'balancer', 'database', 'messaging', 'arbiter'],
  after: [],
  when: (cluster) => cluster.dns.length > 0,
  steps: [{ on: 'each', resources: resolverFile }],
  failure: () => ({ needs: { kind: 'at-least', count: 0 }, interruption: {} }),
});

function resolverFile(ctx: HostContext): readonly Resource[] {
  const servers = ctx.cluster.dns.slice(0, MOST).map((address) => `nameserver ${address}`);
  // A dead first resolver costs two seconds and not five.
  const lines = [...servers, 'options timeout:2 attempts:2'];
  return [file({ path: '/etc/resolv.conf', content: `${managedHeader('#')}${lines.join('\n')}\n` })];
}
