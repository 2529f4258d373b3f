// `hastack status`: live health of every component, who holds the VIPs, and how many members each group may lose.
// With a limit all hosts are still asked, because redundancy depends on all; only those of the limit are shown and judged.
import { checkReachable } from '../engine/connect.ts';
import { runHealthChecks, vipHolders } from '../phases/health.ts';
import type { CheckResult, VipHolder } from '../phases/health.ts';
import { redundancyLeft } from '../phases/redundancy.ts';
import type { Redundancy } from '../phases/redundancy.ts';
import { withRun } from '../phases/run.ts';
import type { RunInput } from '../phases/run.ts';

export interface Status {
  readonly healthy: boolean;
  readonly checks: readonly CheckResult[];
  readonly vips: readonly (Omit<VipHolder, 'holders'> & {
    readonly holder: string | null;
    readonly holders: readonly string[];
  })[];
  readonly redundancy: readonly Redundancy[];
  readonly unreachable: readonly { readonly host: string; readonly reason: string }[];
}

export async function statusFlow(input: RunInput): Promise<Status> {
  return withRun(input, async (run) => {
    const connections = await checkReachable(run.engine, run.desired.hosts);
    try {
      const { sessions } = connections;
      const [checks, vips] = await Promise.all([
        runHealthChecks(run.context, sessions, run.engine.signal),
        vipHolders(run.context, sessions, run.engine.signal),
      ]);
      const shown = ({ host }: { readonly host: string }): boolean => input.limit?.includes(host) !== false;
      const own = checks.filter(shown);
      const unreachable = [...connections.unreachable]
        .map(([host, error]) => ({ host, reason: error.message }))
        .filter(shown);
      return {
        healthy:
          own.every((check) => check.ok) && vips.every((vip) => vip.holders.length === 1) && unreachable.length === 0,
        checks: own,
        vips: vips.map((vip) => ({ ...vip, holder: vip.holders.length === 1 ? (vip.holders[0] ?? null) : null })),
        redundancy: redundancyLeft(run.context, checks),
        unreachable,
      };
    } finally {
      await connections.close();
    }
  });
}
