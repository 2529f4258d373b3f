// hastack plan: what apply would change, per host. Reads hosts, changes nothing, takes no lock.
import type { PlannedCluster } from '../engine/plan.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
import { prepareRun } from './run-input.ts';
import { specArgument } from './spec-argument.ts';

interface PlanFlags {
  readonly out?: string;
  readonly detailedExitcode?: boolean;
}

export const planCommand = command<PlanFlags, [string]>({
  brief: 'Show what apply would change',
  usage: '[--out FILE] [--detailed-exitcode] [--lab] [--limit HOST,…] [SPEC]',
  description: [
    'Compares the hosts with the spec and lists every change with its reason, diff and the interruption to expect.',
    'Secrets are masked. Exits 1 when a host could not be read or a step is refused.',
    '--limit shows these hosts only, and what `apply --limit` would do: nothing that is done once for the whole cluster.',
  ].join('\n'),
  examples: [
    { command: 'hastack plan', does: 'against the real hosts' },
    { command: 'hastack plan --lab', does: 'against the twins' },
    { command: 'hastack plan --out change.plan', does: 'keeps it for `hastack apply cluster.yaml change.plan`' },
  ],
  uses: ['lab', 'state', 'limit'],
  flags: {
    out: { kind: 'parsed', parse: (text: string) => text, optional: true, placeholder: 'FILE', brief: 'Keep the plan' },
    detailedExitcode: toggle('Exit 0: nothing to change, 2: changes, 1: error'),
  },
  positional: { kind: 'tuple', parameters: [specArgument] },
  run: showPlan,
});

async function showPlan(call: Call<PlanFlags>, spec: string): Promise<number> {
  const prepared = await prepareRun(call, { spec, command: 'plan', emit: () => undefined });
  if ('entered' in prepared) return prepared.entered;
  const [{ planFlow }, { renderPlan }, { styleFor }] = await Promise.all([
    import('../flows/plan.ts'),
    import('../render/plan.ts'),
    import('../render/style.ts'),
  ]);
  const planned = await planFlow(prepared.input);
  const { flags, world, color } = call;
  world.stdout.write(
    flags.json ? `${JSON.stringify(planned.plan)}\n` : renderPlan(planned.plan, { style: styleFor(color) }),
  );
  if (flags.out !== undefined) {
    const { serialisePlan } = await import('../engine/plan-file.ts');
    const about = { cluster: prepared.input.cluster.name, createdAt: new Date(world.clock.now()).toISOString() };
    await world.files.write(flags.out, serialisePlan(planned, about), { exclusive: false, mode: 0o600 });
  }
  return exitCodeOfPlan(planned, flags.detailedExitcode ?? false);
}

function exitCodeOfPlan({ plan }: PlannedCluster, detailed: boolean): number {
  if (plan.unread.length > 0 || plan.refusals.length > 0) return 1;
  return detailed && plan.changes.length > 0 ? 2 : 0;
}
