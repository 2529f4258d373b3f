// The rooms of src/ and who may import whom: the level table of ARCHITECTURE.md as data.
// A room imports rooms of a lower level; never one of its own level, unless `also` names it.
// Read by the lint plugin (house-rules.mjs); change it only together with ARCHITECTURE.md.

/** @type {Readonly<Record<string, { level: number, also?: readonly string[], only?: readonly string[] }>>} */
export const ROOMS = {
  model: { level: 0 },
  lib: { level: 0, also: ['model'] },
  formats: { level: 0, also: ['lib', 'model'] },

  spec: { level: 1 },
  remote: { level: 1 },
  net: { level: 1 },
  sources: { level: 1 },
  openstack: { level: 1, also: ['net'] },
  simulate: { level: 1 },
  store: { level: 1 },

  engine: { level: 2 },
  facts: { level: 2 },
  resources: { level: 2 },
  lab: { level: 2 },

  components: { level: 3 },
  checks: { level: 3 },
  drills: { level: 3, also: ['components', 'checks'] },
  operations: { level: 3, also: ['components', 'checks'] },
  audit: { level: 3, also: ['components', 'checks'] },
  doctor: { level: 3, also: ['components', 'checks'] },

  phases: { level: 4 },
  flows: { level: 4, also: ['phases'] },
  render: { level: 4, only: ['model', 'lib'] },

  cli: { level: 5 },
  server: { level: 5 },

  main: { level: 6 },
};

/** Rooms that may touch files, processes and sockets, and the ambient clock, timers and environment. */
export const IO_ROOMS = ['remote', 'net', 'sources', 'store', 'lab', 'server', 'main'];

/** Single files outside those rooms that may: they are the edge of an otherwise pure room. */
export const IO_FILES = ['spec/load.ts', 'spec/load-file.ts'];

/** Modules that are I/O. Clients of services (undici, mysql2, amqplib) belong to `net`. */
export const IO_MODULES = [
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'fs',
  'http',
  'http2',
  'https',
  'net',
  'readline',
  'tls',
  'worker_threads',
];
export const NET_PACKAGES = ['undici', 'mysql2', 'amqplib'];

/** Files that turn the ambient clock, timers and randomness into the values everything else is given. */
export const AMBIENT_FILES = ['lib/system-clock.ts', 'lib/system-random.ts'];

/** The room of a path below src/ (`spec/rules/vip.ts` → `spec`, `main.ts` → `main`). */
export function roomOf(pathInSource) {
  const first = pathInSource.split('/')[0];
  return first.endsWith('.ts') ? first.slice(0, -'.ts'.length) : first;
}

/** Why `from` must not import `to`, or undefined when it may. Both are room names. */
export function forbidden(from, to) {
  if (from === to) return undefined;
  const source = ROOMS[from];
  const target = ROOMS[to];
  if (source === undefined) return `src/${from} is not a room of ARCHITECTURE.md`;
  if (target === undefined) return `src/${to} is not a room of ARCHITECTURE.md`;
  if (source.only !== undefined) {
    return source.only.includes(to) ? undefined : `${from} imports ${source.only.join(' and ')} only, not ${to}`;
  }
  if (source.also?.includes(to)) return undefined;
  if (target.level < source.level) return undefined;
  const relation = target.level === source.level ? 'is on the same level' : 'is above it';
  return `${from} must not import ${to}, which ${relation}: imports look down`;
}
