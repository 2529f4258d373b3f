// memcached: token and catalogue cache on every control host. Losing one costs cache misses, nothing else.
// Manual: memcached(1).
import { managedHeader } from '../formats/managed-header.ts';
import { component } from '../model/component.ts';
import type { HostContext } from '../model/component.ts';
import { atLeast } from '../model/failure.ts';
import type { Resource } from '../model/resource.ts';
import { seconds } from '../model/seconds.ts';
import { file } from '../resources/file.ts';
import { unit } from '../resources/unit.ts';
import { CACHE_TIMEOUT } from './oslo/sections.ts';
import { timer } from './oslo/timers.ts';

const PORT = 11211;
const CACHE_OPTION = { file: 'keystone.conf', section: 'cache', option: 'memcache_socket_timeout' };

export default component({
  id: 'memcached',
  title: 'memcached',
  roles: ['control'],
  after: ['certificates', 'firewall'],
  when: (cluster) => 'memcached' in cluster.services,
  packages: ['memcached'],
  units: ['memcached.service'],
  caches: [{ port: PORT, use: 'internal' }],
  ports: [{ port: PORT, protocol: 'tcp', use: 'internal', from: 'members' }],
  steps: [{ on: 'each', resources: memcachedResources }],
  health: (ctx) => [
    {
      name: 'memcached answers',
      script: `printf 'version\\r\\nquit\\r\\n' | timeout 2 socat - TCP:${ctx.address('internal')}:${PORT} | tr -d '\\r' | grep VERSION`,
    },
  ],
  failure: ({ cluster }) => {
    // Every service has the option in its own file; Keystone's is the one whose users wait.
    const wait = timer({ cluster }, CACHE_OPTION, CACHE_TIMEOUT);
    const miss = {
      terms: [
        {
          name: 'cache client gives a dead server up',
          // A request asks several times, and each process finds out for itself.
          seconds: seconds(0, wait, 6 * wait),
          source: 'keystone.conf [cache] memcache_socket_timeout',
        },
      ],
    };
    return {
      needs: atLeast(0),
      improve:
        'a shorter memcache_socket_timeout: config: { keystone.conf: { cache: { memcache_socket_timeout: 0.1 } } }',
      interruption: { 'process-frozen': miss, 'host-power': miss, 'host-isolated': miss, 'nic-cut': miss },
    };
  },
});

function memcachedResources(ctx: HostContext): readonly Resource[] {
  const megabytes = Number(ctx.options('memcached')['memory'] ?? 512);
  return [
    file({
      path: '/etc/memcached.conf',
      content: `${managedHeader('#')}-d
logfile /var/log/memcached.log
-m ${megabytes}
-p ${PORT}
-U 0
-u memcache
-l ${ctx.address('internal')}
-c 4096
-P /var/run/memcached/memcached.pid
`,
      notifies: ['unit:memcached'],
    }),
    unit('memcached', { onChange: 'restart' }),
  ];
}
