// The drill's side of the probe process: starts it, gathers what it reports, stops it.
// A process that dies or says `error` shows in `failure`; a drill then counts as not measured.
import { HastackError } from '../../model/error.ts';
import type { Clock } from '../../model/clock.ts';
import type { ProbeName } from '../../model/drill.ts';
import { startLineProcess } from '../../net/line-process.ts';
import type { ProbeConfig, ProbeLine, ProbeProcessConfig } from './config.ts';
import { emptyLog, type ProbeLog } from './sample.ts';

/** Program and arguments that run runProbeProcess, at the vantage wanted. */
export type ProbeCommand = readonly [string, ...string[]];

export interface ProbeRun {
  readonly logs: ReadonlyMap<ProbeName, ProbeLog>;
  /** Why the process no longer measures; undefined while it does. */
  failure(): string | undefined;
  /** Asks it to stop, and waits until all that was outstanding is reported. Longest event-loop delay, ms. */
  stop(): Promise<{ readonly loopLagMs: number }>;
  kill(): void;
}

// Messages may be outstanding for 20 s, and then have time to be consumed.
const STOP_DEADLINE_MS = 40_000;

const OWN_PROCESS: ReadonlySet<ProbeName> = new Set(['control', 'mariadb-set', 'rabbitmq-publish']);

/**
 * Resolves when every probe is connected and sending. Rejects when one cannot start.
 * In processes of their own: a hundred database connections that are opened anew after a fault must delay neither the reads
 * nor the control probe, which stands for the machine and not for the prober.
 */
export async function startProbes(
  command: ProbeCommand,
  configs: readonly ProbeConfig[],
  clock: Clock,
): Promise<ProbeRun> {
  const groups = [
    configs.filter(({ probe }) => probe === 'control'),
    configs.filter(({ probe }) => probe === 'mariadb-set'),
    configs.filter(({ probe }) => probe === 'rabbitmq-publish'),
    configs.filter(({ probe }) => !OWN_PROCESS.has(probe)),
  ].filter((group) => group.length > 0);
  const started = await Promise.allSettled(groups.map((group) => startProcess(command, group, clock)));
  const runs = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const refused = started.find((each) => each.status === 'rejected');
  if (refused !== undefined) {
    for (const run of runs) run.kill();
    throw refused.reason;
  }
  return {
    logs: new Map(runs.flatMap((run) => [...run.logs])),
    failure: () => runs.map((run) => run.failure()).find((failure) => failure !== undefined),
    stop: async () => {
      const lags = await Promise.all(runs.map((run) => run.stop()));
      return { loopLagMs: Math.max(0, ...lags.map(({ loopLagMs }) => loopLagMs)) };
    },
    kill: () => {
      for (const run of runs) run.kill();
    },
  };
}

async function startProcess(command: ProbeCommand, configs: readonly ProbeConfig[], clock: Clock): Promise<ProbeRun> {
  const heard = listen(
    configs.map(() => emptyLog()),
    clock,
  );
  let stopping = false;
  const child = startLineProcess({ command, clock, onLine: heard.onLine });
  const watch = async (): Promise<void> => {
    const code = await child.exited;
    if (!stopping || code !== 0) heard.failed(`the probe process ended with ${code}: ${child.stderr().trim()}`);
  };
  const watching = watch();
  child.write(JSON.stringify({ serve: 'probes', probes: configs } satisfies ProbeProcessConfig));
  await Promise.race([heard.answered, watching]);
  const failure = heard.failure();
  if (failure !== undefined) {
    child.kill();
    throw cannotProbe(failure);
  }
  return {
    logs: new Map(configs.map((config, index) => [config.probe, heard.logs[index] ?? emptyLog()])),
    failure: heard.failure,
    stop: async () => {
      stopping = true;
      await child.finish(STOP_DEADLINE_MS);
      return { loopLagMs: heard.loopLagMs() };
    },
    kill: () => child.kill(),
  };
}

/** What the probe process has said so far; the first failure counts. */
function listen(logs: readonly ProbeLog[], clock: Clock) {
  let loopLagMs = 0;
  // From the child's monotonic clock to ours; exact to the delay of a pipe.
  let offsetMs = 0;
  let failure: string | undefined;
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const failed = (reason: string): void => {
    failure ??= reason;
    // It never gets ready, and it may go on reading its input.
    answer();
  };
  const onLine = (text: string): void => {
    const line = parseLine(text);
    if (line[0] === 'ready') {
      offsetMs = clock.monotonic() - line[1];
      answer();
    } else if (line[0] === 'error') failed(line[1]);
    else if (line[0] === 'lag') loopLagMs = line[1];
    else if (line[0] !== 'end' && line[0] !== 'listening') record(logs[line[1]], line, offsetMs);
  };
  return { logs, answered, failed, onLine, failure: () => failure, loopLagMs: () => loopLagMs };
}

export interface EchoRun {
  readonly port: number;
  stop(): Promise<void>;
}

/** An echo server in a process of its own, at the vantage of the command. */
export async function startEcho(command: ProbeCommand, address: string, clock: Clock): Promise<EchoRun> {
  let listening: (port: number | undefined) => void = () => undefined;
  const port = new Promise<number | undefined>((resolve) => {
    listening = resolve;
  });
  const child = startLineProcess({
    command,
    clock,
    onLine: (text) => {
      const line = parseLine(text);
      if (line[0] === 'listening') listening(line[1]);
    },
  });
  void child.exited.then(() => listening(undefined));
  child.write(JSON.stringify({ serve: 'echo', address } satisfies ProbeProcessConfig));
  const bound = await port;
  if (bound === undefined) throw cannotProbe(`the echo server ended: ${child.stderr().trim()}`);
  return {
    port: bound,
    stop: async () => {
      await child.finish(3000);
    },
  };
}

function parseLine(text: string): ProbeLine {
  try {
    // Written by this very program: runProbeProcess.
    return JSON.parse(text) as ProbeLine;
  } catch {
    return ['error', `unexpected output of the probe process: ${text.slice(0, 200)}`];
  }
}

function record(
  log: ProbeLog | undefined,
  line: Extract<ProbeLine, readonly ['sample' | 'write' | 'skipped' | 'stale' | 'queue', ...unknown[]]>,
  offsetMs: number,
): void {
  if (!log) return;
  if (line[0] === 'skipped') log.skipped += line[2];
  else if (line[0] === 'stale') log.staleReads += 1;
  else if (line[0] === 'queue') {
    log.lostMessages = line[2];
    log.duplicates = line[3];
  } else if (line[0] === 'sample') {
    log.samples.push({
      at: line[2] + offsetMs,
      ms: line[3],
      ok: line[4] === undefined,
      ...(line[4] !== undefined && { error: line[4] }),
    });
  } else {
    const [, , at, ms, outcome, n, error] = line;
    // Acknowledged late: a failure for the user, and yet a promise the database has to keep.
    if (outcome === 'acknowledged') log.acknowledged.push(n);
    if (outcome === 'unknown') log.unknown.push(n);
    log.samples.push({ at: at + offsetMs, ms, ok: error === undefined, ...(error !== undefined && { error }) });
  }
}

function cannotProbe(message: string): HastackError {
  return new HastackError({
    code: 'environment',
    message: `the probes cannot run: ${message}`,
    hint: 'Check with `hastack status` that the virtual addresses answer from here, then try again.',
  });
}
