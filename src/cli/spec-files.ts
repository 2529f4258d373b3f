// Files that a spec names, read and checked before a command begins: the certificate of the public VIP and the key of
// an apt mirror. On failure HastackError with the file's name; nothing was done then.
import type { Cluster } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';
import type { RunInput } from '../phases/run.ts';
import type { World } from './world.ts';

/** The cluster with the text of the key in place of its path. */
export async function withSpecFiles(
  cluster: Cluster,
  world: Pick<World, 'files' | 'clock'>,
): Promise<Pick<RunInput, 'cluster' | 'publicCertificate'>> {
  const { apt, tls } = cluster;
  const key = apt.key === undefined ? undefined : await readAptKey(apt.key, world);
  const keyed = key === undefined ? cluster : { ...cluster, apt: { ...apt, key } };
  if (tls.publicCertificate === undefined || tls.publicKey === undefined) return { cluster: keyed };
  const [{ publicCertificate }, certificateText, keyText] = await Promise.all([
    import('../phases/public-certificate.ts'),
    readNamed(world, tls.publicCertificate, 'tls.public.certificate'),
    readNamed(world, tls.publicKey, 'tls.public.key'),
  ]);
  const pair = publicCertificate(cluster, {
    certificate: { file: tls.publicCertificate, text: certificateText },
    key: { file: tls.publicKey, text: keyText },
    now: world.clock.now(),
  });
  return { cluster: keyed, publicCertificate: pair };
}

async function readAptKey(file: string, world: Pick<World, 'files'>): Promise<string> {
  const text = await readNamed(world, file, 'apt.key');
  if (text.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----')) return `${text.trim()}\n`;
  throw new HastackError({
    code: 'spec-invalid',
    at: { file },
    message: 'this is no armored OpenPGP public key',
    hint: `apt.key wants text that begins with BEGIN PGP PUBLIC KEY BLOCK; a keyring becomes that with: gpg --no-default-keyring --keyring ./FILE --export --armor`,
  });
}

async function readNamed({ files }: Pick<World, 'files'>, file: string, option: string): Promise<string> {
  const text = await files.readIfThere(file);
  if (text !== undefined) return text;
  throw new HastackError({
    code: 'spec-invalid',
    at: { file },
    message: `there is no such file; ${option} of the spec names it`,
    hint: 'Paths in a spec are relative to it. Put the file there, or correct the path.',
  });
}
