// hastack apply: makes the hosts as the spec says. May be stopped or killed at any time and run again.
import { assertStillHolds, parsePlan } from '../engine/plan-file.ts';
import type { ApplyOptions } from '../phases/apply.ts';
import { exitCodeOf } from '../model/error.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
import { confirmPlan } from './confirm-plan.ts';
import type { Question } from './confirm-plan.ts';
import { eventOutput } from './event-output.ts';
import { prepareRun } from './run-input.ts';
import { specArgument } from './spec-argument.ts';

interface ApplyFlags {
  readonly breakLock?: boolean;
}

const planArgument = {
  parse: (text: string) => text,
  placeholder: 'PLANFILE',
  brief: 'From `hastack plan --out`: refuse when anything moved since',
  optional: true,
} as const;

export const applyCommand = command<ApplyFlags, [string, string | undefined]>({
  brief: 'Make the hosts as the spec says',
  usage: '[--yes] [--break-lock] [--limit HOST,…] [--lab] [SPEC [PLANFILE]]',
  description: [
    'Deploys and changes, in order, members of a quorum one at a time and only while the others are healthy.',
    'Stopped or killed, it goes on when it is run again. First-time steps never run over data: exit 4 names `recover`.',
    'On a terminal it shows the plan and asks first, unless --yes is given, a PLANFILE is applied or --lab is used.',
    'In scripts it does not ask; a plan that deletes data is refused there without --yes (exit 1, nothing changed).',
    '--limit changes these hosts only. All are still read: no cluster is ever formed by it, no quorum put at risk, and',
    'what is done once for the whole cluster (databases, users, endpoints) is left out.',
  ].join('\n'),
  examples: [
    { command: 'hastack apply', does: 'the real hosts of ./cluster.yaml' },
    { command: 'hastack apply --lab', does: 'the twins' },
    { command: 'hastack apply --limit ctl2', does: 'only what ctl2 needs' },
    { command: 'hastack apply cluster.yaml change.plan', does: 'only what was planned' },
  ],
  uses: ['lab', 'state', 'limit', 'yes'],
  flags: { breakLock: toggle('Take the lock from a run on another machine that is gone for good') },
  positional: { kind: 'tuple', parameters: [specArgument, planArgument] },
  run: applySpec,
});

async function applySpec(call: Call<ApplyFlags>, spec: string, planFile?: string): Promise<number> {
  let output = await eventOutput(call);
  // A question stands alone on the terminal: the live display is removed for it and begins anew afterwards.
  const around: Question['around'] = async (asking) => {
    output.close();
    const answer = await asking();
    output = await eventOutput(call);
    return answer;
  };
  try {
    const prepared = await prepareRun(call, { spec, command: 'apply', emit: (event) => output.emit(event) });
    if ('entered' in prepared) return prepared.entered;
    const { applyFlow } = await import('../flows/apply.ts');
    const { name } = prepared.input.cluster;
    const check =
      planFile === undefined
        ? confirmPlan(call, { around, ask })
        : await samePlan(call, { file: planFile, cluster: name });
    const { error } = await applyFlow(prepared.input, { breakLock: call.flags.breakLock ?? false, check });
    return error === undefined ? 0 : exitCodeOf(error);
  } finally {
    output.close();
  }
}

async function ask(message: string): Promise<boolean> {
  const { confirm } = await import('@clack/prompts');
  return (await confirm({ message, initialValue: false })) === true;
}

async function samePlan(
  call: Call<ApplyFlags>,
  { file, cluster }: { readonly file: string; readonly cluster: string },
): Promise<NonNullable<ApplyOptions['check']>> {
  const stored = parsePlan(await call.world.files.read(file), file);
  return (planned) => assertStillHolds(stored, planned, cluster);
}
