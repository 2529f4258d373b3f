// The twin profile: only options a user could write, each listed with its reason, the user's own values included.
import { describe, expect, it } from 'vitest';
import { checkSpec, requireCluster } from './check.ts';
import { initText } from './init.ts';
import { clusterSchema } from './schema.ts';
import { describePath } from './schema/walk.ts';
import { layTwinProfile } from './twin-profile.ts';

const TEXT = initText('three-controllers', {});
const clusterOf = (text: string) => requireCluster(checkSpec(text, 'cluster.yaml'));
const BMC = { kind: 'redfish', address: '10.10.1.250', port: 8443, user: 'lab' } as const;
const SETTINGS = { bmc: { ctl1: BMC, ctl2: BMC }, aptProxy: 'http://10.10.1.254:3142' };

describe('layTwinProfile', () => {
  it('changes what several hosts on one machine need', () => {
    const { cluster, differences } = layTwinProfile(clusterOf(TEXT), SETTINGS);
    expect(cluster.overrides.all).toEqual({
      'my.cnf': { mariadbd: { innodb_buffer_pool_size: '128M' } },
      'keystone-uwsgi.ini': { uwsgi: { processes: 2, threads: 8 } },
    });
    expect(cluster.services['chrony']).toEqual({ adjustClock: false });
    expect(cluster.services['galera']).toMatchObject({ gcache: 64, hosts: ['ctl1', 'ctl2', 'ctl3'] });
    expect(cluster.services['rabbitmq']).toMatchObject({ schedulers: 1 });
    expect(cluster.apt.proxy).toBe('http://10.10.1.254:3142');
    expect(cluster.hosts.map(({ bmc }) => bmc)).toEqual([
      BMC,
      BMC,
      { kind: 'redfish', address: '198.18.0.3', port: 443, user: 'admin' },
    ]);
    expect(cluster.twinProfile).toEqual(differences);
    expect(differences.map(({ option }) => option)).toEqual([
      'services.chrony.adjustClock',
      'services.galera.gcache',
      'services.rabbitmq.schedulers',
      'services.memcached.memory',
      'services.haproxy.maxConnections',
      'config."my.cnf".mariadbd.innodb_buffer_pool_size',
      'config."keystone-uwsgi.ini".uwsgi.processes',
      'config."keystone-uwsgi.ini".uwsgi.threads',
      'apt.proxy',
      'hosts.ctl1.bmc',
      'hosts.ctl2.bmc',
      'hosts.ctl3.bmc',
    ]);
  });

  it('names only options that the schema has', () => {
    const remote = TEXT.replace(
      'ssh: { user: root }',
      'ssh: { user: debian, port: 2222, jump: gate, identity: k, config: c }\ndns: [10.10.1.1]',
    ).replace('ctl1: {', 'ctl1: { ssh: { address: 192.0.2.1 },');
    const { differences } = layTwinProfile(clusterOf(remote), SETTINGS);
    expect(differences.length).toBeGreaterThan(15);
    for (const { option } of differences) {
      const path = Array.from(option.matchAll(/"([^"]+)"|([^.]+)/g), ([, quoted, plain]) => quoted ?? plain ?? '');
      expect(describePath(clusterSchema, path).title, option).toBeDefined();
    }
  });

  it('overrules what the user gives all hosts or one, and says so', () => {
    const text = `${TEXT}config:
  my.cnf: { mariadbd: { innodb_buffer_pool_size: 32G, max_connections: 9 } }
  hosts: { ctl2: { my.cnf: { mariadbd: { innodb_buffer_pool_size: 64G } } } }
`;
    const { cluster, differences } = layTwinProfile(clusterOf(text), {});
    expect(cluster.overrides.all['my.cnf']).toEqual({
      mariadbd: { innodb_buffer_pool_size: '128M', max_connections: 9 },
    });
    expect(cluster.overrides.hosts['ctl2']?.['my.cnf']).toEqual({ mariadbd: { innodb_buffer_pool_size: '128M' } });
    expect(differences.find(({ option }) => option.includes('buffer_pool'))).toMatchObject({
      real: '32G; ctl2: 64G',
      twin: '128M',
    });
  });

  it('reaches twins as root, directly, whatever the way to the real hosts is', () => {
    const { cluster } = layTwinProfile(
      clusterOf(
        TEXT.replace('ssh: { user: root }', 'ssh: { user: debian, jump: gate }').replace(
          'ctl1: {',
          'ctl1: { ssh: { address: 192.0.2.1 },',
        ),
      ),
      {},
    );
    expect(cluster.ssh).toEqual({ user: 'root', port: 22, sudo: false });
    expect(cluster.hosts[0]?.sshAddress).toBe('10.10.1.11');
  });

  it('lets lab.config have the last word', () => {
    const text = `${TEXT}lab: { config: { keystone-uwsgi.ini: { uwsgi: { processes: 1 } }, my.cnf: { mariadbd: { innodb_buffer_pool_size: null } } } }\n`;
    const { cluster, differences } = layTwinProfile(clusterOf(text), {});
    expect(cluster.overrides.all['keystone-uwsgi.ini']).toEqual({ uwsgi: { processes: 1, threads: 8 } });
    expect(cluster.overrides.all['my.cnf']).toEqual({ mariadbd: { innodb_buffer_pool_size: null } });
    // One line per option, from the real value to the last one.
    const about = differences.filter(({ option }) => option.endsWith('uwsgi.processes'));
    expect(about).toEqual([expect.objectContaining({ real: "hastack's default", twin: '1' })]);
  });

  it('keeps a Redfish board of the spec, speaks Redfish for one that has IPMI, gives one to the others', () => {
    const text = TEXT.replace('ctl1: {', 'ctl1: { bmc: { kind: redfish, address: 10.10.9.11, port: 8443 },').replace(
      'ctl2: {',
      'ctl2: { bmc: { kind: ipmi, address: 10.10.9.12 },',
    );
    const { cluster, differences } = layTwinProfile(clusterOf(text), {});
    expect(cluster.hosts.map(({ bmc }) => `${bmc?.kind} ${bmc?.address}:${bmc?.port}`)).toEqual([
      'redfish 10.10.9.11:8443',
      'redfish 10.10.9.12:443',
      'redfish 198.18.0.3:443',
    ]);
    const boards = differences.filter(({ option }) => option.endsWith('.bmc'));
    expect(boards.map(({ option, real }) => [option, real])).toEqual([
      ['hosts.ctl2.bmc', 'ipmi 10.10.9.12:623'],
      ['hosts.ctl3.bmc', "hastack's default"],
    ]);
  });

  it('gives boards addresses that no network of the spec has', () => {
    const text = TEXT.replace('10.10.1.0/24', '198.18.4.0/24').replaceAll('10.10.1.1', '198.18.4.1');
    const { cluster } = layTwinProfile(clusterOf(text), {});
    expect(cluster.hosts[0]?.bmc?.address).toBe('198.19.0.1');
  });

  it('is empty the second time', () => {
    const once = layTwinProfile(clusterOf(TEXT), {});
    const twice = layTwinProfile(once.cluster, {});
    expect(twice.cluster).toEqual({ ...once.cluster, twinProfile: twice.differences });
    expect(twice.differences).toEqual([]);
  });
});
