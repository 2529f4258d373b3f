// How many more members each component may lose before it stops serving. Pure.
import type { Need } from '../model/failure.ts';
import { clusterContext } from './context.ts';
import type { ContextInput } from './context.ts';
import type { CheckResult } from './health.ts';

export interface Redundancy {
  readonly component: string;
  readonly members: number;
  readonly serving: number;
  readonly mayLose: number;
}

/** A member serves when all its checks are green. Components without checks are left out. */
export function redundancyLeft(input: ContextInput, checks: readonly CheckResult[]): readonly Redundancy[] {
  return input.deployed.flatMap(({ component, hosts }) => {
    const own = checks.filter((check) => check.component === component.id);
    if (own.length === 0) return [];
    const serving = hosts.filter((host) =>
      own.filter((check) => check.host === host.name).every((check) => check.ok),
    ).length;
    const { needs } = component.failure(clusterContext(input));
    return [
      {
        component: component.id,
        members: hosts.length,
        serving,
        mayLose: Math.max(0, serving - needed(needs, hosts.length)),
      },
    ];
  });
}

function needed(need: Need, members: number): number {
  switch (need.kind) {
    case 'at-least':
      return need.count;
    case 'majority':
      return Math.floor(members / 2) + 1;
    case 'all':
      return members;
  }
}
