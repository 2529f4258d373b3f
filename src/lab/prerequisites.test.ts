import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { LAB_PACKAGES } from './prerequisites.ts';

describe('the packages that the lab needs', () => {
  it('are all installed by the set-up script', async () => {
    const script = await readFile(new URL('../../scripts/setup.sh', import.meta.url), 'utf8');
    const installed = new Set([...script.matchAll(/^need (\S+) /gm)].map((match) => match[1]));
    expect(Object.values(LAB_PACKAGES).filter((name) => !installed.has(name))).toEqual([]);
  });
});
