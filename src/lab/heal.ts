// `lab heal`: brings a lab back to what `lab up` left: no faults, nothing frozen, services running, all twins on.
// Also the way back after the supervisor, the package cache or `lab up` itself was killed.
import type { Lab } from './context.ts';
import { requireUp } from './context.ts';
import { healFaults } from './faults.ts';
import { createNamespace } from './namespace.ts';
import { ensurePackageCache } from './package-cache.ts';
import { isOn, power } from './power.ts';
import { ensureSupervisor } from './supervisor.ts';

export interface HealOptions {
  /** Power twins on that are off; default true. */
  readonly powerOn?: boolean;
}

export async function heal(lab: Lab, options: HealOptions = {}): Promise<void> {
  requireUp(lab);
  await createNamespace(lab);
  await healFaults(lab);
  await ensurePackageCache(lab);
  await ensureSupervisor(lab);
  if (options.powerOn === false) return;
  await Promise.all(
    lab.cluster.hosts.map(async ({ name }) => {
      if (!(await isOn(lab, name))) await power(lab, name, 'on');
    }),
  );
}
