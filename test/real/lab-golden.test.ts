// Building images for real, in a cache of its own: `lab up` is killed while Debian is installed and again while the
// packages are; nothing of it lives on, and the next one ends with a golden image on which nothing is enabled.
import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consoleRun } from '../../src/lab/console.ts';
import { openLab } from '../../src/lab/context.ts';
import { labDown } from '../../src/lab/down.ts';
import { labUp } from '../../src/lab/up.ts';
import { labCluster } from './support/lab-cluster.ts';
import { MINUTES, optionsFor, scratch, until } from './support/lab-tools.ts';

let directory = '';
beforeAll(async () => {
  directory = await scratch();
  await chmod(directory, 0o755); // apt-cacher-ng runs as a user of its own
});
afterAll(async () => rm(directory, { recursive: true, force: true }));

/** Processes that name the directory, and mounts below it in any process's view. */
async function users(path: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    const words = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    const mounts = await readFile(`/proc/${id}/mountinfo`, 'utf8').catch(() => '');
    if (words.includes(path) || mounts.includes(path)) found.push(`${id} ${words.replaceAll('\0', ' ')}`);
  }
  return found;
}

it(
  'builds the images again after a kill in either, and leaves services of packages off',
  async () => {
    const stateDir = join(directory, 'state');
    const cacheDir = join(directory, 'cache');
    await mkdir(stateDir);
    const options = {
      ...optionsFor('golden', 84, stateDir),
      cluster: labCluster('golden', 84, ['ctl1']),
      cacheDir,
      packages: ['memcached', 'haproxy'],
    };
    const killedWhen = async (seen: RegExp): Promise<void> => {
      const program = new URL('./support/lab-up.mjs', import.meta.url).pathname;
      const child = spawn(
        process.execPath,
        [program, JSON.stringify({ cluster: options.cluster, stateDir, cacheDir, packages: options.packages })],
        { stdio: 'ignore' },
      );
      try {
        await until(`the build says ${seen.source}`, 180, async () => {
          const logs = (await readdir(join(cacheDir, 'golden')).catch(() => [])).filter((name) =>
            name.endsWith('.log'),
          );
          const texts = await Promise.all(logs.map(async (name) => readFile(join(cacheDir, 'golden', name), 'utf8')));
          return texts.some((text) => seen.test(text));
        });
      } finally {
        child.kill('SIGKILL');
      }
      await until('everything of the killed build is gone', 20, async () => (await users(cacheDir)).length === 0);
    };
    await killedWhen(/I: extracting archives|I: installing/);
    expect((await readdir(join(cacheDir, 'golden'))).filter((name) => /^base-[0-9a-f]+$/.test(name))).toEqual([]);
    await killedWhen(/^Unpacking haproxy/m);
    expect((await readdir(join(cacheDir, 'golden'))).filter((name) => /^layer-[0-9a-f]+$/.test(name))).toEqual([]);
    expect((await readdir(join(cacheDir, 'archives'))).some((name) => name.startsWith('haproxy_'))).toBe(true);

    try {
      const lab = await labUp(options);
      const { stdout } = await consoleRun(
        lab,
        'ctl1',
        "dpkg-query -W -f '${Status}\\n' haproxy memcached; systemctl is-enabled haproxy memcached; systemctl is-active haproxy memcached; ls /usr/sbin/policy-rc.d 2>&1",
      );
      expect(stdout).toMatch(/^(install ok installed\n){2}(disabled\n){2}(inactive\n){2}.*No such file/);
    } finally {
      await labDown(await openLab(options));
    }
    expect(await users(directory)).toEqual([]);
  },
  8 * MINUTES,
);
