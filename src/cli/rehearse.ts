// hastack rehearse: boots twins of the user's own cluster, deploys to them, breaks them, reports, removes them.
import { exitCodeOf, HastackError } from '../model/error.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
import { programOf } from './drill.ts';
import { eventOutput } from './event-output.ts';
import { specArgument } from './spec-argument.ts';

interface RehearseFlags {
  readonly keep?: boolean;
  readonly bare?: boolean;
  readonly drills?: readonly string[];
}

interface InsideFlags {
  readonly drills?: readonly string[];
}

const drillsFlag = {
  kind: 'parsed',
  parse: (text: string) => text,
  variadic: ',',
  optional: true,
  placeholder: 'NAME,...',
  brief: 'Other drills than the usual four; `hastack drill --list` shows them',
} as const;

export const rehearseCommand = command<RehearseFlags, [string]>({
  brief: 'Deploy, check, break and judge a twin of the cluster on this machine',
  usage: '[--keep] [--bare] [--drills NAME,...] [SPEC]',
  description: [
    'lab up, apply, status, plan (must be empty), four drills, report, lab down. Needs root; this machine and its',
    'networks stay as they are. Where twins differ from real servers is in the report. Exit 1 when a drill did not pass.',
  ].join('\n'),
  examples: [
    { command: 'hastack rehearse', does: 'the cluster of ./cluster.yaml' },
    { command: 'hastack rehearse --keep', does: 'and leaves the twins running, to look around' },
    { command: 'hastack rehearse --bare', does: 'with every package installed from apt on empty Debian' },
  ],
  uses: ['state'],
  flags: {
    keep: toggle('Leave the twins running; `hastack lab down` removes them'),
    bare: toggle('Twins without packages: the deployment installs them from apt'),
    drills: drillsFlag,
  },
  positional: { kind: 'tuple', parameters: [specArgument] },
  run: rehearse,
});

async function rehearse(call: Call<RehearseFlags>, spec: string): Promise<number> {
  const { flags, world } = call;
  const { chosenDrills } = await import('./drill-options.ts');
  // A misspelt drill is said before twins are booted for it.
  chosenDrills(flags.drills ?? []);
  const output = await eventOutput(call);
  try {
    const [{ openTwins }, { packagesOf }] = await Promise.all([import('./lab/twins.ts'), import('./lab/up.ts')]);
    const { cluster, options } = await openTwins(call, spec);
    const { rehearseFlow } = await import('../flows/rehearse.ts');
    const { signal, ...lab } = options;
    const result = await rehearseFlow({
      lab: {
        ...lab,
        packages: await packagesOf(cluster),
        bare: flags.bare ?? false,
        onProgress: ({ stage, host, message }) =>
          output.emit({ event: 'note', message: `${stage}: ${message}`, ...(host === undefined ? {} : { host }) }),
        ...(signal === undefined ? {} : { signal }),
      },
      emit: output.emit,
      inside: [
        ...world.program.slice(1),
        'internal-rehearse',
        '--json',
        '--lab',
        ...(flags.drills === undefined ? [] : ['--drills', flags.drills.join(',')]),
        ...(flags.state === undefined ? [] : ['--state', flags.state]),
        spec,
      ],
      keep: flags.keep ?? false,
      ...(signal === undefined ? {} : { signal }),
    });
    return result.exitCode;
  } finally {
    output.close();
  }
}

/** The part inside the lab; prints events as JSON lines. */
export const internalRehearseCommand = command<InsideFlags, [string]>({
  brief: 'The part of a rehearsal inside the lab',
  usage: 'SPEC',
  description: 'Started by `hastack rehearse`.',
  examples: [{ command: 'hastack internal-rehearse --lab --json cluster.yaml', does: 'apply, status, plan, drills' }],
  uses: ['lab', 'state'],
  flags: { drills: drillsFlag },
  positional: { kind: 'tuple', parameters: [specArgument] },
  run: rehearseInside,
});

async function rehearseInside(call: Call<InsideFlags>, spec: string): Promise<number> {
  const output = await eventOutput(call);
  const { prepareRun } = await import('./run-input.ts');
  const prepared = await prepareRun(call, { spec, command: 'rehearse', emit: output.emit });
  if ('entered' in prepared) return prepared.entered;
  const { rehearseInsideFlow } = await import('../flows/rehearse-inside.ts');
  const { REHEARSED, TWIN_TOLERANCE, chosenDrills } = await import('./drill-options.ts');
  try {
    await rehearseInsideFlow(prepared.input, {
      drills: chosenDrills(call.flags.drills ?? REHEARSED),
      program: programOf(call),
      tolerance: TWIN_TOLERANCE,
      lab: true,
      command: `hastack rehearse ${spec}`,
    });
    return 0;
  } catch (error) {
    if (!(error instanceof HastackError)) throw error;
    const { code, message, hint, host } = error;
    output.emit({ event: 'failed', code, message, hint, ...(host === undefined ? {} : { host }) });
    return exitCodeOf(error);
  }
}
