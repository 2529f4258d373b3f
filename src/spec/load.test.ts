import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initText } from './init.ts';
import { loadSpec } from './load.ts';

describe('loadSpec', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hastack-spec-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('reads and checks a file', async () => {
    const file = join(folder, 'cluster.yaml');
    await writeFile(file, `\uFEFF${initText('three-controllers', {}).replaceAll('\n', '\r\n')}`);
    const loaded = await loadSpec(file);
    expect(loaded.cluster?.hosts).toHaveLength(3);
    expect(loaded.file).toBe(file);
  });

  it('says what is wrong with a file that cannot be read', async () => {
    await expect(loadSpec(join(folder, 'none.yaml'))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('does not exist'),
      hint: expect.stringContaining('hastack init'),
    });
    await expect(loadSpec(folder)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('is a directory'),
    });
    const latin = join(folder, 'latin1.yaml');
    await writeFile(latin, Buffer.from('cluster: \xe4\n', 'latin1'));
    await expect(loadSpec(latin)).rejects.toMatchObject({
      code: 'spec-invalid',
      message: expect.stringContaining('not UTF-8'),
    });
  });
});
