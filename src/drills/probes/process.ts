// The probe process: reads its configuration as one JSON line on stdin, sends on schedule until stdin ends, and
// writes what it saw as one JSON array per line. A process of its own, so that nothing the drill does meanwhile
// disturbs the timing; its event loop's lag is measured and reported, for it would look like an outage.
// Every outcome is a line; a configuration that cannot work ends in an `error` line and exit status 1.
import type { Clock } from '../../model/clock.ts';
import { echoClient, startEchoServer } from '../../net/echo.ts';
import { httpClient } from '../../net/http.ts';
import { networkErrorKind } from '../../net/net-error.ts';
import type { ProbeConfig, ProbeLine, ProbeProcessConfig } from './config.ts';
import { getVersion, issueToken, validateToken, type Outcome } from './keystone.ts';
import { openLoop } from './open-loop.ts';
import { queueSet, type QueueConfig } from './queue-set.ts';
import { writeSet, type WriteOutcome } from './write-set.ts';

export interface ProbeProcessIo {
  /** Lines of stdin; its end stops the probes. */
  readonly input: AsyncIterable<string>;
  /** Takes whole lines of text. */
  readonly output: (text: string) => void;
  readonly clock: Clock;
}

/** Resolves with the exit status when stdin has ended and everything outstanding was reported. */
export async function runProbeProcess(io: ProbeProcessIo): Promise<number> {
  const stop = new AbortController();
  const writer = lineWriter(io);
  const lines = io.input[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) return 0;
  const ended = drain(lines).finally(() => stop.abort());
  try {
    // Written by this very program: startProbes.
    const config = JSON.parse(first.value) as ProbeProcessConfig;
    if (config.serve === 'echo') await serveEcho(config.address, writer, ended);
    else await probeAll(config.probes, { ...io, writer, signal: stop.signal });
    writer.write(['end']);
    return 0;
  } catch (error) {
    writer.write(['error', error instanceof Error ? error.message : String(error)]);
    return 1;
  } finally {
    stop.abort();
    writer.flush();
  }
}

interface LineWriter {
  write(line: ProbeLine): void;
  flush(): void;
}

/** Lines are gathered and written together: a write for every sample would cost more than the sample. */
function lineWriter(io: ProbeProcessIo): LineWriter {
  const lines: string[] = [];
  let asleep = false;
  const flush = (): void => {
    if (lines.length > 0) io.output(lines.splice(0).join(''));
  };
  const flushSoon = async (): Promise<void> => {
    await io.clock.sleep(50);
    asleep = false;
    flush();
  };
  return {
    write: (line) => {
      lines.push(`${JSON.stringify(line)}\n`);
      if (asleep) return;
      asleep = true;
      void flushSoon();
    },
    flush,
  };
}

async function drain(lines: AsyncIterator<string>): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop
  for (let next = await lines.next(); !next.done; next = await lines.next());
}

async function serveEcho(address: string, writer: LineWriter, ended: Promise<void>): Promise<void> {
  const server = await startEchoServer(address);
  writer.write(['listening', server.port]);
  await ended;
  await server.close();
}

interface Probing extends ProbeProcessIo {
  readonly writer: LineWriter;
  readonly signal: AbortSignal;
}

async function probeAll(configs: readonly ProbeConfig[], io: Probing): Promise<void> {
  let lagMs = 0;
  // Connections and the first token are made before anything is measured.
  const probes = await Promise.all(configs.map((config, index) => prepare(config, index, io)));
  io.writer.write(['ready', round(io.clock.monotonic())]);
  // At once: the other side reads its own clock on receipt.
  io.writer.flush();
  await Promise.all(
    probes.map((probe, index) =>
      openLoop({
        clock: io.clock,
        periodMs: probe.periodMs,
        signal: io.signal,
        send: probe.send,
        onLate: (ms) => {
          lagMs = Math.max(lagMs, ms);
        },
        onSkipped: (slots) => io.writer.write(['skipped', index, slots]),
      }),
    ),
  );
  io.writer.write(['lag', round(lagMs)]);
  await Promise.all(probes.map((probe) => probe.close()));
}

interface Probe {
  readonly periodMs: number;
  readonly send: () => Promise<void>;
  readonly close: () => Promise<void>;
}

async function prepare(config: ProbeConfig, index: number, io: Probing): Promise<Probe> {
  if (config.probe === 'mariadb-set') return prepareWrites(config, index, io);
  if (config.probe === 'rabbitmq-publish') return prepareQueue(config, index, io);
  const { ask, close } = await prepareAsking(config, io.clock);
  return {
    periodMs: config.periodMs,
    close,
    send: async () => {
      const sent = io.clock.monotonic();
      const failed = await ask().catch((error: unknown) => networkErrorKind(error));
      const ms = io.clock.monotonic() - sent;
      // A late success is a failure: the user has given up.
      const error = failed ?? (ms > config.deadlineMs ? 'late' : undefined);
      const times = [index, round(sent), round(ms)] as const;
      io.writer.write(error === undefined ? ['sample', ...times] : ['sample', ...times, error]);
    },
  };
}

interface Asking {
  readonly ask: () => Promise<Outcome>;
  readonly close: () => Promise<void>;
}

async function prepareAsking(
  config: Exclude<ProbeConfig, { probe: 'mariadb-set' | 'rabbitmq-publish' }>,
  clock: Clock,
): Promise<Asking> {
  const { deadlineMs } = config;
  if (config.probe === 'control') {
    const echo = await echoClient({ host: config.host, port: config.port, clock });
    return { ask: async () => ((await echo.ask(deadlineMs)) ? undefined : 'timeout'), close: () => echo.close() };
  }
  const client = httpClient({ clock, connection: config.connection, trust: config.trust });
  const close = (): Promise<void> => client.close();
  if (config.probe === 'http-get') return { ask: () => getVersion({ client, deadlineMs }, config.url), close };
  const { login } = config;
  if (config.probe === 'token-issue') {
    return {
      close,
      ask: async () => {
        const issued = await issueToken({ client, deadlineMs }, login);
        return 'error' in issued ? issued.error : undefined;
      },
    };
  }
  const issued = await issueToken({ client, deadlineMs: 10_000 }, login);
  if ('error' in issued) throw new Error(`no token from ${login.url}: ${issued.error}`);
  return { ask: () => validateToken({ client, deadlineMs }, login, issued.token), close };
}

function prepareWrites(config: Extract<ProbeConfig, { probe: 'mariadb-set' }>, index: number, io: Probing): Probe {
  const set = writeSet({ config, clock: io.clock, onStale: (n) => io.writer.write(['stale', index, n]) });
  return {
    periodMs: config.periodMs,
    close: async () => set.close(),
    send: writing({ config, index, io, write: () => set.write() }),
  };
}

async function prepareQueue(config: QueueConfig, index: number, io: Probing): Promise<Probe> {
  const set = await queueSet({ config, clock: io.clock });
  return {
    periodMs: config.periodMs,
    close: async () => {
      const { lost, duplicates } = await set.settle();
      io.writer.write(['queue', index, lost, duplicates]);
      set.close();
    },
    send: writing({ config, index, io, write: () => set.publish() }),
  };
}

interface Writing {
  readonly config: ProbeConfig;
  readonly index: number;
  readonly io: Probing;
  readonly write: () => Promise<WriteOutcome>;
}

function writing({ config, index, io, write }: Writing): () => Promise<void> {
  return async () => {
    const sent = io.clock.monotonic();
    const { n, outcome, error } = await write();
    const ms = io.clock.monotonic() - sent;
    const late = outcome === 'acknowledged' && ms > config.deadlineMs ? 'late' : error;
    const line = ['write', index, round(sent), round(ms), outcome, n] as const;
    io.writer.write(late === undefined ? line : [...line, late]);
  };
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
