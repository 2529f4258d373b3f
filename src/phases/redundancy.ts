// How many more members each component may lose before it stops serving. Pure.
import { rulesOf } from '../model/failure.ts';
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
    // Health is asked per component: of several parts the one that may lose the fewest counts.
    const rules = rulesOf(component, component.failure(clusterContext(input)));
    // Nothing of its own can fail: its parts are others' (Ceph's pools and users).
    if (rules.length === 0) return [];
    const most = Math.max(...rules.map(({ needs }) => needed(needs, hosts.length)));
    return [
      {
        component: component.id,
        members: hosts.length,
        serving,
        mayLose: Math.max(0, serving - most),
      },
    ];
  });
}

/** What stops serving when one member of a component, or any host, fails: components that can spare nobody. */
export function notTolerated(input: ContextInput, failed: string | undefined): readonly string[] {
  return input.deployed.flatMap(({ component, hosts }) => {
    if (failed !== undefined && component.id !== failed) return [];
    return rulesOf(component, component.failure(clusterContext(input))).flatMap(({ id, title, needs, hosts: own }) => {
      const members = own ?? hosts.map(({ name }) => name);
      if (members.length === 0 || members.length > needed(needs, members.length)) return [];
      return [`${title} needs all of its ${members.length} (${id})`];
    });
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
