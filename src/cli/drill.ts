// hastack drill: fails real parts and measures what users lose.
import type { DrillReport } from '../model/drill.ts';
import { HastackError } from '../model/error.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
import { eventOutput } from './event-output.ts';
import { prepareRun } from './run-input.ts';
import { DEFAULT_SPEC, isSpecPath } from './spec-argument.ts';
import type { Drill } from '../drills/drill.ts';

interface DrillFlags {
  readonly list?: boolean;
  readonly strict?: boolean;
}

const drillArgument = {
  parse: (text: string) => text,
  placeholder: 'SPEC|NAME',
  brief: 'The spec, then the drills to run; all of them unless named',
  proposeCompletions: async (partial: string) =>
    (await allDrills()).map(({ name }) => name).filter((name) => name.startsWith(partial)),
} as const;

export const drillCommand = command<DrillFlags, string[]>({
  brief: 'Fail real parts and measure what users lose',
  usage: '[--list] [--strict] [--lab] [SPEC [NAME...]]',
  description: [
    'Checks that all is healthy, starts probes, fails a part, holds, heals it, waits until all is healthy again and judges',
    'what users lost against the promises of the spec and the prediction. Writes an HTML and a JSON report.',
    'On real servers it says first what will be interrupted and asks. Exit 1 when a drill did not pass.',
  ].join('\n'),
  examples: [
    { command: 'hastack drill --list', does: 'what there is' },
    { command: 'hastack drill --lab', does: 'all drills on the twins' },
    { command: 'hastack drill cluster.yaml vip-holder-off', does: 'one drill on the real servers' },
  ],
  uses: ['lab', 'state', 'yes'],
  flags: {
    list: toggle('List the drills and what they do'),
    strict: toggle('Judge twins by the limits of real servers'),
  },
  positional: { kind: 'array', parameter: drillArgument },
  run: drill,
});

async function drill(call: Call<DrillFlags>, ...words: readonly string[]): Promise<number> {
  const { flags, world } = call;
  if (flags.list) {
    const all = await allDrills();
    world.stdout.write(flags.json ? `${JSON.stringify(all.map(described))}\n` : listText(all));
    return 0;
  }
  const { spec, names } = splitWords(words);
  const { TWIN_TOLERANCE, chosenDrills } = await import('./drill-options.ts');
  const drills = names.length > 0 ? chosenDrills(names) : await allDrills();
  await confirmed(
    call,
    drills.map(({ title, description }) => `${title}. ${description}`),
  );
  const output = await eventOutput({ ...call, flags: { ...flags, json: false } });
  try {
    const prepared = await prepareRun(call, {
      spec,
      command: 'drill',
      emit: flags.json ? () => undefined : output.emit,
    });
    if ('entered' in prepared) return prepared.entered;
    const { drillFlow } = await import('../flows/drill.ts');
    const lab = flags.lab ?? false;
    const { report, ok, file } = await drillFlow(prepared.input, {
      drills,
      program: programOf(call),
      tolerance: lab && !flags.strict ? TWIN_TOLERANCE : 1,
      lab,
      command: [
        'hastack',
        'drill',
        ...(lab ? ['--lab'] : []),
        ...(flags.strict ? ['--strict'] : []),
        spec,
        ...names,
      ].join(' '),
    });
    output.close();
    world.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : `${verdictText(report)}report: ${file}\n`);
    return ok ? 0 : 1;
  } finally {
    output.close();
  }
}

/** A spec may be left out; drills have names without a dot or a slash. */
function splitWords(words: readonly string[]): { readonly spec: string; readonly names: readonly string[] } {
  const [first, ...rest] = words;
  return first !== undefined && isSpecPath(first) ? { spec: first, names: rest } : { spec: DEFAULT_SPEC, names: words };
}

async function allDrills(): Promise<readonly Drill[]> {
  return (await import('../drills/catalogue/registry.gen.ts')).DRILLS;
}

export function programOf(call: Call<object>): readonly [string, ...string[]] {
  const [first, ...rest] = call.world.program;
  if (first === undefined) throw new Error('the program does not know how it was started');
  return [first, ...rest];
}

async function confirmed({ flags, world }: Call<DrillFlags>, drills: readonly string[]): Promise<void> {
  if (flags.lab || flags.yes) return;
  const refused = new HastackError({
    code: 'refused',
    message: `these drills interrupt a real cluster: ${drills.join(' ')}`,
    hint: 'run them on twins with --lab, or say --yes',
  });
  if (!world.interactive) throw refused;
  const { confirm } = await import('@clack/prompts');
  const answer = await confirm({
    message: `This interrupts the real cluster, one after another:\n${drills.join('\n')}\nGo on?`,
    initialValue: false,
  });
  if (answer !== true) throw refused;
}

function described({ name, title, description, fault, component, wants, probes, noFailures = [] }: Drill) {
  return { name, title, description, fault, component: component ?? 'host', target: wants, probes, noFailures };
}

function listText(drills: readonly Drill[]): string {
  return drills
    .map(({ name, title, description, fault, wants, probes }) =>
      [name, `  ${title}. ${description}`, `  ${fault} on ${wants}; measured: ${probes.join(', ')}`, ''].join('\n'),
    )
    .join('');
}

function verdictText(report: DrillReport): string {
  return report.drills
    .map(({ name, verdict, reason, probes, previous }) => {
      const figures = probes.map((probe) => `${probe.name} ${probe.measuredSeconds.toFixed(2)} s`).join(', ');
      const worse = (previous?.worse ?? []).map((line) => `\n             worse than last time: ${line}`).join('');
      const gaps = figures === '' ? '' : `\n             longest gaps: ${figures}`;
      return `${verdict.padEnd(12)} ${name}: ${reason}${gaps}${worse}\n`;
    })
    .join('');
}
