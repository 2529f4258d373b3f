// hastack status: live health of every component, who holds the VIPs, how much redundancy is left.
import type { Status } from '../flows/status.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
import { prepareRun } from './run-input.ts';
import { specArgument } from './spec-argument.ts';

interface StatusFlags {
  readonly watch?: boolean;
}

const WATCH_MS = 2000;

export const statusCommand = command<StatusFlags, [string]>({
  brief: 'Show the live health of the cluster',
  usage: '[--watch] [--lab] [--limit HOST,…] [SPEC]',
  description: 'Asks every host. Exits 1 when anything is not healthy, 3 when no host could be reached.',
  examples: [
    { command: 'hastack status', does: 'the real hosts of ./cluster.yaml' },
    { command: 'hastack status --lab --watch', does: 'the twins, again and again until Ctrl-C' },
  ],
  uses: ['lab', 'state', 'limit'],
  flags: { watch: toggle('Show it again every two seconds until it is interrupted') },
  positional: { kind: 'tuple', parameters: [specArgument] },
  run: showStatus,
});

async function showStatus(call: Call<StatusFlags>, spec: string): Promise<number> {
  const prepared = await prepareRun(call, { spec, command: 'status', emit: () => undefined });
  if ('entered' in prepared) return prepared.entered;
  const { statusFlow } = await import('../flows/status.ts');
  const { world, flags } = call;
  for (;;) {
    const status = await statusFlow(prepared.input);
    const clear = flags.watch && world.stdout.isTTY && !flags.json ? '\u001B[2J\u001B[H' : '';
    world.stdout.write(flags.json ? `${JSON.stringify(status)}\n` : `${clear}${statusText(status)}`);
    if (!flags.watch) return status.healthy ? 0 : 1;
    await world.clock.sleep(WATCH_MS, world.interruptible());
  }
}

/** What is wrong first; what is well as one line per component. */
export function statusText(status: Status): string {
  const components = [...new Set(status.checks.map((check) => check.component))];
  const lines = components.map((component) => {
    const own = status.checks.filter((check) => check.component === component);
    const left = status.redundancy.find((each) => each.component === component);
    const spare = left === undefined ? '' : `, may lose ${left.mayLose} more`;
    return `${component.padEnd(14)} ${own.filter((check) => check.ok).length}/${own.length} checks ok${spare}`;
  });
  const problems = status.checks.filter((check) => !check.ok);
  return [
    ...status.unreachable.map(({ host, reason }) => `not reached: ${host}: ${reason}`),
    ...problems.map(({ component, host, name, detail }) => `not ok: ${host}: ${component}: ${name}: ${detail}`),
    ...lines,
    ...status.vips.map(({ name, address, holders }) => `VIP ${name} ${address}: ${holderText(holders)}`),
    status.healthy ? 'healthy' : 'not healthy',
    '',
  ].join('\n');
}

function holderText(holders: readonly string[]): string {
  if (holders.length === 0) return 'nobody holds it';
  return holders.length === 1 ? `on ${holders[0] ?? ''}` : `on ${holders.join(' and ')} at once`;
}
