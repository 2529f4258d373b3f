// hastack restore: a backup back onto the cluster. Says what it destroys, and asks.
import { join } from 'node:path';
import { formatDuration } from '../lib/text.ts';
import { HastackError } from '../model/error.ts';
import type { RestorePlan } from '../flows/restore.ts';
import type { RunInput } from '../phases/run.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
import { eventOutput } from './event-output.ts';
import { identityText } from './identity-text.ts';
import { prepareRun } from './run-input.ts';
import { specArgument } from './spec-argument.ts';

interface RestoreFlags {
  readonly from?: string;
  readonly only?: readonly string[];
  readonly dryRun?: boolean;
  readonly identity?: string;
}

export const restoreCommand = command<RestoreFlags, [string]>({
  brief: 'Bring a backup back onto the cluster',
  usage: '--from DIR [--only PART,...] [--dry-run] [--lab] [SPEC]',
  description: [
    'Checks the backup, brings it to the hosts and makes it ready while the cluster runs; then stops the services that use',
    'the databases, puts everything in place, compares it with what was backed up, starts the services and waits until all',
    'is healthy. Says first what it destroys, and asks. Killed half-way and run again it goes on where it stopped.',
    'Parts: galera, keystone (its keys), rabbitmq, ovn-central, as deployed; all of them unless --only names some.',
    "`--only state` fills an empty state directory with the operator's state and touches no host.",
    'Without --yes it is refused where nobody can be asked.',
  ].join('\n'),
  examples: [
    {
      command: 'hastack restore --from /srv/backups --dry-run',
      does: 'what the newest one there would destroy and do',
    },
    {
      command: 'hastack restore --from /srv/backups/campus-20260601T030000Z --only galera',
      does: 'the databases only',
    },
    { command: 'hastack restore --from /srv/backups --only state --identity ~/age.txt', does: 'on a new laptop' },
  ],
  uses: ['lab', 'state', 'yes'],
  flags: {
    from: text('DIR', 'A backup, or a directory of backups: its newest'),
    only: {
      kind: 'parsed',
      parse: (word: string) => word,
      variadic: ',',
      optional: true,
      placeholder: 'PART,...',
      brief: 'Only these parts',
    },
    dryRun: toggle('Say what would be destroyed and done, and stop'),
    identity: text('FILE', 'age identity to read it with; that of the state directory unless given'),
  },
  positional: { kind: 'tuple', parameters: [specArgument] },
  run: restore,
});

async function restore(call: Call<RestoreFlags>, spec: string): Promise<number> {
  const { flags, world } = call;
  const { from, only = [] } = flags;
  if (from === undefined) throw usage('--from is missing', 'name a backup: --from DIR');
  const stateOnly = only.includes('state');
  if (stateOnly && only.length > 1) throw usage('the state is restored alone', 'first --only state, then the rest');
  let output = await eventOutput({ ...call, flags: { ...flags, json: false } });
  try {
    const emit: RunInput['emit'] = flags.json ? () => undefined : (event) => output.emit(event);
    const prepared = await prepareRun(call, { spec, command: 'restore', emit, withoutFiles: stateOnly });
    if ('entered' in prepared) return prepared.entered;
    const { input } = prepared;
    const identity = await identityText(call, input.stateRoot);
    const { restoreFlow, restoreStateFlow } = await import('../flows/restore.ts');
    if (stateOnly) {
      const files = await restoreStateFlow(input, { from, identity });
      world.stdout.write(flags.json ? `${JSON.stringify({ files })}\n` : files.map((path) => `${path}\n`).join(''));
      return 0;
    }
    await requireState(call, input);
    const agree = async (plan: RestorePlan): Promise<void> => {
      output.close();
      await agreed(call, plan);
      output = await eventOutput({ ...call, flags: { ...flags, json: false } });
    };
    const result = await restoreFlow(input, { from, only, identity, dryRun: flags.dryRun ?? false, agree });
    output.close();
    if (flags.json) world.stdout.write(`${JSON.stringify(result)}\n`);
    else if (result.state === 'dry-run') world.stdout.write(planText(result.plan));
    else
      world.stdout.write(
        `restored and healthy after ${formatDuration(result.seconds)}; \`hastack plan\` says what differs from the spec\n`,
      );
    return 0;
  } finally {
    output.close();
  }
}

async function agreed({ flags, world }: Call<RestoreFlags>, plan: RestorePlan): Promise<void> {
  if (flags.yes) return;
  const refused = new HastackError({
    code: 'refused',
    message: `a restore destroys: ${plan.destroys.join('; ')}`,
    hint: 'look at it with --dry-run; when it is meant, say --yes',
  });
  if (!world.interactive || flags.json) throw refused;
  world.stdout.write(planText(plan));
  const { confirm } = await import('@clack/prompts');
  if ((await confirm({ message: 'Restore?', initialValue: false })) !== true) throw refused;
}

export function planText({ backup, takenAt, destroys, steps, continuedFrom }: RestorePlan): string {
  return [
    `${backup}, taken at ${takenAt}`,
    ...(continuedFrom === undefined ? [] : [`goes on with the restore that was begun at ${continuedFrom}`]),
    'It destroys:',
    ...destroys.map((what) => `  ${what}`),
    'It does:',
    ...steps.map(({ host, does }) => `  ${host}: ${does}`),
    '',
  ].join('\n');
}

/** A run would make new secrets, which the cluster does not have. */
async function requireState({ world }: Call<RestoreFlags>, { stateRoot }: RunInput): Promise<void> {
  const path = join(stateRoot, 'secrets.yaml');
  if ((await world.files.readIfThere(path)) !== undefined) return;
  throw new HastackError({
    code: 'refused',
    message: `there is no state of this cluster: ${path} is missing`,
    hint: 'First `hastack state pull`, or `hastack restore --only state --from DIR --identity FILE`.',
  });
}

function usage(message: string, hint: string): HastackError {
  return new HastackError({ code: 'usage', message, hint });
}

function text(placeholder: string, brief: string) {
  return { kind: 'parsed', parse: (word: string) => word, optional: true, placeholder, brief } as const;
}
