// The failure matrix of a cluster as its spec asks for it, and the promises it breaks as findings of `check`. Pure.
import { COMPONENTS } from '../components/registry.gen.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Finding } from '../model/finding.ts';
import type { Position } from '../model/error.ts';
import type { SimulationReport } from '../model/simulation.ts';
import { simulate } from '../simulate/simulate.ts';
import type { SimulationOptions } from '../simulate/simulate.ts';
import { predictedFailures } from './predict.ts';

export function simulateCluster(planned: Cluster, options: SimulationOptions): SimulationReport {
  return simulate(predictedFailures(planned, COMPONENTS), options);
}

/** `positionOf`: where the spec promises this capability. */
export function promiseFindings(planned: Cluster, positionOf: (capability: string) => Position): readonly Finding[] {
  return simulateCluster(planned, { failures: 1 }).brokenPromises.map((broken) => ({
    rule: 'simulate.promise-broken',
    severity: broken.severity,
    impact: `${broken.capability} is away longer than promised.`,
    message: broken.message,
    at: positionOf(broken.capability),
    remediation: broken.remediation,
    source: 'hastack simulate',
  }));
}
