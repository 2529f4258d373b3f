// What a small spec becomes: every default is filled in and explained, the user's words win.
import { describe, expect, it } from 'vitest';
import { checkSpec, requireCluster, requireDeployable } from './check.ts';
import { explainSpec } from './explain.ts';

const HOSTS = [1, 2, 3]
  .map((n) => `  ctl${n}: { roles: [control, network], addresses: { management: 10.1.0.1${n}, data: 10.2.0.1${n} } }`)
  .join('\n');
const SPEC = `cluster: campus
networks:
  management: { cidr: 10.1.0.0/24, interface: eno1 }
  data: { cidr: 10.2.0.0/24, interface: eno2, speed: 10G, mtu: 9000 }
  external: { cidr: 203.0.113.0/24, zone: edge, interface: eno3 }
vips:
  public: { network: management, address: 10.1.0.10, name: cloud.example.org }
  internal: { network: data, address: 10.2.0.10 }
hosts:
${HOSTS}
`;

const clusterOf = (text: string, file = 'cluster.yaml') => requireCluster(checkSpec(text, file));

describe('services for instances', () => {
  const CLOUD = ['glance', 'placement', 'nova'];
  const deployed = (text: string): readonly string[] =>
    CLOUD.filter((name) => name in requireCluster(checkSpec(text, 'cluster.yaml')).services);

  it('are left out, and said to be, where no host could run one', () => {
    expect(deployed(SPEC)).toEqual([]);
    const { planned, findings } = checkSpec(SPEC, 'cluster.yaml');
    expect(planned?.onlyPlanned).toEqual(expect.arrayContaining(CLOUD));
    expect(findings.map(({ message }) => message).join('\n')).toMatch(/No host has the role compute, so .*nova/);
  });

  it('come with a compute host', () => {
    const compute = '  cmp1: { roles: [compute], addresses: { management: 10.1.0.21, data: 10.2.0.21 } }\n';
    const text = `${SPEC}${compute}services: { glance: { hosts: [ctl1] } }\n`;
    expect(deployed(text)).toEqual(CLOUD);
  });

  it('come by name', () => {
    expect(deployed(`${SPEC}services: { placement: true }\n`)).toEqual(['placement']);
  });
});

describe('resolveSpec', () => {
  it('fills in what a cluster needs', () => {
    const cluster = clusterOf(SPEC);
    expect(cluster).toMatchObject({
      name: 'campus',
      release: 'epoxy',
      uses: {
        management: 'management',
        internal: 'data',
        public: 'management',
        tunnel: 'data',
        storage: 'data',
        replication: 'data',
        provider: 'external',
      },
      availability: {
        engine: 'keepalived',
        tiers: [],
        assumptions: { hostMtbfHours: 20_000, repairHours: 4, commonCause: 0.05 },
      },
      ssh: { user: 'root', port: 22, sudo: false },
      tls: { backends: false },
      firewall: 'managed',
      dns: [],
      recipients: [],
      twinProfile: [],
    });
    expect(cluster.networks[0]).toEqual({
      name: 'management',
      cidr: '10.1.0.0/24',
      zone: 'underlay',
      speed: 1000,
      mtu: 1500,
      interface: 'eno1',
    });
    expect(cluster.networks[1]).toMatchObject({ speed: 10_000, mtu: 9000 });
    expect(cluster.hosts[0]).toEqual({
      name: 'ctl1',
      roles: ['control', 'network'],
      domains: {},
      addresses: { management: '10.1.0.11', data: '10.2.0.11' },
      // The bridge towards the edge has no address of the host.
      interfaces: { management: 'eno1', data: 'eno2', external: 'eno3' },
      sshAddress: '10.1.0.11',
    });
  });

  it('runs the control plane of the preset on the hosts with its roles', () => {
    const { services } = clusterOf(SPEC);
    expect(Object.keys(services)).toEqual([
      'base',
      'chrony',
      'certificates',
      'firewall',
      'galera',
      'rabbitmq',
      'memcached',
      'haproxy',
      'keepalived',
      'keystone',
    ]);
    expect(services['galera']).toEqual({ hosts: ['ctl1', 'ctl2', 'ctl3'] });
    expect(services['base']).toEqual({});
  });

  it('prefers the special role, and the list of the user to that, in the order of the spec', () => {
    const text = SPEC.replace('ctl2: { roles: [control, network]', 'ctl2: { roles: [control, balancer]');
    expect(clusterOf(text).services['haproxy']?.['hosts']).toEqual(['ctl2']);
    const listed = `${text}services:\n  haproxy: { hosts: [ctl3, ctl1] }\n  memcached: { memory: 1G, hosts: [ctl1] }\n  keystone: false\n`;
    const { services } = clusterOf(listed);
    expect(services['haproxy']?.['hosts']).toEqual(['ctl1', 'ctl3']);
    expect(services['memcached']).toEqual({ memory: 1024, hosts: ['ctl1'] });
    expect(services).not.toHaveProperty('keystone');
  });

  it('shares one network when there is no other', () => {
    const text = SPEC.replace(/^ {2}data:.*\n/m, '')
      .replace('network: data, address: 10.2.0.10', 'network: management, address: 10.1.0.9')
      .replaceAll(/, data: 10\.2\.0\.1\d/g, '');
    expect(
      new Set(
        Object.entries(clusterOf(text).uses).map(([use, network]) => (use === 'provider' ? 'management' : network)),
      ),
    ).toEqual(new Set(['management']));
  });

  it('takes the user at their word', () => {
    const text = `${SPEC.replace('ctl1: { roles: [control, network],', 'ctl1: { roles: [control, network], interfaces: { data: bond0 }, ssh: { address: 192.0.2.1 }, bmc: { kind: ipmi, address: 10.9.0.1 },')}
release: 2025.1
uses: { storage: management }
ssh: { user: debian, identity: keys/id, config: ~/.ssh/other }
apt: { proxy: "http://10.1.0.5:3142", key: mirror.asc }
tls: { backends: true, public: { certificate: tls/a.crt, key: /etc/a.key } }
ntp: [ntp.example.org]
lab: { memory: 2G, config: { memcached.conf: { m: 32 } } }
config:
  keystone.conf: { token: { expiration: 7200 } }
  rabbitmq.conf: { vm_memory_high_watermark.relative: 0.4, heartbeat: null }
  hosts: { ctl1: { my.cnf: { mariadbd: { max_connections: 50 } } } }
`;
    const cluster = clusterOf(text, 'sites/a/cluster.yaml');
    expect(cluster).toMatchObject({
      release: 'epoxy',
      uses: { storage: 'management', replication: 'data' },
      // Paths lie beside the spec.
      ssh: { user: 'debian', sudo: true, identityFile: 'sites/a/keys/id', configFile: '~/.ssh/other' },
      apt: { proxy: 'http://10.1.0.5:3142', key: 'sites/a/mirror.asc' },
      tls: { backends: true, publicCertificate: 'sites/a/tls/a.crt', publicKey: '/etc/a.key' },
      ntp: ['ntp.example.org'],
      lab: { memoryMiB: 2048, overrides: { 'memcached.conf': { '': { m: 32 } } } },
      overrides: {
        all: {
          'keystone.conf': { token: { expiration: 7200 } },
          'rabbitmq.conf': { '': { 'vm_memory_high_watermark.relative': 0.4, heartbeat: null } },
        },
        hosts: { ctl1: { 'my.cnf': { mariadbd: { max_connections: 50 } } } },
      },
    });
    expect(cluster.hosts[0]).toMatchObject({
      interfaces: { data: 'bond0' },
      sshAddress: '192.0.2.1',
      bmc: { kind: 'ipmi', address: '10.9.0.1', port: 623, user: 'admin' },
    });
  });

  it('reads quantities', () => {
    const text = `${SPEC}availability: { tiers: { a: { survives: [host], within: 500ms }, b: { survives: [host], within: 2 min } } }\n`;
    expect(clusterOf(text).availability.tiers.map((tier) => tier.withinSeconds)).toEqual([0.5, 120]);
  });
});

describe('explainSpec', () => {
  it('lists exactly what the user did not write', () => {
    const paths = explainSpec(SPEC, 'a.yaml').map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'release',
        'preset',
        'networks.management.mtu',
        'uses.internal',
        'vips.public.routerId',
        'services.galera.hosts',
        'hosts.ctl1.ssh.address',
        'firewall',
      ]),
    );
    expect(paths).not.toContain('networks.data.mtu');
    expect(new Set(paths).size).toBe(paths.length);
    const given = explainSpec(`${SPEC}firewall: none\nrelease: epoxy\n`, 'a.yaml').map(({ path }) => path);
    expect(paths.filter((path) => !given.includes(path))).toEqual(['release', 'firewall']);
  });

  it('is empty for a spec that is not valid', () => {
    expect(explainSpec('cluster: 3', 'a.yaml')).toEqual([]);
  });
});

describe('requireCluster', () => {
  it('lists every critical finding with its place', () => {
    const check = checkSpec(SPEC.replace('10.1.0.10', '10.1.0.11').replace('10.2.0.12', '10.9.0.12'), 'a.yaml');
    // The place of the first is the error's own: it is printed before the message.
    expect(() => requireCluster(check)).toThrowError(
      expect.objectContaining({
        at: expect.objectContaining({ file: 'a.yaml', line: 7 }),
        message: expect.stringMatching(/^The VIP public has the address[^]*\na\.yaml:11:\d+: The address 10\.9\.0\.12/),
      }),
    );
  });

  it('refuses to deploy a preset that this version cannot deploy', () => {
    expect(requireDeployable(checkSpec(SPEC, 'a.yaml')).name).toBe('campus');
    const five = checkSpec(`${SPEC}preset: three-plus-2n\n`, 'a.yaml');
    expect(requireCluster(five).name).toBe('campus');
    expect(() => requireDeployable(five)).toThrowError(/cannot deploy/);
  });
});
