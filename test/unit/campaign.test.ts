// The campaign runner, with a program that answers like `hastack drill --json`.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = resolve(import.meta.dirname, '../../scripts/campaign.mjs');
const root = mkdtempSync(join(tmpdir(), 'hastack-campaign-'));
const program = join(root, 'hastack');
const file = join(root, 'campaigns/vip.jsonl');

afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => rmSync(join(root, 'campaigns'), { recursive: true, force: true }));

/** The n-th call answers with the n-th of `answers`; a number is the measured time of a passed drill. */
function answer(answers: readonly (number | string)[]): void {
  const documents = answers.map((each) =>
    typeof each === 'string' ? each : drill({ verdict: 'pass', reason: '', seconds: each }),
  );
  writeFileSync(join(root, 'answers.json'), JSON.stringify(documents));
  const source = `#!${process.execPath}
    const fs = require('node:fs'); const list = JSON.parse(fs.readFileSync('answers.json', 'utf8'));
    console.log(list.shift()); fs.writeFileSync('answers.json', JSON.stringify(list));`;
  writeFileSync(program, source, { mode: 0o755 });
}

function drill({ verdict, reason, seconds }: { verdict: string; reason: string; seconds: number }): string {
  const probes = [{ name: 'http-get', measuredSeconds: seconds, lostWrites: 0 }];
  return JSON.stringify({
    runId: 'r',
    drills: [
      {
        verdict,
        reason,
        probes,
        fault: { target: 'host/ctl1' },
        attempts: [{ measured: { 'http-get': seconds } }],
        healSeconds: 1,
      },
    ],
  });
}

function campaign(...args: readonly string[]) {
  return new Promise<{ code: number; out: string }>((done) => {
    const options = { cwd: root, env: { ...process.env, HASTACK: program } };
    const child = execFile(process.execPath, [SCRIPT, 'vip', ...args], options, (_error, stdout, stderr) =>
      done({ code: child.exitCode ?? -1, out: stdout + stderr }),
    );
  });
}

describe('campaign', () => {
  it('reports n, median and worst, and makes up for discarded runs with their reason', async () => {
    answer([0.5, drill({ verdict: 'inconclusive', reason: 'control gap', seconds: 9 }), 'garbage', 0.7, 0.9]);
    const { code, out } = await campaign('--runs', '3');
    expect(out).toContain('http-get: n 3, median 0.700 s, worst 0.900 s');
    expect(out).toContain('discarded run 2: inconclusive: control gap');
    expect(out).toContain('discarded run 3: no result');
    expect(code).toBe(0);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(5);
  });

  it('goes on after a kill, without the line that was cut short', async () => {
    answer([0.5, 0.6]);
    await campaign('--runs', '2');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.slice(0, -20));
    answer([0.8]);
    expect((await campaign('--runs', '2')).code).toBe(2);
    const { code, out } = await campaign('--runs', '2', '--resume');
    expect(out).toContain('n 2, median 0.650 s, worst 0.800 s');
    expect(code).toBe(0);
  });

  it('fails when a run fails, and gives up when nothing can be measured', async () => {
    answer([drill({ verdict: 'fail', reason: 'slow', seconds: 3 })]);
    expect((await campaign('--runs', '1')).code).toBe(1);
    rmSync(file);
    answer(['x', 'x', 'x']);
    const { code, out } = await campaign('--runs', '1');
    expect(code).toBe(1);
    expect(out).toContain('0 runs, 3 discarded');
  });
});
