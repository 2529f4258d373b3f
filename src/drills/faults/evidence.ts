// What has to be true while a part is failed, and cannot be seen from outside. undefined: it is; else what is wrong.
import { raw, sh } from '../../remote/shell.ts';
import type { DrillHosts } from '../hosts.ts';
import { LEDGER_DATABASE } from '../probes/config.ts';
import type { HealthState } from '../run-types.ts';

/** A member without a majority must not take a write that nobody else will ever see. */
export async function refusesWrites(hosts: DrillHosts, host: string): Promise<string | undefined> {
  const insert = `INSERT INTO ${LEDGER_DATABASE}.seq (run, n) VALUES ('minority', 1)`;
  // A write that waits for a majority is not acknowledged either.
  const { code } = await hosts.run(host, sh`timeout 5 mariadb -e ${insert} ${raw('>/dev/null 2>&1')}`, { timeout: 15 });
  return code === 0 ? `${host} acknowledged a write without a majority` : undefined;
}

/** Somebody who looks at `status` must see it. */
export async function noticed(health: () => Promise<HealthState>, word: string): Promise<string | undefined> {
  const { problems } = await health();
  return problems.some((problem) => problem.toLowerCase().includes(word))
    ? undefined
    : `no health check noticed the ${word}`;
}
