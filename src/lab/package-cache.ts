// Twins have no way out; packages reach them through an apt-cacher-ng of the machine's labs: one process per
// cache directory, in the machine's own network namespace, listening on a unix socket only. In each lab the
// supervisor relays the operator's address, port 3142, to that socket. The last lab that goes stops it.
// Found by its arguments in /proc. Starting it twice is harmless: it runs under a lock. `lab heal` restarts it.
// Manual: apt-cacher-ng(8), acng.conf.
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { type Server, type Socket, createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import type { Cluster } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';
import { command, lastLines, launch } from './command.ts';
import type { Lab } from './context.ts';
import { digest } from './names.ts';
import { processesRunning, signalProcess } from './processes.ts';
import { vantageAddress } from './topology.ts';
import { waitFor } from './wait.ts';

const PACKAGE_CACHE_PORT = 3142;
const PROGRAM = 'apt-cacher-ng';
const START_SECONDS = 15;
const STOP_SECONDS = 15;

interface CachePaths {
  readonly configuration: string;
  readonly users: string;
  readonly log: string;
  readonly lock: string;
  readonly run: string;
  /** Short: unix sockets have names of at most 107 bytes. */
  readonly socket: string;
}

/** What the twin profile sets apt.proxy to. */
export function packageProxyUrl(cluster: Cluster): string {
  const address = proxyAddress(cluster);
  return `http://${address.includes(':') ? `[${address}]` : address}:${PACKAGE_CACHE_PORT}`;
}

export function cacheConfiguration(cacheDir: string, proxy: string | undefined): string {
  const paths = cachePaths(cacheDir);
  const lines = [
    `CacheDir: ${join(cacheDir, 'apt/cache')}`,
    `LogDir: ${join(cacheDir, 'apt/log')}`,
    `SocketPath: ${paths.socket}`,
    // No TCP port. `Port: 0` should do this but is ignored (3.7): an address of class E cannot be bound.
    'Port: 0',
    'BindAddress: 240.0.0.1',
    'ForeGround: 1',
    // Indexes that were just fetched are good enough for every twin that asks in the same minute.
    'VerboseLog: 1',
    'ExThreshold: 30',
    ...(proxy === undefined ? [] : [`Proxy: ${proxy}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Registers the lab as a user and makes sure that the cache runs. */
export async function startPackageCache(lab: Lab, proxy?: string): Promise<void> {
  const paths = cachePaths(lab.cacheDir);
  for (const directory of [paths.configuration, paths.users]) await mkdir(directory, { recursive: true });
  for (const directory of [join(lab.cacheDir, 'apt/cache'), paths.log]) {
    await mkdir(directory, { recursive: true });
    await command(['chown', '--recursive', 'apt-cacher-ng:', directory]);
  }
  await writeFile(join(paths.users, lab.names.id), '');
  await writeFile(join(paths.configuration, 'acng.conf'), cacheConfiguration(lab.cacheDir, proxy));
  await ensurePackageCache(lab);
}

/** Starts it again after it was killed. Not from inside the lab, which has no way out. */
export async function ensurePackageCache(lab: Lab): Promise<void> {
  const paths = cachePaths(lab.cacheDir);
  if (await answers(paths.socket)) return;
  await mkdir(paths.run, { recursive: true });
  await command(['chown', 'apt-cacher-ng:', paths.run]);
  await chmod(paths.run, 0o755);
  const asUser = ['setpriv', '--reuid', 'apt-cacher-ng', '--regid', 'apt-cacher-ng', '--clear-groups'];
  await rm(join(lab.cacheDir, 'apt/start.log'), { force: true });
  launch(
    ['flock', '--nonblock', '--no-fork', paths.lock, ...asUser, PROGRAM, '-c', paths.configuration],
    join(lab.cacheDir, 'apt/start.log'),
  );
  await waitFor({
    clock: lab.clock,
    seconds: START_SECONDS,
    look: async () => ((await answers(paths.socket)) ? true : undefined),
    late: () => new Error('late'),
  }).catch(async () => {
    throw await notStarted(lab.cacheDir);
  });
}

async function notStarted(cacheDir: string): Promise<HastackError> {
  const log = join(cacheDir, 'apt/start.log');
  const said = lastLines(await readFile(log, 'utf8').catch(() => ''), 3);
  return new HastackError({
    code: 'environment',
    message: `the package cache (apt-cacher-ng) did not start: ${said}`,
    hint: said.includes('Permission denied')
      ? `the user apt-cacher-ng must be able to enter ${cacheDir}: chmod a+x the directories above it, or choose another HASTACK_CACHE`
      : `see ${log}`,
  });
}

/** Ends the lab's use; stops the cache when no other lab uses it. */
export async function releasePackageCache(lab: Lab): Promise<void> {
  const paths = cachePaths(lab.cacheDir);
  await rm(join(paths.users, lab.names.id), { force: true });
  const users = await readdir(paths.users).catch(() => []);
  if (users.some((id) => existsSync(`/run/netns/hastack-${id}`))) return;
  await waitFor({
    clock: lab.clock,
    seconds: STOP_SECONDS,
    look: async () => {
      const left = await packageCacheProcesses(lab.cacheDir);
      left.forEach((id) => signalProcess(id, 'SIGKILL'));
      return left.length === 0 ? true : undefined;
    },
    late: () =>
      new HastackError({
        code: 'environment',
        message: 'the package cache (apt-cacher-ng) does not stop',
        hint: 'kill apt-cacher-ng and run `hastack lab down` again',
      }),
  });
  await rm(paths.run, { recursive: true, force: true });
}

export async function packageCacheProcesses(cacheDir: string): Promise<readonly number[]> {
  return processesRunning(PROGRAM, cachePaths(cacheDir).configuration);
}

/** Is the lab registered as a user of the cache? */
export function usesPackageCache(lab: Lab): boolean {
  return existsSync(join(cachePaths(lab.cacheDir).users, lab.names.id));
}

/** Inside the lab: the operator's address, port 3142 → the socket. */
export async function relayPackages(lab: Lab): Promise<Server> {
  const { socket } = cachePaths(lab.cacheDir);
  const server = createServer((client) => relay(client, socket));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(PACKAGE_CACHE_PORT, proxyAddress(lab.cluster), () => resolve(server));
  });
}

/** Either side that ends, or fails, ends the other; while the cache is down apt sees a closed connection. */
function relay(client: Socket, path: string): void {
  const upstream = createConnection(path);
  client.on('error', () => client.destroy());
  upstream.on('error', () => upstream.destroy());
  client.on('close', () => upstream.destroy());
  upstream.on('close', () => client.destroy());
  // apt-cacher-ng expects its own inetd bridge on the socket, which begins with a request that names the client.
  upstream.write(`GET / HTTP/1.0\r\nX-Original-Source: ${client.remoteAddress ?? 'twin'}\r\n\r\n`);
  client.pipe(upstream).pipe(client);
}

function proxyAddress(cluster: Cluster): string {
  return vantageAddress(cluster, cluster.uses.management ?? cluster.networks[0]?.name ?? '');
}

function cachePaths(cacheDir: string): CachePaths {
  const run = `/run/hastack-${digest(cacheDir, 8)}`;
  return {
    configuration: join(cacheDir, 'apt/configuration'),
    users: join(cacheDir, 'apt/users'),
    log: join(cacheDir, 'apt/log'),
    lock: join(cacheDir, 'apt/lock'),
    run,
    socket: join(run, 'apt.socket'),
  };
}

async function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
