// A world in memory, for tests of commands: what they print is kept, files are a map, nobody can be asked.
import type { Clock } from '../model/clock.ts';
import { HastackError } from '../model/error.ts';
import type { World } from './world.ts';

export interface FakeWorld extends World {
  readonly printed: { out: string; err: string };
  readonly disk: Map<string, string>;
}

export function fakeWorld(overrides: Partial<World> = {}): FakeWorld {
  const printed = { out: '', err: '' };
  const disk = new Map<string, string>();
  return {
    stdout: { write: (text) => void (printed.out += text), isTTY: false, columns: 80 },
    stderr: { write: (text) => void (printed.err += text), isTTY: false, columns: 80 },
    inputLines: async function* none() {},
    env: {},
    cwd: '/somewhere',
    interactive: false,
    clock: standingClock,
    randomBytes: (length) => new Uint8Array(length),
    files: fakeFiles(disk),
    program: ['node', 'main.js'],
    attach: () => Promise.resolve(0),
    version: () => Promise.resolve('1.2.3'),
    interruptible: () => new AbortController().signal,
    ...overrides,
    printed,
    disk,
  };
}

const standingClock: Clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };

function fakeFiles(disk: Map<string, string>): World['files'] {
  return {
    async read(path) {
      const text = disk.get(path);
      if (text === undefined)
        throw new HastackError({ code: 'usage', message: `cannot read ${path}`, hint: 'check it' });
      return text;
    },
    readIfThere: async (path) => disk.get(path),
    async write(path, text, { exclusive }) {
      if (exclusive && disk.has(path))
        throw new HastackError({ code: 'refused', message: `${path} exists`, hint: '-o' });
      disk.set(path, text);
    },
  };
}
