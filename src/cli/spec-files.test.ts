// Files that a spec names: what is said when one is missing or is something else; and the hosts of --limit.
import { expect, it } from 'vitest';
import { sampleCluster } from '../../test/support/sample-cluster.ts';
import { fakeWorld } from './fake-world.ts';
import { limitOf } from './limit.ts';
import { withSpecFiles } from './spec-files.ts';

const KEY = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----';

it('puts the text of the key of a mirror into the cluster', async () => {
  const world = fakeWorld();
  world.disk.set('/site/mirror.asc', KEY);
  const { cluster } = await withSpecFiles(sampleCluster({ apt: { key: '/site/mirror.asc' } }), world);
  expect(cluster.apt.key).toBe(`${KEY}\n`);
});

it('says which file is missing, and what is no key', async () => {
  const world = fakeWorld();
  const tls = { backends: false, publicCertificate: '/site/public.crt', publicKey: '/site/public.key' };
  await expect(withSpecFiles(sampleCluster({ tls }), world)).rejects.toMatchObject({
    code: 'spec-invalid',
    at: { file: '/site/public.crt' },
    message: expect.stringContaining('tls.public.certificate') as string,
  });
  world.disk.set('/site/mirror.gpg', '\u0099\u0001');
  await expect(withSpecFiles(sampleCluster({ apt: { key: '/site/mirror.gpg' } }), world)).rejects.toMatchObject({
    message: 'this is no armored OpenPGP public key',
    hint: expect.stringContaining('--export --armor') as string,
  });
});

it('takes hosts of the spec only', () => {
  expect(limitOf(sampleCluster(), ['ctl2', 'ctl1', 'ctl2'])).toEqual({ limit: ['ctl2', 'ctl1'] });
  expect(() => limitOf(sampleCluster(), ['ctl4'])).toThrow(/ctl4, which is no host of campus/);
});
