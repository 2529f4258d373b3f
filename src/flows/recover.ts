// `hastack recover`: connect → read and show → agree → lock → repair, Galera first → wait until healthy.
// Hosts that do not answer are asked about at their boards. The lock needs a majority of the hosts that count: those
// given up with --without do not.
import { checkReachable } from '../engine/connect.ts';
import { asUnit } from '../engine/config-hash.ts';
import type { Connections } from '../engine/context.ts';
import { takeLock } from '../engine/lock.ts';
import { HastackError } from '../model/error.ts';
import type { Recovery } from '../model/recovery.ts';
import { recoverCluster } from '../operations/recover/engine.ts';
import type { Power, Proposal } from '../operations/recover/engine.ts';
import type { RecoverReport } from '../operations/recover/report.ts';
import { stuckUnits } from '../operations/recover/stuck-units.ts';
import { awaitHealthy } from '../phases/await-healthy.ts';
import { bmcFacts } from '../phases/bmc-facts.ts';
import { clusterContext } from '../phases/context.ts';
import { runHealthChecks, vipHolders } from '../phases/health.ts';
import { withRun } from '../phases/run.ts';
import type { Run, RunInput } from '../phases/run.ts';
import { currentOwner, isOwnerGone } from '../store/lock-owner.ts';

export interface RecoverOptions {
  readonly without: readonly string[];
  readonly dryRun: boolean;
  readonly confirm: (proposal: Proposal) => Promise<void>;
}

/** Hosts that are away stay red: what needs them is not waited for any longer. */
const HEALTHY_WITHOUT_SECONDS = 60;

export async function recoverFlow(input: RunInput, options: RecoverOptions): Promise<RecoverReport> {
  const unknown = options.without.find((host) => !input.cluster.hosts.some(({ name }) => name === host));
  if (unknown !== undefined) throw noSuchHost(unknown, input);
  return withRun(input, async (run) => {
    const connections = await checkReachable(run.engine, run.desired.hosts);
    try {
      return await recover(run, connections, options);
    } finally {
      await connections.close();
    }
  });
}

async function recover(run: Run, connections: Connections, options: RecoverOptions): Promise<RecoverReport> {
  const { sessions, unreachable } = connections;
  const { clock, random, emit, signal } = run.engine;
  return recoverCluster({
    ...options,
    recoveries: recoveriesOf(run),
    sessions,
    unreachable,
    power: unreachable.size === 0 ? new Map() : await powerOf(run),
    clock,
    emit,
    ...(signal === undefined ? {} : { signal }),
    lock: async () =>
      takeLock({
        clock,
        random,
        emit,
        owner: currentOwner(run.input.command),
        isGone: isOwnerGone,
        hosts: run.desired.lockHosts.filter((host) => !options.without.includes(host)),
        sessions,
      }),
    health: async (seconds) => red(run, connections, seconds),
  });
}

/** The database first: everything else needs it. Failed units last. */
function recoveriesOf(run: Run): readonly Recovery[] {
  const ctx = clusterContext(run.context);
  const own = run.context.deployed.flatMap(({ component }) => component.recovery?.(ctx) ?? []);
  const cared = new Set(run.context.deployed.flatMap(({ component }) => (component.recovery ? [component.id] : [])));
  const units = new Map<string, string[]>(run.desired.hosts.map((host) => [host, []]));
  for (const { id, steps } of run.desired.components) {
    for (const step of steps) {
      if (step.on !== 'each') continue;
      for (const [host, resources] of step.resources) {
        const active = resources.map(asUnit).filter((unit) => unit?.active === true && unit.group !== id);
        const grouped = resources
          .map(asUnit)
          .filter((unit) => unit?.active === true && unit.group === id && !cared.has(id));
        for (const unit of [...active, ...grouped]) if (unit !== undefined) units.get(host)?.push(unit.name);
      }
    }
  }
  return [...own, stuckUnits(units)];
}

async function powerOf(run: Run): Promise<ReadonlyMap<string, Power>> {
  const facts = await bmcFacts(run.input, run.state);
  return new Map(
    [...facts].map(([host, fact]): readonly [string, Power] => {
      if (fact.state !== 'answers' || !['On', 'Off'].includes(fact.power)) return [host, 'unknown'];
      return [host, fact.power === 'Off' ? 'off' : 'on'];
    }),
  );
}

async function red(run: Run, { sessions, unreachable }: Connections, seconds: number): Promise<readonly string[]> {
  const { signal } = run.engine;
  const patience = unreachable.size === 0 ? seconds : Math.min(seconds, HEALTHY_WITHOUT_SECONDS);
  if (patience > 0) await settled(run, sessions, patience);
  const [checks, vips] = await Promise.all([
    runHealthChecks(run.context, sessions, signal),
    vipHolders(run.context, sessions, signal),
  ]);
  return [
    ...[...unreachable].map(([host, error]) => `${host}: ${error.message}`),
    ...checks
      .filter(({ ok, host }) => !ok && !unreachable.has(host))
      .map(({ host, name, detail }) => `${host}: ${name}: ${detail}`),
    ...vips
      .filter(({ holders }) => holders.length !== 1)
      .map(({ name, holders }) => `VIP ${name} is held by ${holders.join(' and ') || 'nobody'}`),
  ];
}

async function settled(run: Run, sessions: Connections['sessions'], seconds: number): Promise<void> {
  try {
    await awaitHealthy({ ...run, input: { ...run.input, limit: [...sessions.keys()] } }, sessions, seconds);
  } catch (error) {
    // What is still red is told by the last look.
    if (!(error instanceof HastackError) || error.code !== 'apply-failed') throw error;
  }
}

function noSuchHost(host: string, { cluster }: RunInput): HastackError {
  return new HastackError({
    code: 'usage',
    message: `--without ${host}: the spec has no such host`,
    hint: `its hosts are ${cluster.hosts.map(({ name }) => name).join(', ')}`,
  });
}
