// What a probe process is told, as one JSON document on its stdin, and what it answers, one JSON array per line.
// Passwords travel here and nowhere else. Periods and deadlines are those of the command line's contract:
// reads 1 s, writes 10 s.
import type { HttpTrust } from '../../net/http.ts';
import type { AmqpTarget } from '../../net/amqp.ts';
import type { MysqlTarget } from '../../net/mysql.ts';
import type { QueueAdmin } from '../queue-account.ts';
import type { ProbeName } from '../../model/drill.ts';

interface Timing {
  readonly periodMs: number;
  readonly deadlineMs: number;
}

export interface KeystoneLogin {
  /** `https://cloud.example.org:5000/v3` */
  readonly url: string;
  readonly user: string;
  readonly userDomain: string;
  readonly password: string;
  readonly project: string;
  readonly projectDomain: string;
}

interface HttpTiming extends Timing {
  readonly trust: HttpTrust;
  readonly connection: 'fresh' | 'keep-alive';
}

export type ProbeConfig =
  | (HttpTiming & { readonly probe: 'http-get'; readonly url: string })
  | (HttpTiming & { readonly probe: 'token-validate' | 'token-issue'; readonly login: KeystoneLogin })
  | (Timing & {
      readonly probe: 'mariadb-set';
      readonly target: Omit<MysqlTarget, 'clock'>;
      readonly run: string;
      readonly connections: number;
    })
  | (Timing & {
      readonly probe: 'rabbitmq-publish';
      readonly target: AmqpTarget;
      /** Of the members; the first one leads the queue. */
      readonly addresses: readonly string[];
      readonly queue: string;
    })
  | (Timing & { readonly probe: 'control'; readonly host: string; readonly port: number });

export type ProbeProcessConfig =
  | { readonly serve: 'probes'; readonly probes: readonly ProbeConfig[] }
  | { readonly serve: 'echo'; readonly address: string };

/** index is the probe's place in the configuration. */
export type ProbeLine =
  | readonly ['listening', number]
  /** The process's own monotonic clock at that moment, milliseconds; the times of samples are on it. */
  | readonly ['ready', number]
  | readonly ['sample', number, number, number, string?]
  | readonly ['write', number, number, number, 'acknowledged' | 'refused' | 'unknown', number, string?]
  | readonly ['skipped', number, number]
  | readonly ['stale', number, number]
  /** Messages that were confirmed and never consumed, and those that came more than once. */
  | readonly ['queue', number, number, number]
  | readonly ['lag', number]
  | readonly ['error', string]
  | readonly ['end'];

/** For people, without secrets. */
export function describeProbe(config: ProbeConfig): string {
  if (config.probe === 'http-get') return `GET ${config.url}`;
  if ('login' in config) {
    const does = config.probe === 'token-validate' ? 'validate a token' : 'log in with a password';
    return `${does} at ${config.login.url}`;
  }
  if (config.probe === 'mariadb-set') return `insert unique numbers at ${config.target.host}:${config.target.port}`;
  if (config.probe === 'rabbitmq-publish') {
    return `publish to a quorum queue with confirms at ${config.addresses.join(', ')}, and consume`;
  }
  return `UDP echo at ${config.host}:${config.port}, which no fault touches`;
}

export interface ProbeTargets {
  readonly vantage: string;
  readonly trust: HttpTrust;
  readonly login: KeystoneLogin;
  /** Through the VIP; the account is made by prepareLedger. */
  readonly database: Omit<MysqlTarget, 'clock' | 'connectDeadlineMs' | 'database'>;
  /** The brokers' own addresses, as the services use them; absent where there is no RabbitMQ. */
  readonly queue?: {
    readonly target: Omit<AmqpTarget, 'connectDeadlineMs'>;
    /** Makes the account and the virtual host of the probe, on a member. */
    readonly admin: QueueAdmin;
    /** By host. */
    readonly addresses: Readonly<Record<string, string>>;
  };
  /** Other periods or connections than the defaults. */
  readonly overrides?: Readonly<
    Partial<Record<ProbeName, Partial<Timing> & { readonly connection?: 'fresh' | 'keep-alive' }>>
  >;
}

export const LEDGER_DATABASE = 'hastack_drill';

/** How often each probe sends, milliseconds; it resolves nothing finer. */
export const PERIOD_MS: Readonly<Record<ProbeName, number>> = {
  'http-get': 20,
  'token-validate': 50,
  'token-issue': 1000,
  'mariadb-set': 25,
  'rabbitmq-publish': 50,
  control: 20,
};

/**
 * The probes: through the VIP, but for messages, whose clients go to the brokers themselves.
 * GET and log-in take a fresh connection each time, as users at a shell do: only that sees a VIP move as they do.
 * Validation keeps its connections, as the services' middleware does: it also shows what a hung connection costs.
 */
export function probeConfigs(targets: ProbeTargets, run: string, queueLeader?: string): readonly ProbeConfig[] {
  const { trust, login } = targets;
  const all: readonly ProbeConfig[] = [
    {
      probe: 'http-get',
      url: login.url,
      trust,
      connection: 'fresh',
      periodMs: PERIOD_MS['http-get'],
      deadlineMs: 1000,
    },
    {
      probe: 'token-validate',
      login,
      trust,
      connection: 'keep-alive',
      periodMs: PERIOD_MS['token-validate'],
      deadlineMs: 1000,
    },
    { probe: 'token-issue', login, trust, connection: 'fresh', periodMs: PERIOD_MS['token-issue'], deadlineMs: 1000 },
    {
      probe: 'mariadb-set',
      target: { ...targets.database, database: LEDGER_DATABASE, connectDeadlineMs: 1000 },
      run,
      connections: 200,
      periodMs: PERIOD_MS['mariadb-set'],
      deadlineMs: 10_000,
    },
    ...queueConfig(targets, run, queueLeader),
  ];
  return all.map((config) => ({ ...config, ...targets.overrides?.[config.probe] }));
}

function queueConfig({ queue }: ProbeTargets, run: string, leader: string | undefined): readonly ProbeConfig[] {
  const first = leader === undefined ? undefined : queue?.addresses[leader];
  if (queue === undefined || first === undefined) return [];
  const others = Object.values(queue.addresses).filter((address) => address !== first);
  return [
    {
      probe: 'rabbitmq-publish',
      target: { ...queue.target, connectDeadlineMs: 2000 },
      addresses: [first, ...others],
      queue: run,
      periodMs: PERIOD_MS['rabbitmq-publish'],
      // As long as the slowest election that is expected, so that a stall is not taken for a loss.
      deadlineMs: 20_000,
    },
  ];
}

export function controlConfig(host: string, port: number): ProbeConfig {
  return { probe: 'control', host, port, periodMs: PERIOD_MS.control, deadlineMs: 1000 };
}
