import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimVerify } from './verify-owner.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'verify-owner-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('one verification per state directory', () => {
  it('names the run that died, and nobody after a release', () => {
    // No process has this id: it is above the highest that Linux gives.
    writeFileSync(join(directory, 'verify.json'), JSON.stringify({ runId: 'dead', pid: 2 ** 22 + 1 }));
    const claim = claimVerify(directory, 'next');
    expect(claim.died).toBe('dead');
    claim.release();
    expect(claimVerify(directory, 'third').died).toBeUndefined();
  });

  it('is refused while the other one lives', () => {
    writeFileSync(join(directory, 'verify.json'), JSON.stringify({ runId: 'running', pid: process.ppid }));
    expect(() => claimVerify(directory, 'next')).toThrow(`process ${process.ppid}, run running`);
  });

  it('takes a torn file for none', () => {
    writeFileSync(join(directory, 'verify.json'), '{"runId":');
    expect(claimVerify(directory, 'next').died).toBeUndefined();
  });
});
