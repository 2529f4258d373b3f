// `hastack plan`: what apply would change. Read-only; takes no lock.
import { checkReachable } from '../engine/connect.ts';
import { planCluster } from '../engine/plan.ts';
import type { PlannedCluster } from '../engine/plan.ts';
import { withRun } from '../phases/run.ts';
import type { RunInput } from '../phases/run.ts';

export async function planFlow(input: RunInput): Promise<PlannedCluster> {
  return withRun(input, async (run) => {
    const connections = await checkReachable(run.engine, run.desired.hosts);
    try {
      return await planCluster(run.engine, run.desired, connections);
    } finally {
      await connections.close();
    }
  });
}
