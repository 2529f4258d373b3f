// The guest image for real: built beside the base image of this machine, twice with the same
// bytes, and booted under plain emulation with a network of its own.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLab } from '../../src/lab/context.ts';
import { guestImage } from '../../src/lab/guest-image.ts';
import { guestAccess } from '../../src/remote/guest-ssh.ts';
import { labCluster } from './support/lab-cluster.ts';
import { MINUTES, optionsFor, scratch, until } from './support/lab-tools.ts';

const QEMU = '/usr/bin/qemu-system-x86_64';
// Its own loopback address: port 22 of the others may be taken.
const ADDRESS = '127.0.85.1';
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
  'boots under emulation, takes a lease and its key from metadata, and is reached by ssh',
  async () => {
    const serial = join(directory, 'serial.log');
    const access = await guestAccess(join(directory, 'key'), 'guest test');
    const child = spawn(QEMU, qemuArguments(serial, await metadataProgram(access.publicKey)), { stdio: 'ignore' });
    try {
      await until('the guest has its key', BOOT_SECONDS, async () => {
        const said = await readFile(serial, 'utf8').catch(() => '');
        return said.includes('metadata from 169.254.169.254, 1 keys') && said.includes('guest: ssh listens');
      });
      const result = await access.run(
        { address: ADDRESS, user: 'root' },
        { text: 'hostname; cat /proc/sys/kernel/random/boot_id', timeoutSeconds: 30 },
      );
      expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(/^one\n[0-9a-f-]{36}\n$/) });
    } finally {
      child.kill('SIGKILL');
      access.close();
    }
    expect(await readFile(serial, 'utf8')).not.toContain('was not loaded');
  },
  5 * MINUTES,
);

/** Emulation's own network stands for the cloud's: DHCP, metadata at its address, port 22 of the guest on ADDRESS. */
function qemuArguments(serial: string, metadata: string): readonly string[] {
  const network = [
    'user,id=n,restrict=on,net=169.254.169.0/24,host=169.254.169.2,dhcpstart=169.254.169.15',
    `hostfwd=tcp:${ADDRESS}:22-:22,guestfwd=tcp:169.254.169.254:80-cmd:${metadata}`,
  ].join(',');
  return `-M pc -accel tcg -m 96 -display none -monitor none -snapshot -serial file:${serial} -drive file=${image},format=raw,if=virtio -netdev ${network} -device virtio-net-pci,netdev=n`.split(
    ' ',
  );
}

/** Answers every request with the metadata of an instance. */
async function metadataProgram(publicKey: string): Promise<string> {
  const body = JSON.stringify({ hostname: 'one.novalocal', public_keys: { key: `${publicKey}\n` } });
  const answer = join(directory, 'answer');
  await writeFile(answer, `HTTP/1.0 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  const program = join(directory, 'metadata');
  const script = `#!/bin/sh\nwhile read -r line; do [ "$line" = "$(printf '\\r')" ] && break; done\ncat ${answer}\n`;
  await writeFile(program, script, { mode: 0o755 });
  return program;
}

async function hash(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
