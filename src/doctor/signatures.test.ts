// Every signature: logs that show it, near misses that do not, and that it is complete and documented.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { signaturePage, signaturesIndex } from './signature-page.ts';
import { INFRASTRUCTURE } from './testing/infrastructure.samples.ts';
import { SIGNATURES, scanText } from './testing/scan-text.ts';
import { SERVICES } from './testing/services.samples.ts';
import { STATE } from './testing/state.samples.ts';

const SAMPLES = { ...INFRASTRUCTURE, ...STATE, ...SERVICES };
const DOCS = '../../docs/reference/signatures';

function found(text: string): readonly string[] {
  const { episodes, noise } = scanText(text);
  return [...episodes.map(({ signature }) => signature.id), ...noise.keys()];
}

describe('signatures', () => {
  it('have samples, each one, and ids of their own', () => {
    expect(Object.keys(SAMPLES).toSorted()).toEqual(SIGNATURES.map(({ id }) => id).toSorted());
    expect(SIGNATURES.length).toBeGreaterThanOrEqual(60);
  });

  it.each(SIGNATURES)('$id is seen', ({ id }) => {
    for (const text of SAMPLES[id]?.bad ?? []) expect(found(text), text).toContain(id);
  });

  it.each(SIGNATURES)('$id is not seen in near misses', ({ id }) => {
    for (const text of SAMPLES[id]?.good ?? []) expect(found(text), text).not.toContain(id);
  });

  it.each(SIGNATURES)('$id gives time and place', ({ id }) => {
    for (const text of SAMPLES[id]?.bad ?? []) {
      const episode = scanText(text).episodes.find(({ signature }) => signature.id === id);
      if (episode === undefined) continue;
      expect(episode.first, text).toBeTypeOf('number');
      expect(episode.evidence[0]?.line, text).toBeGreaterThan(0);
    }
  });

  it.each(SIGNATURES)('$id names only groups that its pattern has', ({ says, pattern }) => {
    const groups = new Set([...pattern.source.matchAll(/\(\?<(\w+)>/g)].map((match) => match[1]));
    if (pattern.source === '(?!)') groups.add('seconds');
    for (const [, name] of says.matchAll(/\{(\w+)\}/g)) expect(groups).toContain(name);
  });
});

describe('pages of the signatures', () => {
  it.each(SIGNATURES)('$id', async (signature) => {
    await expect(signaturePage(signature)).toMatchFileSnapshot(`${DOCS}/${signature.id}.md`);
  });

  it('index', async () => {
    const sorted = SIGNATURES.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    await expect(signaturesIndex(sorted)).toMatchFileSnapshot(`${DOCS}/README.md`);
  });

  it('are of signatures that exist', () => {
    const pages = readdirSync(new URL(DOCS, import.meta.url)).filter((name) => name !== 'README.md');
    expect(pages.toSorted()).toEqual(SIGNATURES.map(({ id }) => `${id}.md`).toSorted());
  });

  it('point at rules that exist', () => {
    const rules = new Set(readdirSync(new URL('../../docs/reference/rules', import.meta.url)));
    for (const { audit = [] } of SIGNATURES) for (const id of audit) expect(rules).toContain(`${id}.md`);
  });
});
