import { describe, expect, it } from 'vitest';
import { runShell } from '../../test/support/run-shell.ts';
import type { VirtTypeState } from './virt-type.ts';
import { virtType, virtTypeKind } from './virt-type.ts';

const probed = virtType({ path: '/etc/nova/hastack-virt-type.conf' }).desired;
const chosen = virtType({ path: '/etc/nova/hastack-virt-type.conf', wanted: 'qemu' }).desired;
const WORKS = 'a guest runs under KVM';
const HANGS = 'a guest under KVM does not come up within 10 s';

describe('how instances run', () => {
  it.each<[string, typeof probed, VirtTypeState, string | undefined]>([
    ['nothing written yet', probed, { kvm: true, reason: WORKS }, `create: kvm: ${WORKS}`],
    ['as it was', probed, { configured: 'kvm', kvm: true, reason: WORKS }, undefined],
    ['KVM is gone', probed, { configured: 'kvm', kvm: false, reason: HANGS }, `update: kvm → qemu: ${HANGS}`],
    ['the spec decides', chosen, { configured: 'kvm', kvm: false, reason: '' }, 'update: kvm → qemu: the spec says so'],
  ])('%s', (_title, desired, state, expected) => {
    const difference = virtTypeKind.diff(desired, { known: true, state });
    expect(difference && `${difference.action}: ${difference.reason}`).toBe(expected);
  });

  it('stays open until QEMU is installed', () => {
    const [reading] = virtTypeKind.parse('0 configured \n0 probe open decided when QEMU is installed\nend\n', [probed]);
    expect(reading).toEqual({ known: false, reason: 'decided when QEMU is installed' });
  });

  it('is not asked of the host when the spec decides', () => {
    expect(virtTypeKind.read([chosen]).text).not.toContain('/dev/kvm');
    expect(virtTypeKind.read([probed]).text).toContain('accel=kvm');
  });

  it('reads what it wrote', () => {
    const directory = runShell('mktemp -d').stdout.trim();
    const desired = { ...chosen, path: `${directory}/sub/virt.conf` };
    const made = runShell(
      virtTypeKind.apply(desired, { known: false, reason: '' }, { action: 'create', reason: '' }).text,
    );
    const { stdout } = runShell(virtTypeKind.read([desired]).text);
    runShell(`rm -r ${directory}`);
    expect(made.code).toBe(0);
    expect(virtTypeKind.parse(stdout, [desired])).toEqual([
      { known: true, state: { configured: 'qemu', kvm: false, reason: '' } },
    ]);
  });
});
