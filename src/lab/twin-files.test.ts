import { describe, expect, it } from 'vitest';
import { labCluster } from '../../test/real/support/lab-cluster.ts';
import { capabilityParameters } from './console.ts';
import { twinGroupFiles } from './cgroup.ts';
import { buildProgress, mmdebstrapParameters } from './golden.ts';
import { cacheConfiguration, packageProxyUrl } from './package-cache.ts';
import { sshCommand, sshConfigForLab } from './ssh.ts';
import { topologyOf } from './topology.ts';
import { knownHosts, twinFiles } from './twin-files.ts';

const cluster = labCluster('unit', 71);
const topology = topologyOf(cluster);
const [host] = cluster.hosts;
if (host === undefined) throw new Error('the cluster has hosts');
const identity = {
  machineId: 'ab'.repeat(16),
  hostKey: { secret: 'SECRET', public: 'ssh-ed25519 AAAA ctl1\n' },
  authorizedKey: 'ssh-ed25519 BBBB lab\n',
};

describe('the files of a twin', () => {
  const files = new Map(twinFiles(cluster, host, { topology, identity }).map((file) => [file.path, file]));

  it('keep secrets from others', () => {
    expect(files.get('/etc/ssh/ssh_host_ed25519_key')?.mode).toBe(0o600);
    expect(files.get('/root/.ssh/authorized_keys')).toMatchObject({ content: 'ssh-ed25519 BBBB lab\n', mode: 0o600 });
  });

  it('configure an interface with MTU, address and without any default route', () => {
    const network = files.get('/etc/systemd/network/10-bond0.network')?.content ?? '';
    expect(network).toContain('[Match]\nName=bond0\n');
    expect(network).toContain('MTUBytes=9000\n');
    expect(network).toContain('Address=10.71.1.11/24\n');
    expect(network).not.toMatch(/Destination=(0\.0\.0\.0|::)\/0|DHCP/);
  });

  it('reach BMCs outside of the networks through the operator', () => {
    expect(files.get('/etc/systemd/network/10-eno1.network')?.content).toContain(
      '[Route]\nDestination=10.71.9.12/32\nGateway=10.71.0.254\n',
    );
    expect(files.get('/etc/systemd/network/10-bond0.network')?.content).not.toContain('[Route]');
  });

  it('name every address of a host in known_hosts, with the port where it is another', () => {
    const keys = new Map([['ctl1', 'ssh-ed25519 AAAA comment\n']]);
    expect(knownHosts(cluster, keys)).toBe(
      'ctl1 ssh-ed25519 AAAA\n10.71.0.11 ssh-ed25519 AAAA\n10.71.1.11 ssh-ed25519 AAAA\n',
    );
    expect(knownHosts({ ...cluster, ssh: { ...cluster.ssh, port: 2222 } }, keys)).toContain(
      '[10.71.0.11]:2222 ssh-ed25519 AAAA\n',
    );
  });
});

describe('reaching twins', () => {
  it('uses the lab key and known_hosts, never a jump host or the file of the user', () => {
    const real = {
      ...cluster,
      ssh: { ...cluster.ssh, jump: 'bastion', configFile: '/home/me/config', identityFile: '/home/me/key' },
    };
    const { knownHosts: file, ssh } = sshConfigForLab(real, '/state/lab');
    expect(ssh).toEqual({ user: 'operator', port: 22, sudo: true, identityFile: '/state/lab/twins/id_ed25519' });
    expect(file).toBe('/state/lab/twins/known_hosts');
    expect(sshCommand(real, '/state/lab', 'ctl2').at(-1)).toBe('operator@10.71.0.12');
  });

  it('enters a twin with the capabilities of its init only', () => {
    const [bounding, inheritable] = capabilityParameters('Name:\tsystemd\nCapBnd:\t0000000000000205\n');
    expect(bounding).toBe('--bounding-set=-all,+cap_0,+cap_2,+cap_9');
    expect(inheritable).toBe('--inh-caps=-all');
    // Nothing is better than everything, should the kernel write it in another way.
    expect(capabilityParameters('')[0]).toBe('--bounding-set=-all');
  });

  it('enters a twin within its limits, on both layouts of cgroups', () => {
    const hybrid = '9:name=systemd:/\n4:memory:/hastack-1/ctl1\n0::/hastack-1/ctl1/container/payload/init.scope\n';
    expect(twinGroupFiles(hybrid, { kind: 'hybrid', unified: '/u', memory: '/m' })).toEqual([
      '/u/hastack-1/ctl1/launcher/cgroup.procs',
      '/m/hastack-1/ctl1/cgroup.procs',
    ]);
    const alone = '0::/hastack-1/ctl1/container/payload/init.scope\n';
    expect(twinGroupFiles(alone, { kind: 'v2', unified: '/u', memory: undefined })).toEqual([
      '/u/hastack-1/ctl1/launcher/cgroup.procs',
    ]);
  });
});

describe('images and packages', () => {
  it('take the default mirror of Debian unless the spec names one', () => {
    const request = { target: '/t', keyring: undefined };
    expect(mmdebstrapParameters({ ...request, apt: {} }).slice(-2)).toEqual(['trixie', '/t']);
    const own = mmdebstrapParameters({
      ...request,
      apt: { mirror: 'http://mirror.example.org/debian' },
      keyring: '/k.asc',
    });
    expect(own.slice(-3)[0]).toBe('deb [signed-by=/k.asc] http://mirror.example.org/debian trixie main');
    expect(own.at(-1)).toContain('debian-security trixie-security main');
  });

  it('tell how far apt is', () => {
    expect(buildProgress('Reading package lists...')).toBeUndefined();
    const log =
      '0 upgraded, 12 newly installed, 0 to remove\nGet:1 http://x\nUnpacking a (1) ...\nUnpacking b (1) ...\nSetting up a (1) ...\n';
    expect(buildProgress(log)).toBe('unpacked 2, set up 1 of 12 packages');
  });

  it('are fetched through the address of the operator', () => {
    expect(packageProxyUrl(cluster)).toBe('http://10.71.0.254:3142');
    expect(cacheConfiguration('/cache', 'http://proxy.example.org:3128')).toContain(
      'Proxy: http://proxy.example.org:3128\n',
    );
    expect(cacheConfiguration('/cache', undefined)).not.toContain('Proxy:');
  });
});
