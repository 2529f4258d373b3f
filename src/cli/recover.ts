// hastack recover: brings a broken cluster back from what its hosts hold.
import { HastackError } from '../model/error.ts';
import type { Proposal } from '../operations/recover/engine.ts';
import type { RecoverReport } from '../operations/recover/report.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
import type { Question } from './confirm-plan.ts';
import { eventOutput } from './event-output.ts';
import { prepareRun } from './run-input.ts';
import { specArgument } from './spec-argument.ts';

interface RecoverFlags {
  readonly dryRun?: boolean;
  readonly without?: readonly string[];
}

const withoutFlag = {
  kind: 'parsed',
  parse: (text: string) => text,
  variadic: ',',
  optional: true,
  placeholder: 'HOST',
  brief: 'Give this host up: what only it holds may be lost. Make sure that it is off',
} as const;

export const recoverCommand = command<RecoverFlags, [string]>({
  brief: 'Bring a broken cluster back from what its hosts hold',
  usage: '[--dry-run] [--without HOST]... [--yes] [--lab] [SPEC]',
  description: [
    'Reads every host, says what it found and what it would do, and asks. Then step by step, each verified, Galera first:',
    'the most advanced copy starts the cluster, when every member of the last primary component was read and none lives.',
    'Data of members that lost are moved aside, not deleted. Killed half-way, it goes on when it is run again.',
    'Exits 0 when all is healthy, 1 when it refused or something is left.',
  ].join('\n'),
  examples: [
    { command: 'hastack recover --dry-run', does: 'what happened, and what would be done' },
    { command: 'hastack recover', does: 'repairs the real hosts of ./cluster.yaml, after a question' },
    { command: 'hastack recover --without ctl3', does: 'ctl3 is lost: goes on with what the others hold' },
  ],
  uses: ['lab', 'state', 'yes'],
  flags: { dryRun: toggle('Say what was found and what would be done, and stop'), without: withoutFlag },
  positional: { kind: 'tuple', parameters: [specArgument] },
  run: recover,
});

async function recover(call: Call<RecoverFlags>, spec: string): Promise<number> {
  const { flags, world } = call;
  let output = await eventOutput(call);
  const around: Question['around'] = async (asking) => {
    output.close();
    const answer = await asking();
    output = await eventOutput(call);
    return answer;
  };
  try {
    const prepared = await prepareRun(call, {
      spec,
      command: 'recover',
      // With --json there is one document, at the end.
      emit: flags.json ? () => undefined : (event) => output.emit(event),
    });
    if ('entered' in prepared) return prepared.entered;
    const { recoverFlow } = await import('../flows/recover.ts');
    const report = await recoverFlow(prepared.input, {
      without: flags.without ?? [],
      dryRun: flags.dryRun ?? false,
      confirm: confirmRecovery(call, { around, ask }),
    });
    output.close();
    world.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : recoverText(report));
    return report.state === 'nothing-to-do' || report.state === 'repaired' ? 0 : 1;
  } finally {
    output.close();
  }
}

async function ask(message: string): Promise<boolean> {
  const { confirm } = await import('@clack/prompts');
  return (await confirm({ message, initialValue: false })) === true;
}

/** Nobody recovers a cluster by accident: in scripts it needs --yes. */
function confirmRecovery(
  { flags, world }: Pick<Call<object>, 'flags' | 'world'>,
  question: Question,
): (proposal: Proposal) => Promise<void> {
  return async (proposal) => {
    if (flags.yes || flags.lab) return;
    if (!world.interactive || flags.json) {
      throw refused(`${proposal.steps.length} steps would be made`, 'look at them with --dry-run, then say --yes');
    }
    const yes = await question.around(async () => {
      world.stdout.write(proposalText(proposal));
      return question.ask('Do this?');
    });
    if (!yes) throw refused('nothing was changed', 'run it again when you are ready');
  };
}

function proposalText({ steps, warnings }: Proposal): string {
  const lines = [
    ...steps.map(({ host, does }, index) => `${index + 1}. ${host}: ${does}`),
    ...steps.flatMap(({ destroys }) => (destroys === undefined ? [] : [`! ${destroys}`])),
    ...warnings.map((warning) => `! ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}

function recoverText({ state, steps, left }: RecoverReport): string {
  const failed = steps.filter(({ ok }) => ok === false);
  return [
    ...failed.map(({ host, does, detail }) => `failed: ${host}: ${does}: ${detail ?? ''}`),
    ...left.map((line) => `left: ${line}`),
    STATE_TEXT[state],
    '',
  ].join('\n');
}

const STATE_TEXT: Readonly<Record<RecoverReport['state'], string>> = {
  'nothing-to-do': 'nothing to do: all is healthy',
  repaired: 'repaired: all is healthy',
  refused: 'refused: nothing was changed',
  left: 'something is left',
};

function refused(message: string, hint: string): HastackError {
  return new HastackError({ code: 'refused', message, hint });
}
