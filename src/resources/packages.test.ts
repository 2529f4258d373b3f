import { describe, expect, it } from 'vitest';
import { packages, packagesKind } from './packages.ts';
import type { PackagesState } from './packages.ts';

const desired = packages({ names: ['haproxy', 'curl', 'curl'], maskUnits: ['haproxy'] }).desired;

describe('facts to changes', () => {
  const cases: readonly [string, PackagesState['status'], boolean, string | undefined][] = [
    ['all installed', { curl: 'ii', haproxy: 'ii' }, false, undefined],
    ['one on hold', { curl: 'ii', haproxy: 'hi' }, false, undefined],
    ['none known', {}, false, 'create: not installed: curl, haproxy'],
    ['one removed, its configuration kept', { curl: 'ii', haproxy: 'rc' }, false, 'create: not installed: haproxy'],
    ['one known, not installed', { curl: 'ii', haproxy: 'un' }, false, 'create: not installed: haproxy'],
    ['one unpacked only', { curl: 'ii', haproxy: 'iU' }, false, 'update: not configured: haproxy'],
    ['one half configured', { curl: 'ii', haproxy: 'iF' }, false, 'update: not configured: haproxy'],
    ['dpkg was killed', { curl: 'ii', haproxy: 'ii' }, true, 'update: dpkg was interrupted'],
  ];
  it.each(cases)('%s', (_title, status, interrupted, expected) => {
    const difference = packagesKind.diff(desired, { known: true, state: { status, interrupted } });
    expect(difference && `${difference.action}: ${difference.reason}`).toBe(expected);
  });

  it('reads the packages of several resources with one dpkg-query', () => {
    const text = packagesKind.read([desired, packages({ names: ['nova-api'], name: 'late' }).desired]).text;
    expect(text.match(/dpkg-query -W/g)).toHaveLength(1);
    expect(text).toContain('-- curl haproxy nova-api ');
  });

  it('takes the installed one of two architectures', () => {
    const [reading] = packagesKind.parse('libc6 ii \nlibc6 un \ncurl rc \n#interrupted\nend\n', [desired]);
    expect(reading).toEqual({ known: true, state: { status: { libc6: 'ii', curl: 'rc' }, interrupted: true } });
  });

  it('is unknown where there is no dpkg, and refuses what is no package name', () => {
    expect(packagesKind.parse('', [desired])[0]).toMatchObject({ known: false });
    expect(() => packages({ names: ['-oDpkg::x'] })).toThrow('not a package name');
  });
});
