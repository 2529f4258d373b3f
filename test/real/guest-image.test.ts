// The guest image for real: built beside the base image of this machine, twice with the same
// bytes, and booted under plain emulation with a network of its own.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLab } from '../../src/lab/context.ts';
import { guestImage } from '../../src/lab/guest-image.ts';
import { labCluster } from './support/lab-cluster.ts';
import { MINUTES, optionsFor, scratch, until } from './support/lab-tools.ts';

const QEMU = '/usr/bin/qemu-system-x86_64';
const BOOT_SECONDS = 90;
let directory = '';
let image = '';
beforeAll(async () => {
  directory = await scratch();
});
afterAll(async () => rm(directory, { recursive: true, force: true }));

it(
  'is made once, and again with the same bytes',
  async () => {
    const stateDir = join(directory, 'state');
    await mkdir(stateDir);
    const lab = await openLab({ ...optionsFor('guest', 85, stateDir), cluster: labCluster('guest', 85, ['ctl1']) });
    image = await guestImage(lab);
    const first = await hash(image);
    expect(await guestImage(lab)).toBe(image);
    await rm(join(image, '..'), { recursive: true });
    expect(await guestImage(lab)).toBe(image);
    expect(await hash(image)).toBe(first);
  },
  20 * MINUTES,
);

it(
  'boots under emulation, takes a lease and listens for ssh',
  async () => {
    const serial = join(directory, 'serial.log');
    const child = spawn(
      QEMU,
      `-M pc -accel tcg -m 96 -display none -monitor none -snapshot -serial file:${serial} -drive file=${image},format=raw,if=virtio -netdev user,id=n,restrict=on -device virtio-net-pci,netdev=n`.split(
        ' ',
      ),
      { stdio: 'ignore' },
    );
    try {
      await until('the guest listens for ssh', BOOT_SECONDS, async () => {
        const said = await readFile(serial, 'utf8').catch(() => '');
        return said.includes('guest: lease 10.0.2.15') && said.includes('guest: ssh listens');
      });
    } finally {
      child.kill('SIGKILL');
    }
    expect(await readFile(serial, 'utf8')).not.toContain('was not loaded');
  },
  5 * MINUTES,
);

async function hash(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
