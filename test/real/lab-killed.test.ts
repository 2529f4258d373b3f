// A lab whose `lab up` is killed with SIGKILL at moments from the first file to the last boot: the next `lab up` goes
// on, `lab down` removes everything. Needs root; the base image should be in the cache (lab.test.ts makes it).
import { spawn } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { consoleRun } from '../../src/lab/console.ts';
import { openLab } from '../../src/lab/context.ts';
import { labDown } from '../../src/lab/down.ts';
import { labUp } from '../../src/lab/up.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import { MINUTES, optionsFor, pings, scratch, traces } from './support/lab-tools.ts';

describe('a lab that is killed while it comes up', () => {
  it.each([0.15, 0.4, 0.7, 1.0, 1.5, 2.2])(
    'goes on after a kill %s s in, and goes away without a trace',
    async (seconds) => {
      const stateDir = await scratch();
      const options = optionsFor(`killed-${String(seconds).replace('.', '-')}`, 82, stateDir);
      const program = new URL('./support/lab-up.mjs', import.meta.url).pathname;
      const child = spawn(
        process.execPath,
        [program, JSON.stringify({ cluster: options.cluster, stateDir, bare: true })],
        { stdio: 'ignore' },
      );
      await systemClock.sleep(seconds * 1000);
      child.kill('SIGKILL');
      const lab = await labUp({ ...options, bare: true }).catch(async (error: unknown) => {
        await labDown(await openLab(options));
        throw error;
      });
      for (const host of ['ctl1', 'ctl2', 'ctl3'])
        expect((await consoleRun(lab, host, 'systemctl is-system-running')).stdout.trim()).toBe('running');
      expect(await pings(lab, 'ctl1', '10.82.1.13')).toBe(true);
      const { ino } = await stat(lab.names.netnsPath);
      await labDown(lab);
      expect(await traces(lab, ino)).toEqual([]);
      await rm(stateDir, { recursive: true });
    },
    3 * MINUTES,
  );

  it.each([0.3, 0.8, 1.4, 2.0])(
    'goes away without a trace after a kill %s s in',
    async (seconds) => {
      const stateDir = await scratch();
      const options = optionsFor('killed', 83, stateDir);
      const program = new URL('./support/lab-up.mjs', import.meta.url).pathname;
      const child = spawn(
        process.execPath,
        [program, JSON.stringify({ cluster: options.cluster, stateDir, bare: true })],
        { stdio: 'ignore' },
      );
      await systemClock.sleep(seconds * 1000);
      child.kill('SIGKILL');
      const lab = await openLab(options);
      const { ino } = await stat(lab.names.netnsPath).catch(() => ({ ino: -1 }));
      await labDown(lab);
      expect(await traces(lab, ino)).toEqual([]);
      await rm(stateDir, { recursive: true });
    },
    2 * MINUTES,
  );
});
