// Where a program that reads a format is at hand on any machine, it is asked: the shell for environment files.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { flatTreeOf } from './document.ts';
import { parseEnvFile } from './env-file-read.ts';
import { writeEnvFile } from './env-file-write.ts';

const SPECIAL = Array.from(' \t"\'\\$`#;!\n*~ab=&|<>(){}[]é');

it('a shell reads from an environment file the values that were written', () => {
  const values = fc.sample(fc.string({ unit: fc.constantFrom(...SPECIAL), maxLength: 12 }), 200);
  const table = Object.fromEntries(values.map((value, index) => [`V${index}`, value]));
  const directory = mkdtempSync(path.join(tmpdir(), 'env-file-'));
  try {
    const file = path.join(directory, 'env');
    writeFileSync(file, writeEnvFile({ '': table }, { exported: true }));
    const seen = execFileSync('/bin/sh', ['-c', '. "$1"; env -0', 'sh', file], { env: {}, encoding: 'utf8' });
    const read = new Map(
      seen.split('\0').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
    for (const [name, value] of Object.entries(table)) expect(read.get(name)).toBe(value);
    // And the reader agrees with the shell.
    const parsed = parseEnvFile(writeEnvFile({ '': table }, { exported: true }), file);
    expect(flatTreeOf(parsed.document)).toEqual({ '': table });
    expect(parsed.document.exported.size).toBe(200);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
