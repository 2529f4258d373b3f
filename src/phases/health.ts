// Runs every component's health checks on every host: one script per host, hosts in parallel. A host that does
// not answer fails all its checks. Read-only.
import type { Cluster } from '../model/cluster.ts';
import type { ClusterContext, HealthCheck } from '../model/component.ts';
import type { Session } from '../remote/transport.ts';
import { hostContext } from './context.ts';
import type { ContextInput } from './context.ts';

export interface CheckResult {
  readonly component: string;
  readonly host: string;
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

interface HostCheck {
  readonly component: string;
  readonly check: HealthCheck;
}

/** A check that hangs (a frozen service) fails after so many seconds. */
const CHECK_TIMEOUT = 25;

export async function runHealthChecks(
  input: ContextInput,
  sessions: ReadonlyMap<string, Session>,
  signal?: AbortSignal,
): Promise<readonly CheckResult[]> {
  const results = await Promise.all(
    input.cluster.hosts.map(async (host) => {
      const checks = checksOf(input, host.name);
      const session = sessions.get(host.name);
      if (session === undefined) return checks.map((each) => failed(host.name, each, 'the host does not answer'));
      return runOn(session, checks, signal);
    }),
  );
  return results.flat();
}

function checksOf(input: ContextInput, hostName: string): readonly HostCheck[] {
  return input.deployed.flatMap(({ component, hosts }) => {
    const host = hosts.find((each) => each.name === hostName);
    if (host === undefined) return [];
    return (component.health?.(hostContext(input, host)) ?? []).map((check) => ({ component: component.id, check }));
  });
}

async function runOn(
  session: Session,
  checks: readonly HostCheck[],
  signal?: AbortSignal,
): Promise<readonly CheckResult[]> {
  if (checks.length === 0) return [];
  try {
    const result = await session.run({ text: checksScript(checks), timeout: CHECK_TIMEOUT + 10 }, signal);
    return parseChecks(session.host, checks, result.stdout);
  } catch (error) {
    return checks.map((each) => failed(session.host, each, error instanceof Error ? error.message : String(error)));
  }
}

/**
 * All checks side by side, then per check a line `<index> <exit status> <first line of output>`. A check reaches its
 * shell on standard input: it may hold a password, and arguments can be seen by everybody.
 */
export function checksScript(checks: readonly HostCheck[]): string {
  const runs = checks.map(({ check }, index) => {
    const end = `END_OF_CHECK_${index}`;
    const run = `{ timeout ${CHECK_TIMEOUT} sh -s >"$d/${index}" 2>&1; echo $? >"$d/${index}.rc"; } <<'${end}' &`;
    return [run, '(', check.script, ') </dev/null', end].join('\n');
  });
  const report = checks.map((_each, index) => `echo "${index} $(cat "$d/${index}.rc") $(head -n 1 "$d/${index}")"`);
  return ['d=$(mktemp -d)', 'trap \'rm -rf "$d"\' EXIT', ...runs, 'wait', ...report].join('\n');
}

export function parseChecks(host: string, checks: readonly HostCheck[], output: string): readonly CheckResult[] {
  const lines = new Map(
    output
      .split('\n')
      .filter((line) => /^\d+ /.test(line))
      .map((line) => [Number(line.split(' ', 1)[0]), line] as const),
  );
  return checks.map((each, index) => {
    const line = lines.get(index);
    if (line === undefined) return failed(host, each, 'no answer');
    const [, code = '', ...detail] = line.split(' ');
    return { component: each.component, host, name: each.check.name, ok: code === '0', detail: detail.join(' ') };
  });
}

function failed(host: string, { component, check }: HostCheck, detail: string): CheckResult {
  return { component, host, name: check.name, ok: false, detail };
}

export interface VipHolder {
  readonly name: string;
  readonly address: string;
  /** Hosts that have the address now; healthy is exactly one. */
  readonly holders: readonly string[];
}

/** Who holds each VIP, asked of every host's kernel. */
export async function vipHolders(
  ctx: Pick<ClusterContext, 'cluster'>,
  sessions: ReadonlyMap<string, Session>,
  signal?: AbortSignal,
): Promise<readonly VipHolder[]> {
  const addresses = await Promise.all(
    [...sessions.values()].map(async (session) => {
      try {
        const result = await session.run({ text: 'ip -o address show', timeout: 10 }, signal);
        return { host: session.host, text: result.stdout };
      } catch {
        return { host: session.host, text: '' };
      }
    }),
  );
  return holdersFrom(ctx.cluster, addresses);
}

/** `2: eno1    inet 10.10.1.10/32 scope global eno1 …` */
function holdersFrom(
  cluster: Cluster,
  addresses: readonly { readonly host: string; readonly text: string }[],
): readonly VipHolder[] {
  return cluster.vips.map((vip) => ({
    name: vip.name,
    address: vip.address,
    holders: addresses.filter(({ text }) => text.includes(` ${vip.address}/`)).map(({ host }) => host),
  }));
}
