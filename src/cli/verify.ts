// hastack verify: uses the cloud as its users do, from log-in to an instance that answers, and cleans up.
import { HastackError } from '../model/error.ts';
import type { GuestImage } from '../operations/verify/bench.ts';
import type { VerifyReport } from '../operations/verify/report.ts';
import type { RunInput } from '../phases/run.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
import { eventOutput } from './event-output.ts';
import { prepareRun } from './run-input.ts';
import { specArgument } from './spec-argument.ts';

interface VerifyFlags {
  readonly clean?: boolean;
  readonly image?: string;
  readonly sshUser?: string;
  readonly flavor?: string;
}

const text = (placeholder: string, brief: string) =>
  ({ kind: 'parsed', parse: (word: string) => word, optional: true, placeholder, brief }) as const;

export const verifyCommand = command<VerifyFlags, [string]>({
  brief: 'Use the cloud as its users do, and clean up',
  usage: '[--lab] [--clean] [--image FILE [--ssh-user NAME] [--flavor NAME]] [SPEC]',
  description: [
    'Logs in, makes a project with a user, network, router, image, instances and volume, reaches the instances from',
    'outside and from each other, opens a console, moves an instance, runs a stack, logs in to the dashboard; then',
    'removes all of it, also when something failed. Steps whose service is not deployed are skipped and said so.',
    'Exit 1 when a step failed or something was left behind, 3 when the cloud could not be reached.',
  ].join('\n'),
  examples: [
    { command: 'hastack verify', does: 'the cloud of ./cluster.yaml' },
    { command: 'hastack verify --lab --json', does: 'the twins; prints one JSON document' },
    { command: 'hastack verify --clean', does: 'only removes what earlier runs left' },
    {
      command: 'hastack verify --image debian-13-genericcloud-amd64.qcow2 --ssh-user debian --flavor m1.small',
      does: 'boots your own image',
    },
  ],
  uses: ['lab', 'state'],
  flags: {
    clean: toggle('Only remove what earlier runs left'),
    image: text('FILE', 'Boot this image (.qcow2 or raw) instead of a small one made here'),
    sshUser: text('NAME', 'Who logs in to instances of that image; root unless given'),
    flavor: text('NAME', 'Use this flavor of the cloud; one with 128 MiB is made unless given'),
  },
  positional: { kind: 'tuple', parameters: [specArgument] },
  run: verify,
});

async function verify(call: Call<VerifyFlags>, spec: string): Promise<number> {
  const { flags, world } = call;
  const output = await eventOutput({ ...call, flags: { ...flags, json: false } });
  try {
    const emit = flags.json ? () => undefined : output.emit;
    const prepared = await prepareRun(call, { spec, command: 'verify', emit });
    if ('entered' in prepared) return prepared.entered;
    const { verifyFlow } = await import('../flows/verify.ts');
    const report = await verifyFlow(prepared.input, {
      image: flags.clean ? undefined : await imageFor(call, prepared.input),
      clean: flags.clean ?? false,
      ...(flags.flavor === undefined ? {} : { flavor: flags.flavor }),
    });
    output.close();
    world.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : reportText(report));
    if (prepared.input.signal?.aborted === true) return 130;
    return report.ok ? 0 : 1;
  } finally {
    output.close();
  }
}

/** The user's, or the lab's own: made at first use, which needs root and a Debian mirror. */
async function imageFor({ flags }: Call<VerifyFlags>, input: RunInput): Promise<GuestImage | undefined> {
  const { image, sshUser } = flags;
  if (image !== undefined) {
    return { file: image, format: image.endsWith('.qcow2') ? 'qcow2' : 'raw', user: sshUser ?? 'root' };
  }
  if (!('glance' in input.cluster.services)) return undefined;
  const [{ openLab }, { guestImage }] = await Promise.all([
    import('../lab/context.ts'),
    import('../lab/guest-image.ts'),
  ]);
  const { cluster, stateRoot: stateDir, clock, random } = input;
  try {
    return { file: await guestImage(await openLab({ cluster, stateDir, clock, random })), format: 'raw', user: 'root' };
  } catch (cause) {
    if (!(cause instanceof HastackError)) throw cause;
    throw new HastackError({
      code: 'environment',
      message: `there is no image to boot: ${cause.message}`,
      hint: `name one with --image FILE, or: ${cause.hint}`,
      cause,
    });
  }
}

export function reportText({ ok, steps, skipped, leftBehind }: VerifyReport): string {
  const failed = steps.filter((step) => !step.ok);
  return [
    ...failed.map(({ name, detail }) => `failed: ${name}: ${detail}`),
    ...leftBehind.map((what) => `left behind: ${what}`),
    ...(skipped.length === 0 ? [] : [`skipped: ${skipped.map(({ name }) => name).join(', ')}`]),
    `${ok ? 'verified' : 'not verified'}: ${steps.length - failed.length} steps passed, ${failed.length} failed, ${skipped.length} skipped`,
    '',
  ].join('\n');
}
