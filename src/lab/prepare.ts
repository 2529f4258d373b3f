// Makes the disk of a twin: a sparse ext4 file of limited size with the host's own files in it.
// Done once per twin; twin.json is written last, so that a preparation that was killed is done again from the
// start. A twin that exists is kept, unless the spec gives it other addresses now: that is refused, because its
// disk may have been configured for the old ones. Manuals: mke2fs(8), ssh-keygen(1).
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HastackError } from '../model/error.ts';
import { command } from './command.ts';
import { type Lab, type Twin, readJson, twinOf, writeWhole } from './context.ts';
import type { GoldenImage } from './golden.ts';
import { digest } from './names.ts';
import { type TwinFile, knownHosts, twinFiles } from './twin-files.ts';

/** What is remembered about a twin's disk. */
export interface TwinSettings {
  readonly layers: readonly string[];
  /** Hash of what the disk was made for: addresses, interfaces, ssh port. */
  readonly wiring: string;
  readonly hostKey: string;
}

const FILL_SCRIPT = `
mount -o loop "$1" "$2"
mkdir -p "$2/upper" "$2/work"
cp -a "$3/." "$2/upper/"
umount "$2"
`;

export async function labKey(lab: Lab): Promise<string> {
  const { identity } = lab.paths;
  await mkdir(lab.paths.root, { recursive: true, mode: 0o700 });
  if (!existsSync(identity) || !existsSync(`${identity}.pub`)) {
    await rm(identity, { force: true });
    await generateKey(identity, `lab of ${lab.cluster.name}`);
  }
  return readFile(`${identity}.pub`, 'utf8');
}

export async function prepareTwin(
  lab: Lab,
  hostName: string,
  parts: { image: GoldenImage; authorizedKey: string; diskGiB: number },
): Promise<void> {
  const twin = twinOf(lab, hostName);
  const wiring = wiringOf(lab, hostName);
  const known = await readJson<TwinSettings>(twin.paths.settings);
  if (known !== undefined) {
    checkWiring(hostName, known, wiring);
    if (known.layers.join() !== parts.image.layers.join())
      lab.progress({
        stage: 'twin',
        message: 'keeps its disk on the image it was made with; `lab down` first for the new one',
        host: hostName,
      });
    return;
  }
  lab.progress({ stage: 'twin', message: 'making its disk', host: hostName });
  await rm(twin.paths.root, { recursive: true, force: true });
  for (const directory of [twin.paths.writable, twin.paths.merged, twin.paths.files])
    await mkdir(directory, { recursive: true });
  const hostKey = await makeFiles(lab, twin, parts.authorizedKey);
  await makeDisk(twin, parts.diskGiB);
  await rm(twin.paths.files, { recursive: true });
  const settings: TwinSettings = { layers: parts.image.layers, wiring, hostKey };
  await writeWhole(twin.paths.settings, `${JSON.stringify(settings, null, 2)}\n`);
}

/** Written anew from the twins that are there. */
export async function writeKnownHosts(lab: Lab): Promise<void> {
  const keys = new Map<string, string>();
  for (const host of lab.cluster.hosts) {
    const settings = await readJson<TwinSettings>(twinOf(lab, host.name).paths.settings);
    if (settings !== undefined) keys.set(host.name, settings.hostKey);
  }
  await writeWhole(lab.paths.knownHosts, knownHosts(lab.cluster, keys), 0o644);
}

async function makeFiles(lab: Lab, twin: Twin, authorizedKey: string): Promise<string> {
  const keyFile = join(twin.paths.root, 'host-key');
  await generateKey(keyFile, twin.host.name);
  const hostKey = { secret: await readFile(keyFile, 'utf8'), public: await readFile(`${keyFile}.pub`, 'utf8') };
  await Promise.all([rm(keyFile), rm(`${keyFile}.pub`)]);
  const machineId = Buffer.from(lab.random(16)).toString('hex');
  const files = twinFiles(lab.cluster, twin.host, {
    topology: lab.topology,
    identity: { machineId, hostKey, authorizedKey },
  });
  for (const file of files) await writeTwinFile(twin.paths.files, file);
  await chmod(join(twin.paths.files, 'root'), 0o700);
  await chmod(join(twin.paths.files, 'root/.ssh'), 0o700);
  return hostKey.public;
}

async function writeTwinFile(root: string, file: TwinFile): Promise<void> {
  const path = join(root, file.path);
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await writeFile(path, file.content, { mode: file.mode });
  await chmod(path, file.mode);
}

async function makeDisk(twin: Twin, gib: number): Promise<void> {
  const { disk, files, writable } = twin.paths;
  await writeFile(disk, '', { mode: 0o600 });
  await truncate(disk, gib * 2 ** 30);
  await command(['mkfs.ext4', '-q', '-F', '-m', '0', '-E', 'lazy_itable_init=1,lazy_journal_init=1,nodiscard', disk]);
  await command([
    'unshare',
    '--mount',
    '--propagation',
    'private',
    'sh',
    '-eu',
    '-c',
    FILL_SCRIPT,
    'fill',
    disk,
    writable,
    files,
  ]);
}

async function generateKey(file: string, comment: string): Promise<void> {
  await command(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file]);
}

function wiringOf(lab: Lab, hostName: string): string {
  const nics = lab.topology.nics.filter((nic) => nic.host === hostName);
  const { sshAddress } = twinOf(lab, hostName).host;
  const wires = nics.map((nic) => [nic.interface, nic.bridge, nic.mtu, nic.addresses]);
  return digest(JSON.stringify([wires, sshAddress, lab.cluster.ssh.port, lab.cluster.ssh.user]), 16);
}

function checkWiring(host: string, known: TwinSettings, wiring: string): void {
  const missing = known.layers.find((layer) => !existsSync(layer));
  if (missing === undefined && known.wiring === wiring) return;
  throw new HastackError({
    code: 'refused',
    message:
      missing === undefined
        ? `the twin of ${host} was made for other interfaces or addresses`
        : `the image that the twin of ${host} stands on is gone: ${missing}`,
    hint: 'take the lab down and up again: `hastack lab down` removes the twins with everything on them',
    host,
  });
}
