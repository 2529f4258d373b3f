// The scripts really run; ip, nft, ss and systemd are played. What matters most: ssh is never cut.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Cluster } from '../../model/cluster.ts';
import { shellHosts } from '../testing/shell-hosts.ts';
import { cutNic, deafenTo, internalNetwork, isolateHost, losePackets, partitionFrom } from './network-faults.ts';

let calls: string[];
beforeEach(() => {
  calls = [];
});

const cluster = {
  ssh: { port: 22 },
  uses: { internal: 'data' },
  hosts: ['ctl1', 'ctl2', 'ctl3'].map((name, index) => ({
    name,
    addresses: { management: `10.10.1.1${index + 1}`, data: `10.10.10.1${index + 1}` },
    interfaces: { management: 'eno1', data: 'hastack-no-such' },
    sshAddress: `10.10.1.1${index + 1}`,
  })),
} as unknown as Cluster;

const FAKES = `
systemctl() { log "systemctl $*"; }
ss() { echo '0 0 10.10.1.11:22 10.10.1.254:5000'; }
ip() {
  log "ip $*"
  case "$*" in
    *'link show dev hastack-no-such up'*) [ -z "$STILL_UP" ] || echo '6: hastack-no-such: <UP>' ;;
    *'addr show dev hastack-no-such to'*) [ -z "$CARRIES_SSH" ] || echo '6: hastack-no-such inet 10.10.1.11/24' ;;
    *'route show'*) echo '10.10.10.0/24 proto kernel scope link'; echo '10.20.0.0/16 via 10.10.10.1' ;;
  esac
}
nft() { log "nft $*"; [ "$1" != -f ] || sed 's/^/CALL | /' >&3; }
`;

const place = (prelude = '') => ({ hosts: shellHosts(prelude + FAKES, calls), host: 'ctl1', cluster });
const loaded = (): string =>
  calls
    .filter((call) => call.startsWith('| '))
    .map((call) => call.slice(2))
    .join('\n');

describe('cutNic', () => {
  it('arms a timer, takes the interface down, and brings it and its routes back', async () => {
    const fault = cutNic(place(), internalNetwork(cluster));
    await fault.guard(60);
    await fault.inject();
    await fault.heal();
    const at = (text: string): number => calls.findIndex((call) => call.startsWith(text));
    expect(calls[at('systemd-run')]).toContain('ip link set dev hastack-no-such up');
    expect(at('systemd-run')).toBeLessThan(at('ip link set dev hastack-no-such down'));
    expect(at('ip link set dev hastack-no-such down')).toBeLessThan(at('ip link set dev hastack-no-such up'));
    expect(calls).toContain('ip -4 route replace 10.20.0.0/16 via 10.10.10.1 dev hastack-no-such');
    expect(calls.some((call) => call.includes('route replace 10.10.10.0/24'))).toBe(false);
    expect(calls.at(-1)).toContain('reset-failed');
    expect(await fault.restored()).toBe(false);
  });

  it('refuses the network that ssh uses, by the spec', () => {
    expect(() => cutNic(place(), 'management')).toThrow(/never cut/);
  });

  it('refuses, and arms nothing, when a connection of ssh goes through it after all', async () => {
    await expect(cutNic(place('CARRIES_SSH=1\n'), 'data').guard(60)).rejects.toThrow(/an ssh connection goes through/);
    expect(calls.some((call) => call.startsWith('systemd-run'))).toBe(false);
  });

  it('says so when the interface stays up', async () => {
    await expect(cutNic(place('STILL_UP=1\n'), 'data').inject()).rejects.toThrow(/still up/);
  });

  it('refuses a network that the host is not on', () => {
    expect(() => cutNic(place(), 'tunnel')).toThrow(/no interface on the network tunnel/);
  });
});

describe('tables', () => {
  it('isolates a host from everything but ssh and itself', async () => {
    const fault = isolateHost(place());
    await fault.guard(60);
    await fault.inject();
    expect(loaded()).toBe(`table inet hastack_drill {
chain input {
type filter hook input priority -350;
iifname "lo" accept
tcp dport 22 accept
drop
}
chain output {
type filter hook output priority -350;
oifname "lo" accept
tcp sport 22 accept
drop
}
}`);
    expect(calls.find((call) => call.startsWith('systemd-run'))).toContain('nft delete table inet hastack_drill');
    await fault.heal();
    expect(calls).toContain('nft delete table inet hastack_drill');
  });

  it('heals without an error when nothing was injected', async () => {
    await isolateHost(place('nft() { return 1; }\n')).heal();
  });

  it('parts a host from its peers in both directions', async () => {
    await partitionFrom(place(), ['ctl2', 'ctl3']).inject();
    const peers = '{ 10.10.1.12, 10.10.10.12, 10.10.1.13, 10.10.10.13 }';
    expect(loaded()).toContain(`ip saddr ${peers} drop`);
    expect(loaded()).toContain(`ip daddr ${peers} drop`);
  });

  it('makes a host deaf without making it dumb', async () => {
    const fault = deafenTo(place(), ['ctl2']);
    await fault.inject();
    expect(fault.kind).toBe('partition-one-way');
    expect(loaded()).toContain('ip saddr { 10.10.1.12, 10.10.10.12 } drop');
    expect(loaded()).not.toContain('output');
  });

  it('loses packets on one network, and none of ssh', async () => {
    await losePackets(place(), 'data', 2).inject();
    const lines = loaded().split('\n');
    expect(lines).toContain('iifname "hastack-no-such" numgen random mod 100 < 2 drop');
    expect(lines.indexOf('tcp dport 22 accept')).toBeLessThan(lines.findIndex((line) => line.startsWith('iifname')));
  });

  it('fails when the table is not there afterwards', async () => {
    const broken = place('');
    const hosts = shellHosts(`${FAKES}\nnft() { return 1; }`, calls);
    await expect(isolateHost({ ...broken, hosts }).inject()).rejects.toMatchObject({ code: 'environment' });
  });
});
