// Kernel settings, host name, guarded commands and the firewall table on a booted Debian without network.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostname, hostnameKind } from '../../src/resources/hostname.ts';
import { nftTable, nftablesKind } from '../../src/resources/nftables.ts';
import { runKind, runOnce } from '../../src/resources/run.ts';
import { sysctlKind, sysctlValue } from '../../src/resources/sysctl.ts';
import { bootHost, whyNoHost } from '../support/nspawn-host.ts';
import type { NspawnHost } from '../support/nspawn-host.ts';
import { host, runShell } from '../support/run-shell.ts';

describe.skipIf(whyNoHost() !== undefined)('on a booted host', () => {
  let machine: NspawnHost | undefined;
  const shell = (): readonly string[] => machine?.command ?? ['false'];
  const run = (script: string) => runShell(script, shell());

  beforeAll(async () => {
    machine = await bootHost();
  });
  afterAll(() => machine?.stop());

  it('sets kernel settings it can write, and says which it cannot', () => {
    const sysctls = () => host(sysctlKind, shell());
    const wanted = [
      sysctlValue('net.ipv4.ip_nonlocal_bind', '1'),
      sysctlValue('net.ipv4.ip_local_port_range', '20000 60999'),
      sysctlValue('vm.swappiness', '1'),
      sysctlValue('net.bridge.no-such-key', '1'),
    ];
    const applicable = () =>
      sysctls()
        .read(wanted)
        .map((reading, index) => sysctlKind.notApplicable?.(wanted[index]?.desired ?? { key: '', value: '' }, reading));
    expect(applicable()).toEqual([
      undefined,
      undefined,
      expect.stringMatching(/^vm.swappiness is read-only here \(\d+\)$/),
      'this host has no net.bridge.no-such-key',
    ]);
    expect(sysctls().plan(wanted)).toEqual([
      { action: 'update', reason: '0 → 1' },
      { action: 'update', reason: '32768 60999 → 20000 60999' },
      undefined,
      undefined,
    ]);
    expect(sysctls().apply(wanted)).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(sysctls().plan(wanted)).toEqual([undefined, undefined, undefined, undefined]);
    expect(run('cat /proc/sys/net/ipv4/ip_local_port_range').stdout).toBe('20000\t60999\n');
    const [refused] = sysctls().apply([sysctlValue('net.ipv4.ip_local_port_range', '9 1')]);
    expect(refused?.code).toBe(1);
    expect(refused?.stderr).toContain('the kernel refuses net.ipv4.ip_local_port_range = 9 1');
  });

  it('names the host, now and at boot', () => {
    const names = () => host(hostnameKind, shell());
    expect(names().plan([hostname('ctl1')])[0]?.reason).toMatch(/ → ctl1$/);
    expect(names().apply([hostname('ctl1')])).toMatchObject([{ code: 0, stderr: '' }]);
    expect(run('hostname; cat /etc/hostname').stdout).toBe('ctl1\nctl1\n');
    expect(names().plan([hostname('ctl1')])).toEqual([undefined]);
    run('hostname other');
    expect(names().plan([hostname('ctl1')])).toEqual([{ action: 'update', reason: 'other → ctl1' }]);
  });

  it('runs a command once per stamp, and again after a failure', () => {
    const runs = () => host(runKind, shell());
    const wanted = (stamp: string, script = 'echo done >>/tmp/ran; cat') => [runOnce({ name: 'test', stamp, script })];
    expect(runs().plan(wanted('a'))).toEqual([{ action: 'run', reason: 'not run yet' }]);
    expect(runs().apply(wanted('a', 'false; echo not here >>/tmp/ran'))).toMatchObject([{ code: 1 }]);
    expect(runs().apply(wanted('a'))).toMatchObject([{ code: 0, stdout: '' }]);
    expect(runs().apply(wanted('a'))).toEqual([]);
    expect(runs().plan(wanted("it's b"))).toEqual([{ action: 'run', reason: 'what it depends on changed' }]);
    expect(runs().apply(wanted("it's b"))).toMatchObject([{ code: 0 }]);
    expect(runs().plan(wanted("it's b"))).toEqual([undefined]);
    expect(run('cat /tmp/ran').stdout).toBe('done\ndone\n');
  });

  it('asks the check of a command, alone and with a stamp', () => {
    const runs = () => host(runKind, shell());
    const wanted = [
      runOnce({ name: 'check', unless: 'test -e /tmp/there; exit $?', script: 'touch /tmp/there' }),
      runOnce({ name: 'both', stamp: '1', unless: 'test -e /tmp/there', script: 'touch /tmp/there' }),
    ];
    const needed = { action: 'run', reason: 'its check says it is needed' };
    expect(runs().plan(wanted)).toEqual([needed, needed]);
    runs().apply(wanted);
    expect(runs().plan(wanted)).toEqual([undefined, undefined]);
    run('rm /tmp/there');
    expect(runs().plan(wanted)).toEqual([needed, needed]);
  });

  describe('the firewall table', () => {
    const tables = () => host(nftablesKind, shell());
    const table = (port: number, rollbackSeconds = 60) =>
      nftTable({
        family: 'inet',
        name: 'hastack',
        ruleset: `set members { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2 } }\nchain input {\n type filter hook input priority filter; policy accept;\n ip saddr @members tcp dport ${port} counter accept\n}\n`,
        rollbackSeconds,
      });
    const confirm = (port: number) => run(`set -e\n${nftablesKind.confirm?.(table(port).desired).text}`);
    const loaded = () => /dport (\d+)/.exec(run('nft list table inet hastack').stdout)?.[1];

    it('is loaded, waits for its confirmation, and is stable then', () => {
      run("nft 'add table ip other'");
      expect(tables().plan([table(1)])).toEqual([{ action: 'create', reason: 'not loaded' }]);
      expect(tables().apply([table(1)])).toMatchObject([{ code: 0, stderr: '' }]);
      expect(tables().plan([table(1)])).toEqual([{ action: 'update', reason: 'loaded, but not confirmed' }]);
      expect(run('systemctl list-timers --all').stdout).toContain('hastack-nft-rollback-inet-hastack.timer');
      expect(confirm(1)).toMatchObject({ code: 0, stderr: '' });
      expect(run('systemctl list-timers --all').stdout).not.toContain('hastack-nft');
      expect(tables().plan([table(1)])).toEqual([undefined]);
      expect(run('ping -c 1 127.0.0.1 >/dev/null; nft list tables').stdout).toEqual(
        expect.stringMatching(/^table ip other$/m),
      );
      expect(tables().plan([table(1)])).toEqual([undefined]);
    });

    it('sees rules that were changed by hand, and a flush', () => {
      run("nft 'add rule inet hastack input tcp dport 99 drop'");
      expect(tables().plan([table(1)])).toEqual([{ action: 'update', reason: 'rules were changed by hand' }]);
      tables().apply([table(1)]);
      confirm(1);
      expect(tables().plan([table(1)])).toEqual([undefined]);
      run('nft delete table inet hastack');
      expect(tables().plan([table(1)])).toEqual([{ action: 'create', reason: 'not loaded' }]);
      tables().apply([table(1)]);
      confirm(1);
      run('nft flush ruleset; nft -f /etc/hastack/nftables/inet-hastack.nft');
      expect(tables().plan([table(1)])).toEqual([undefined]);
    });

    it('comes back as it was when nobody confirms, also after a second unconfirmed load', () => {
      tables().apply([table(2)]);
      expect(loaded()).toBe('2');
      tables().apply([table(3, 1)]);
      expect(loaded()).toBe('3');
      expect(
        run(
          'for i in $(seq 100); do nft list table inet hastack | grep -q "dport 1 " && [ ! -e /var/lib/hastack/nftables/inet-hastack.previous ] && exit 0; sleep 0.1; done; exit 1',
        ).code,
      ).toBe(0);
      expect(run('grep dport /etc/hastack/nftables/inet-hastack.nft').stdout).toContain('dport 1 ');
      expect(confirm(3)).toMatchObject({ code: 1, stderr: expect.stringContaining('was rolled back') });
      expect(tables().plan([table(3)])).toEqual([{ action: 'update', reason: 'ruleset differs' }]);
    });

    it('keeps the old table when nft refuses the new one', () => {
      const wrong = nftTable({ family: 'inet', name: 'hastack', ruleset: 'chain input { nonsense }' });
      const [result] = tables().apply([wrong]);
      expect(result?.code).toBe(1);
      expect(result?.stderr).toContain('nft refuses the ruleset, the old one stays');
      expect(loaded()).toBe('1');
    });

    it('is not applicable where nftables does not work', () => {
      const limited = host(nftablesKind, [
        ...shell().slice(0, -1),
        'setpriv',
        '--bounding-set',
        '-net_admin',
        '--inh-caps',
        '-net_admin',
        'sh',
      ]);
      const [reading] = limited.read([table(1)]);
      expect(reading && nftablesKind.notApplicable?.(table(1).desired, reading)).toMatch(
        /^nftables does not work on this host: .*not permitted/,
      );
      expect(limited.plan([table(1)])).toEqual([undefined]);
    });
  });
});
