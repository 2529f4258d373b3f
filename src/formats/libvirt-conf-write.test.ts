import { describe, expect, it } from 'vitest';
import { writeLibvirtConf } from './libvirt-conf-write.ts';

describe('files of libvirt', () => {
  it('quote texts only', () => {
    const tree = {
      '': { user: 'root', dynamic_ownership: 0, migrate_tls_force: true, namespaces: [], hosts: ['CN=a', 'CN=b'] },
    };
    expect(writeLibvirtConf(tree)).toBe(
      'user = "root"\ndynamic_ownership = 0\nmigrate_tls_force = 1\nnamespaces = []\nhosts = [ "CN=a", "CN=b" ]\n',
    );
  });

  it.each([
    ['a quote', { '': { user: 'ro"ot' } }],
    ['a line break', { '': { user: 'root\nlisten_tcp = 1' } }],
    ['a name that is none', { '': { 'us er': 'root' } }],
    ['a section', { qemu: { user: 'root' } }],
  ])('refuse %s', (_title, tree) => {
    expect(() => writeLibvirtConf(tree)).toThrow('a configuration file of libvirt');
  });
});
