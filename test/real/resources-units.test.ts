// Units and packages on a booted Debian, with a small package repository made on the spot.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packages, packagesKind } from '../../src/resources/packages.ts';
import { unit, unitKind } from '../../src/resources/unit.ts';
import { bootHost, whyNoHost } from '../support/nspawn-host.ts';
import type { NspawnHost } from '../support/nspawn-host.ts';
import { host, runShell } from '../support/run-shell.ts';

/** Makes /srv/repo with packages whose maintainer scripts do what Debian's do. */
const REPOSITORY = `set -e
mkdir -p /srv/repo && cd /srv/repo
make() { # name depends unit postinst
  root=$(mktemp -d) && chmod 755 "$root" && mkdir -p "$root/DEBIAN" "$root/usr/lib/systemd/system"
  printf 'Package: %s\\nVersion: 1\\nArchitecture: all\\nMaintainer: Test <t@example.org>\\nDescription: test\\n%s' "$1" "$2" >"$root/DEBIAN/control"
  [ -z "$3" ] || printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' >"$root/usr/lib/systemd/system/$3.service"
  [ "$1" != hs-big ] || { mkdir "$root/opt"; head -c 300000 /dev/urandom >"$root/opt/hs-big"; }
  printf '#!/bin/sh\\nset -e\\n%s\\n' "$4" >"$root/DEBIAN/postinst"; chmod 755 "$root/DEBIAN/postinst"
  dpkg-deb --build "$root" . >/dev/null
}
make hs-plain '' '' ''
make hs-daemon 'Depends: hs-plain
' hs-daemon 'systemctl enable hs-daemon; invoke-rc.d hs-daemon start || deb-systemd-invoke start hs-daemon.service'
make hs-big '' '' ''
make hs-broken '' '' '[ ! -e /srv/broken ]'
make hs-needy 'Depends: no-such-package
' '' ''
for deb in *.deb; do
  dpkg-deb --field "$deb"
  printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum <"$deb" | cut -c1-64)"
done >Packages
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/srv/repo ./' >/etc/apt/sources.list.d/test.list
`;

describe.skipIf(whyNoHost() !== undefined)('on a booted host', () => {
  let machine: NspawnHost | undefined;
  const shell = (): readonly string[] => machine?.command ?? ['false'];
  const run = (script: string) => runShell(script, shell());
  const apt = () => host(packagesKind, shell());
  const units = () => host(unitKind, shell());
  const only = (...names: string[]) => [packages({ names })];

  beforeAll(async () => {
    machine = await bootHost();
    expect(run(REPOSITORY)).toMatchObject({ code: 0, stderr: '' });
  });
  afterAll(() => machine?.stop());

  it('installs held units, which do not start, not even when a package enables and starts them', () => {
    const wanted = [packages({ names: ['hs-plain', 'hs-daemon'], maskUnits: ['hs-daemon'] })];
    expect(apt().plan(wanted)).toEqual([{ action: 'create', reason: 'not installed: hs-daemon, hs-plain' }]);
    expect(apt().apply(wanted)).toMatchObject([{ code: 0, stderr: '' }]);
    expect(apt().plan(wanted)).toEqual([undefined]);
    expect(run('systemctl is-enabled hs-daemon; systemctl is-active hs-daemon').stdout).toBe('enabled\ninactive\n');
    expect(units().plan([unit('hs-daemon')])).toEqual([{ action: 'create', reason: 'held until it is configured' }]);
  });

  const configured = (hash: string, options = {}) => [
    { ...unit('hs-daemon'), desired: { ...unit('hs-daemon', options).desired, configHash: hash } },
  ];
  const invocation = () => run('systemctl show -P InvocationID hs-daemon').stdout.trim();

  it('releases, starts and stamps it, and finds nothing to do afterwards', () => {
    expect(units().apply(configured('one'))).toMatchObject([{ code: 0, stderr: '' }]);
    expect(units().plan(configured('one'))).toEqual([undefined]);
    const before = invocation();
    expect(before).not.toBe('');
    expect(units().apply(configured('one'))).toEqual([]);
    expect(invocation()).toBe(before);
    expect(run('systemctl show -P ConditionResult hs-daemon; ls /etc/systemd/system | grep hs-daemon').stdout).toBe(
      'yes\n',
    );
  });

  it('restarts when the configuration changed; a start that runs twice starts once', () => {
    const [wanted] = configured('two');
    expect(units().plan(configured('two'))).toEqual([{ action: 'restart', reason: 'restart: configuration changed' }]);
    const before = invocation();
    expect(units().apply(configured('two'))).toMatchObject([{ code: 0 }]);
    const after = invocation();
    expect(after).not.toBe(before);
    const desired = wanted?.desired ?? unit('x').desired;
    const difference = { action: 'create', reason: 'not known' } as const;
    const start = `set -e\n${unitKind.apply(desired, { known: false, reason: '' }, difference).text}`;
    expect(run(start).code).toBe(0);
    expect(invocation()).toBe(after);
    expect(units().plan(configured('two'))).toEqual([undefined]);
  });

  it.each([
    ['stopped', 'systemctl stop hs-daemon', 'inactive (dead)'],
    ['disabled', 'systemctl disable hs-daemon', 'not enabled at boot'],
    ['masked', 'systemctl mask --now hs-daemon', 'masked'],
    [
      'killed',
      'systemctl kill -s KILL hs-daemon; until systemctl is-failed -q hs-daemon; do sleep 0.1; done',
      'failed',
    ],
    [
      'given a drop-in that systemd has not read',
      'mkdir -p /etc/systemd/system/hs-daemon.service.d; printf "[Service]\\nNice=3\\n" >/etc/systemd/system/hs-daemon.service.d/n.conf',
      'its unit file changed since systemd read it',
    ],
  ])('mends a unit that somebody has %s', (_title, drift, reason) => {
    run(drift);
    expect(units().plan(configured('two'))[0]?.reason).toBe(reason);
    expect(units().apply(configured('two'))).toMatchObject([{ code: 0 }]);
    expect(units().plan(configured('two'))).toEqual([undefined]);
  });

  it('reloads where that is enough, and restarts a unit that cannot reload', () => {
    const before = invocation();
    const wanted = configured('three', { onChange: 'reload' });
    expect(units().plan(wanted)).toEqual([{ action: 'update', reason: 'reload: configuration changed' }]);
    expect(units().apply(wanted)).toMatchObject([{ code: 0 }]);
    expect(invocation()).not.toBe(before);
    run(
      'mkdir -p /etc/systemd/system/hs-daemon.service.d; printf "[Service]\\nExecReload=/bin/true\\n" >/etc/systemd/system/hs-daemon.service.d/r.conf',
    );
    const again = configured('four', { onChange: 'reload' });
    units().apply(again);
    expect(units().plan(again)).toEqual([undefined]);
    const reloadable = invocation();
    const last = configured('five', { onChange: 'reload' });
    units().apply(last);
    expect(invocation()).toBe(reloadable);
    expect(units().plan(last)).toEqual([undefined]);
  });

  it('a unit of a group is enabled, its start is left to the group', () => {
    run('systemctl disable --now hs-daemon');
    expect(units().apply(configured('six', { group: 'g' }))).toMatchObject([{ code: 0 }]);
    expect(run('systemctl is-enabled hs-daemon; systemctl is-active hs-daemon').stdout).toBe('enabled\ninactive\n');
  });

  it('stops and disables a unit that must not run', () => {
    run('systemctl enable --now hs-daemon');
    const wanted = configured('six', { enabled: false, active: false });
    expect(units().plan(wanted)).toEqual([{ action: 'update', reason: 'enabled at boot, active (running)' }]);
    units().apply(wanted);
    expect(units().plan(wanted)).toEqual([undefined]);
  });

  it('shows the journal of a unit that crashes right after its start', () => {
    run(
      `printf '[Service]\\nExecStart=/bin/sh -c "sleep 0.3; echo it is the port; exit 3"\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/hs-crash.service`,
    );
    const [result] = units().apply([unit('hs-crash')]);
    expect(result?.code).toBe(1);
    expect(result?.stderr).toContain('it is the port');
    expect(result?.stderr.trim().split('\n').at(-1)).toMatch(/^unit hs-crash is not running after start: .*failed/);
    expect(run('ls /var/lib/hastack/stamps').stdout).not.toContain('hs-crash');
  });

  it('gives up on a unit that does not come up in time', () => {
    run(`printf '[Service]\\nType=notify\\nExecStart=/bin/sleep infinity\\n' >/etc/systemd/system/hs-slow.service`);
    const [result] = units().apply([unit('hs-slow', { startTimeout: 2 })]);
    expect(result?.stderr).toContain('unit hs-slow did not start within 2 s');
    run('systemctl stop hs-slow');
  });

  it('knows several units at once, missing ones among them', () => {
    const states = units().read([unit('no-such-unit'), unit('dbus.socket'), unit('hs-crash')]);
    expect(states.map((each) => each.known && `${each.state.loadState} ${each.state.activeState}`)).toEqual([
      'not-found inactive',
      'loaded active',
      'loaded failed',
    ]);
  });

  it.each([
    ['an unknown package', 'hs-unknown', /^no package source has it: E: Unable to locate package hs-unknown/],
    ['a missing dependency', 'hs-needy', /^packages do not fit together/],
  ])('says why in one line: %s', (_title, name, expected) => {
    const [result] = apt().apply(only(name));
    expect(result?.code).toBe(100);
    expect(result?.stderr.trim().split('\n').at(-1)).toMatch(expected);
  });

  it('finishes an interrupted installation', () => {
    run('touch /srv/broken');
    const [failed] = apt().apply(only('hs-broken'));
    expect(failed?.stderr.trim().split('\n').at(-1)).toMatch(/^apt failed: dpkg: error processing package hs-broken/);
    expect(apt().plan(only('hs-broken'))).toEqual([{ action: 'update', reason: 'not configured: hs-broken' }]);
    run('rm /srv/broken');
    expect(apt().apply(only('hs-broken'))).toMatchObject([{ code: 0 }]);
    expect(apt().plan(only('hs-broken'))).toEqual([undefined]);
  });

  it('says that the source cannot be reached, and that the disk is full', () => {
    run(
      `dpkg --purge hs-daemon hs-plain; echo 'deb [trusted=yes] http://127.0.0.1:9/none ./' >/etc/apt/sources.list.d/dead.list; rm -rf /var/lib/apt/lists/*`,
    );
    const [unreachable] = apt().apply(only('hs-plain'));
    expect(unreachable?.stderr.trim().split('\n').at(-1)).toMatch(/^the package source cannot be reached: /);
    run('rm /etc/apt/sources.list.d/dead.list; mount -t tmpfs -o size=64k tmpfs /opt');
    const [full] = apt().apply(only('hs-big'));
    expect(full?.stderr.trim().split('\n').at(-1)).toMatch(/^no space left for packages \(/);
    run('umount /opt');
    expect(apt().apply(only('hs-big'))).toMatchObject([{ code: 0 }]);
    expect(apt().plan(only('hs-big'))).toEqual([undefined]);
  });
});
