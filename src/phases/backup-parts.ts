// What the components of a cluster contribute to its backup, and which units are stopped while one is restored.
import type { Connections, EngineContext } from '../engine/context.ts';
import type { QuietUnits } from '../operations/backup/services.ts';
import type { BackupTools, NamedBackup } from '../operations/backup/tools.ts';
import { opensshPipe } from '../remote/pipe.ts';
import { clusterContext, contributionsOf } from './context.ts';
import type { ContextInput } from './context.ts';
import type { Run } from './run.ts';

/** In the order in which components are deployed: a database is there before what is built on it. */
export function backupParts(input: ContextInput): readonly NamedBackup[] {
  const ctx = clusterContext(input);
  return input.deployed.flatMap(({ component }) =>
    component.backup === undefined ? [] : [{ name: component.id, ...component.backup(ctx) }],
  );
}

/** Of every component with a database, the units that bear the name of its service. */
export function quietUnits({ cluster, deployed }: ContextInput): QuietUnits {
  const users = new Set(contributionsOf('database', cluster, deployed).map(({ component }) => component));
  const units = new Map<string, string[]>();
  for (const { component, hosts } of deployed) {
    if (!users.has(component.id)) continue;
    const service = component.service ?? component.id;
    const own = (component.units ?? []).filter((unit) => new RegExp(`^${service}[-.]`).test(unit));
    for (const { name } of own.length === 0 ? [] : hosts) units.set(name, [...(units.get(name) ?? []), ...own]);
  }
  return units;
}

export function backupTools(run: Run, { sessions }: Connections, engine: EngineContext): BackupTools {
  const { clock, random, emit, signal } = engine;
  const { access, cluster } = run.input;
  const { sudo } = access?.ssh ?? cluster.ssh;
  return {
    sessions,
    pipe: opensshPipe({ configFile: run.state.sshConfig, sudo, clock }),
    clock,
    random,
    emit,
    signal,
  };
}
