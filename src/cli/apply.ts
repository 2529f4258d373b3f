// hastack apply: makes the hosts as the spec says. May be stopped or killed at any time and run again.
import type { ApplyOptions } from '../phases/apply.ts';
import { exitCodeOf, HastackError } from '../model/error.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
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
  usage: '[--break-lock] [--lab] [SPEC [PLANFILE]]',
  description: [
    'Deploys and changes, in order, members of a quorum one at a time and only while the others are healthy.',
    'Stopped or killed, it goes on when it is run again. First-time steps never run over data: exit 4 names `recover`.',
  ].join('\n'),
  examples: [
    { command: 'hastack apply', does: 'the real hosts of ./cluster.yaml' },
    { command: 'hastack apply --lab', does: 'the twins' },
    { command: 'hastack apply cluster.yaml change.plan', does: 'only what was planned' },
  ],
  uses: ['lab', 'state'],
  flags: { breakLock: toggle('Take the lock from a run on another machine that is gone for good') },
  positional: { kind: 'tuple', parameters: [specArgument, planArgument] },
  run: applySpec,
});

async function applySpec(call: Call<ApplyFlags>, spec: string, planFile?: string): Promise<number> {
  const output = await eventOutput(call);
  try {
    const prepared = await prepareRun(call, { spec, command: 'apply', emit: output.emit });
    if ('entered' in prepared) return prepared.entered;
    const { applyFlow } = await import('../flows/apply.ts');
    const check = planFile === undefined ? {} : { check: samePlan(planFile, await call.world.files.read(planFile)) };
    const { error } = await applyFlow(prepared.input, { breakLock: call.flags.breakLock ?? false, ...check });
    return error === undefined ? 0 : exitCodeOf(error);
  } finally {
    output.close();
  }
}

function samePlan(file: string, text: string): NonNullable<ApplyOptions['check']> {
  const kept = factsHashIn(file, text);
  return ({ factsHash }) => {
    if (factsHash === kept) return;
    throw new HastackError({
      code: 'refused',
      message: `the hosts or the spec are no longer what they were when ${file} was made`,
      hint: 'run `hastack plan --out` again and look at it',
    });
  };
}

function factsHashIn(file: string, text: string): unknown {
  try {
    return (JSON.parse(text) as { readonly factsHash?: unknown }).factsHash;
  } catch (cause) {
    throw new HastackError({
      code: 'usage',
      message: `${file} is no plan`,
      hint: 'make one with `hastack plan --out`',
      cause,
    });
  }
}
