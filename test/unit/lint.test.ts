// The lint can see: for each rule of the house a violation is planted in a copy of the configuration, and the
// lint must name that rule, in that file. The same text without the violation must pass, so that a rule which
// complains about everything does not count as proof.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../..');

interface Planted {
  readonly rule: string;
  readonly file: string;
  readonly bad: string;
  readonly good: string;
}

const lines = (count: number, line: string) => `${Array.from({ length: count }, () => line).join('\n')}\n`;

const PLANTED: readonly Planted[] = [
  planted('house(rooms)', 'engine/up.ts', {
    bad: "import { x } from '../flows/apply.ts';\nexport const y = x;",
    good: "import { x } from '../model/thing.ts';\nexport const y = x;",
  }),
  planted('house(rooms)', 'spec/sideways.ts', {
    bad: "import type { X } from '../remote/thing.ts';\nexport const y: X = 1;",
    good: "import type { X } from './thing.ts';\nexport const y: X = 1;",
  }),
  planted('house(rooms)', 'drills/faults/deep.ts', {
    bad: "export const load = async () => import('../../operations/thing.ts');",
    good: "export const load = async () => import('../../components/thing.ts');",
  }),
  planted('house(rooms)', 'render/wide.ts', {
    bad: "import { x } from '../engine/thing.ts';\nexport const y = x;",
    good: "import { x } from '../model/thing.ts';\nexport const y = x;",
  }),
  planted('house(rooms)', 'lab/outside.ts', {
    bad: "import { x } from '../../scripts/thing.ts';\nexport const y = x;",
    good: "import { x } from '../model/thing.ts';\nexport const y = x;",
  }),
  planted('house(rooms)', 'newroom/thing.ts', {
    bad: "import { x } from '../model/thing.ts';\nexport const y = x;",
    good: 'export const y = 1;',
  }),
  planted('house(io)', 'components/reads.ts', {
    bad: "import { readFileSync } from 'node:fs';\nexport const y = readFileSync;",
    good: "import { join } from 'node:path';\nexport const y = join;",
  }),
  planted('house(io)', 'flows/spawns.ts', {
    bad: "import { spawn } from 'node:child_process';\nexport const y = spawn;",
    good: "import { createHash } from 'node:crypto';\nexport const y = createHash;",
  }),
  planted('house(io)', 'remote/client.ts', {
    bad: "import { request } from 'undici';\nexport const y = request;",
    good: "import { spawn } from 'node:child_process';\nexport const y = spawn;",
  }),
  planted('house(ambient)', 'engine/clock.ts', {
    bad: 'export const y = (): number => Date.now();',
    good: 'export const y = (clock: { now(): number }): number => clock.now();',
  }),
  planted('house(ambient)', 'lib/dice.ts', {
    bad: 'export const y = Math.random();',
    good: 'export const y = Math.max(1, 2);',
  }),
  planted('house(ambient)', 'store/waits.ts', {
    bad: 'export const y = (f: () => void): unknown => setTimeout(f, 5);',
    good: 'export const y = (f: () => void): void => f();',
  }),
  planted('house(ambient)', 'phases/environment.ts', {
    bad: "export const y = process.env['HOME'];",
    good: "export const y = (env: { HOME?: string }): unknown => env['HOME'];",
  }),
  planted('eslint(max-lines)', 'model/long.ts', {
    bad: `export const y = 1;\n${lines(400, '// text')}`,
    good: `export const y = 1;\n${lines(390, '// text')}`,
  }),
  planted('eslint(max-lines-per-function)', 'model/function.ts', {
    bad: `export function f(): number {\n  let x = 0;\n${lines(50, '  x += 1;')}  return x;\n}`,
    good: `export function f(): number {\n  let x = 0;\n${lines(40, '  x += 1;')}  return x;\n}`,
  }),
  planted('eslint(max-params)', 'model/parameters.ts', {
    bad: 'export const f = (a: number, b: number, c: number, d: number): number => a + b + c + d;',
    good: 'export const f = (a: number, b: number, c: number): number => a + b + c;',
  }),
  planted('import(no-default-export)', 'engine/default.ts', {
    bad: 'export default 1;',
    good: 'export const one = 1;',
  }),
  planted('import(no-cycle)', 'model/cycle.ts', {
    bad: "import { x } from './cycle-other.ts';\nexport const own = 1;\nexport const y = x;",
    good: "import { x } from './thing.ts';\nexport const own = 1;\nexport const y = x;",
  }),
  planted('oxc(no-barrel-file)', 'model/barrel.ts', {
    bad: "export * from './thing.ts';",
    good: 'export const y = 1;',
  }),
  planted('unicorn(filename-case)', 'model/camelCase.ts', { bad: 'export const y = 1;', good: '' }),
  planted('eslint(no-console)', 'flows/prints.ts', {
    bad: "export const f = (): void => console.log('x');",
    good: 'export const f = (print: (text: string) => void): void => print("x");',
  }),
  planted('typescript(no-explicit-any)', 'model/any.ts', {
    bad: 'export const y: any = 1;',
    good: 'export const y: unknown = 1;',
  }),
  planted('typescript(no-non-null-assertion)', 'model/bang.ts', {
    bad: 'export const f = (a?: string): string => a!;',
    good: "export const f = (a?: string): string => a ?? '';",
  }),
  planted('typescript(no-floating-promises)', 'model/floating.ts', {
    bad: 'export function f(g: () => Promise<void>): void {\n  g();\n}',
    good: 'export async function f(g: () => Promise<void>): Promise<void> {\n  await g();\n}',
  }),
  planted('typescript(no-misused-promises)', 'model/misused.ts', {
    bad: 'export const f = (g: () => Promise<boolean>): number => (g() ? 1 : 2);',
    good: 'export const f = async (g: () => Promise<boolean>): Promise<number> => ((await g()) ? 1 : 2);',
  }),
  planted('typescript(switch-exhaustiveness-check)', 'model/switch.ts', {
    bad: "export function f(k: 'a' | 'b'): number {\n  switch (k) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}",
    good: "export function f(k: 'a' | 'b'): number {\n  switch (k) {\n    case 'a':\n      return 1;\n    case 'b':\n      return 2;\n  }\n}",
  }),
];

function planted(rule: string, file: string, texts: { readonly bad: string; readonly good: string }): Planted {
  return { rule, file, ...texts };
}

interface Report {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
}

let bad: Report;
let good: Report;
const roots: string[] = [];

beforeAll(async () => {
  [bad, good] = [await lintTree('bad'), await lintTree('good')];
});

afterAll(async () => {
  await Promise.all(roots.map((root) => rm(root, { recursive: true, force: true })));
});

describe.each(PLANTED)('$rule in $file', ({ rule, file }) => {
  it('is seen where it is broken', () => {
    expect(codesIn(bad, file)).toContain(rule);
  });

  it('is not seen where it is kept', () => {
    expect(codesIn(good, file)).not.toContain(rule);
  });
});

function codesIn(report: Report, file: string): readonly string[] {
  return report.diagnostics.filter((each) => each.filename.endsWith(`src/${file}`)).map((each) => each.code);
}

/** Writes a small tree with the rules of this repository and lints it as `npm run lint` does. */
async function lintTree(which: 'bad' | 'good'): Promise<Report> {
  const root = await mkdtemp(join(tmpdir(), 'hastack-lint-'));
  roots.push(root);
  await cp(join(REPOSITORY, '.oxlintrc.json'), join(root, '.oxlintrc.json'));
  await cp(join(REPOSITORY, 'tsconfig.json'), join(root, 'tsconfig.json'));
  await cp(join(REPOSITORY, 'scripts/lint'), join(root, 'scripts/lint'), { recursive: true });
  await symlink(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(root, 'src', file)), { recursive: true });
    await writeFile(join(root, 'src', file), text);
  };
  for (const room of ['model', 'spec', 'remote', 'engine', 'components', 'operations', 'flows']) {
    await write(`${room}/thing.ts`, 'export const x = 1;\nexport type X = number;\n');
  }
  await write('flows/apply.ts', 'export const x = 1;\n');
  await write('model/cycle-other.ts', "import { own } from './cycle.ts';\nexport const x = own;\n");
  for (const each of PLANTED) if (each[which] !== '') await write(each.file, `${each[which]}\n`);
  return lint(root);
}

function lint(root: string): Promise<Report> {
  const oxlint = join(REPOSITORY, 'node_modules/.bin/oxlint');
  return new Promise((done, failed) => {
    execFile(
      oxlint,
      ['--type-aware', '-f', 'json', 'src'],
      { cwd: root, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        // It exits 1 when it found something, which it must.
        if (stdout.startsWith('{')) done(JSON.parse(stdout) as Report);
        else failed(new Error(stderr || stdout, { cause: error }));
      },
    );
  });
}
