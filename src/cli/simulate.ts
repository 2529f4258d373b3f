// hastack simulate: what every failure costs, before anything is installed. Reads the spec and nothing else.
// Exit 1 when a promise of the spec is broken.
import type { SimulationReport } from '../model/simulation.ts';
import { HastackError } from '../model/error.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
import { specArgument } from './spec-argument.ts';

interface SimulateFlags {
  readonly failures?: 1 | 2;
  readonly all?: boolean;
  readonly html?: string;
  readonly svg?: string;
}

const file = (brief: string) =>
  ({ kind: 'parsed', parse: (text: string) => text, optional: true, placeholder: 'FILE', brief }) as const;

export const simulateCommand = command<SimulateFlags, [string]>({
  brief: 'Prove what every failure costs, before anything is installed',
  usage: '[--failures 1|2] [--all] [--html FILE] [--svg FILE] [SPEC]',
  description: [
    'For every failure (host, disk, NIC, switch, rack, power feed, process dead or frozen, things outside; with',
    '--failures 2 every pair) and everything users do: unaffected, interrupted for about N seconds, or down, and why.',
    'Also services that this version does not deploy yet. Touches no host. Exits 1 when a promise of the spec is broken.',
  ].join('\n'),
  examples: [
    { command: 'hastack simulate', does: 'single failures of ./cluster.yaml' },
    { command: 'hastack simulate --failures 2 --html matrix.html', does: 'pairs too, and a page to click through' },
    { command: 'hastack simulate --svg cluster.svg', does: 'the map of the cluster, for a document' },
    { command: 'hastack simulate --json', does: 'every class of failures with its terms' },
  ],
  flags: {
    failures: {
      kind: 'parsed',
      parse: parseFailures,
      optional: true,
      placeholder: '1|2',
      brief: '2: every pair as well',
    },
    all: toggle('Also failures without effect'),
    html: file('Write the map and the matrix as one page'),
    svg: file('Write the map as a drawing'),
  },
  positional: { kind: 'tuple', parameters: [specArgument] },
  run: runSimulate,
});

function parseFailures(text: string): 1 | 2 {
  if (text === '1') return 1;
  if (text === '2') return 2;
  throw new Error('must be 1 or 2');
}

async function runSimulate(call: Call<SimulateFlags>, spec: string): Promise<number> {
  const { flags, world, color } = call;
  const [{ loadSpec }, { requirePlanned }, { simulateCluster }] = await Promise.all([
    import('../spec/load.ts'),
    import('../spec/check.ts'),
    import('../phases/simulate.ts'),
  ]);
  const planned = requirePlanned(await loadSpec(spec));
  const report = simulateCluster(planned, { failures: flags.failures ?? 1, all: flags.all ?? false });
  await writeFiles(call, report);
  if (flags.json) world.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else {
    const [{ simulationText }, { styleFor }] = await Promise.all([
      import('../render/simulation-text.ts'),
      import('../render/style.ts'),
    ]);
    world.stdout.write(simulationText(report, styleFor(color)));
  }
  return report.brokenPromises.some(({ severity }) => severity === 'critical') ? 1 : 0;
}

async function writeFiles({ flags, world }: Call<SimulateFlags>, report: SimulationReport): Promise<void> {
  if (flags.html !== undefined && flags.html === flags.svg) {
    throw new HastackError({
      code: 'usage',
      message: `--html and --svg name the same file ${flags.html}`,
      hint: 'give them two names',
    });
  }
  if (flags.html !== undefined) {
    const { simulationHtml } = await import('../render/simulation-html.ts');
    await world.files.write(flags.html, simulationHtml(report), { exclusive: false });
    world.stderr.write(`wrote ${flags.html}\n`);
  }
  if (flags.svg !== undefined) {
    const { simulationSvg } = await import('../render/simulation-svg.ts');
    await world.files.write(flags.svg, simulationSvg(report), { exclusive: false });
    world.stderr.write(`wrote ${flags.svg}\n`);
  }
}
