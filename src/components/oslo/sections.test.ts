// What all OpenStack services share, rendered for a cloud: one sum of connections, every broker, accounts by name.
import { describe, expect, it } from 'vitest';
import { fakeIdentity } from '../../../test/support/fake-identity.ts';
import { runShell } from '../../../test/support/run-shell.ts';
import { cloudCluster } from '../../../test/support/sample-cluster.ts';
import type { Cluster } from '../../model/cluster.ts';
import type { ClusterContext, Contributions } from '../../model/component.ts';
import { clusterContext } from '../../phases/context.ts';
import { clusterComponents } from '../../phases/desired.ts';
import { COMPONENTS } from '../registry.gen.ts';
import { MAX_CONNECTIONS, databaseUrl, poolSizes } from './database.ts';
import { workerRule } from './failure.ts';
import { authtokenSection, clientSection, serviceUserSection } from './identity.ts';
import { RABBIT, transportUrl } from './messaging.ts';
import { cacheServers, concurrencySection, lockDirectory } from './sections.ts';
import { workerGroup, workerHealth, workerUnit } from './worker-group.ts';

function contextOf(cluster: Cluster): ClusterContext {
  const deployed = clusterComponents(cluster, COMPONENTS);
  const account = { component: 'nova', hosts: ['ctl1'] };
  const real = clusterContext({ cluster, deployed, identity: fakeIdentity(cluster, deployed) });
  // An account of a service, whether this version deploys it or not.
  const added: Readonly<Record<string, readonly unknown[]>> = {
    serviceUser: [{ name: 'probe', secret: 'p', roles: ['service'], ...account }],
    messageUser: [{ user: 'probe', vhost: 'probe', secret: 'p', ...account }],
  };
  return {
    ...real,
    contributions: ((kind: keyof Contributions) => [
      ...real.contributions(kind),
      ...(added[kind] ?? []),
    ]) as ClusterContext['contributions'],
    secret: (name) => (name === 'p' ? 'a/b@c' : real.secret(name)),
  };
}

const ctx = contextOf(cloudCluster());

describe('pools of database connections', () => {
  const sum = (context: ClusterContext): number => {
    const { max_pool_size: kept, max_overflow: more } = poolSizes(context);
    const pools = context
      .contributions('database')
      .reduce((total, { pools: each = 1, hosts }) => total + each * hosts.length, 0);
    return pools * (kept + more);
  };

  it.each([1, 4, 8, 16])('stay below max_connections together with %i workers', (workers) => {
    const { services } = cloudCluster();
    const busy = Object.fromEntries(Object.entries(services).map(([name, options]) => [name, { ...options, workers }]));
    const context = contextOf(cloudCluster({ services: busy }));
    expect(sum(context)).toBeLessThan(MAX_CONNECTIONS);
    expect(poolSizes(context).max_pool_size).toBeGreaterThanOrEqual(1);
  });

  it('are as large as oslo wants them where there is room', () => {
    expect(poolSizes(contextOf(cloudCluster({ services: { galera: {}, keystone: {} } })))).toEqual({
      max_pool_size: 10,
      max_overflow: 20,
    });
  });
});

it('a database is reached through the internal VIP, by TLS', () => {
  expect(databaseUrl(ctx, 'placement')).toMatch(
    /^mysql\+pymysql:\/\/placement:[^@]+@10\.10\.10\.10\/placement\?.*ssl_ca=/,
  );
  expect(() => databaseUrl(ctx, 'nothing')).toThrow('database nothing');
});

describe('messaging', () => {
  it('reaches every member by TLS, with a password that fits a URL', () => {
    expect(transportUrl(ctx, 'probe')).toBe(
      'rabbit://probe:a%2Fb%40c@10.10.10.11:5671,probe:a%2Fb%40c@10.10.10.12:5671,probe:a%2Fb%40c@10.10.10.13:5671/probe',
    );
  });

  it('uses streams only with what oslo.messaging asks for with them', () => {
    expect(RABBIT).toMatchObject({
      rabbit_stream_fanout: true,
      rabbit_transient_quorum_queue: true,
      rabbit_qos_prefetch_count: 1,
    });
  });
});

describe('identity', () => {
  it('checks tokens through the internal VIP with the cache of all hosts', () => {
    expect(authtokenSection(ctx, 'probe', 'compute')).toMatchObject({
      www_authenticate_uri: 'https://cloud.example.org:5000/v3',
      auth_url: 'https://10.10.10.10:5000/v3',
      username: 'probe',
      password: 'a/b@c',
      memcached_servers: cacheServers(ctx).join(','),
      service_token_roles_required: true,
    });
    expect(cacheServers(ctx)).toHaveLength(3);
  });

  it('calls other services as the service user', () => {
    expect(clientSection(ctx, 'probe')).toMatchObject({ valid_interfaces: 'internal', project_name: 'service' });
    expect(serviceUserSection(ctx, 'probe')).toMatchObject({ send_service_user_token: true, username: 'probe' });
    expect(() => clientSection(ctx, 'nobody')).toThrow('service user nobody');
  });
});

describe('workers', () => {
  const group = workerGroup(ctx, { id: 'probe', component: 'keystone', unit: 'no-such-worker' });

  it('are read by what systemd and the sockets say', () => {
    const { code, stdout } = runShell(group.read('ctl1').text);
    expect(code).toBe(0);
    expect(stdout.trim()).toMatch(/^\S*, not connected to RabbitMQ$/);
    expect(group.parse('ctl1', stdout).running).toBe(false);
    expect(group.parse('ctl1', 'active, connected to RabbitMQ\n').running).toBe(true);
    expect(runShell(workerHealth(ctx, 'Probe', 'no-such-worker').script).code).not.toBe(0);
  });

  it('see the connection of a process of the unit', () => {
    const fakes = `systemctl() { case $1 in is-active) echo active ;; show) echo /../../self/no ;; esac; }
ss() { echo 'ESTAB 0 0 10.10.10.11:40000 10.10.10.12:5671 users:(("nova-conductor",pid=4711,fd=7))'; }
grep() { if [ "$1" = -qxF ]; then command grep -qxF 4711; else command grep "$@"; fi; }
`;
    expect(runShell(fakes + group.read('ctl1').text).stdout.trim()).toBe('active, connected to RabbitMQ');
  });

  it('cost a call at most its timeout when one dies', () => {
    const { interruption } = workerRule(ctx, { id: 'probe', title: 'Probe', conf: 'probe.conf' });
    expect(interruption['host-power']?.terms[0]?.seconds.high).toBe(60);
  });

  it('keep locks where no unit removes them', () => {
    expect(concurrencySection('nova')).toEqual({ lock_path: lockDirectory('nova') });
    expect(lockDirectory('nova')).not.toMatch(/^\/(?:run|var\/lock)/);
    expect(workerUnit()['Service']).toMatchObject({ RuntimeDirectoryPreserve: 'yes', Restart: 'always' });
  });
});
