// hastack check: everything that can be said about a spec without touching a host.
// Exit 1 when a finding is critical (with --strict: a warning).
import type { Finding } from '../model/finding.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
import { specArgument } from './spec-argument.ts';

interface CheckFlags {
  readonly explain?: boolean;
  readonly strict?: boolean;
}

export const checkCommand = command<CheckFlags, [string]>({
  brief: 'Say what is wrong in a spec, where, and what to write instead',
  usage: '[--explain] [--strict] [SPEC]',
  description: [
    'Reads a spec and reports every problem with line, column, effect and remedy. Touches no host, needs no root.',
    'Exits 1 when a finding is critical (with --strict: also for warnings), 2 when the file cannot be read.',
  ].join('\n'),
  examples: [
    { command: 'hastack check', does: 'checks ./cluster.yaml' },
    { command: 'hastack check site.yaml --explain', does: 'also lists every default that was filled in' },
    { command: 'hastack check --strict --json', does: 'for CI: warnings fail too, findings as JSON' },
  ],
  flags: {
    explain: toggle('List every default that was filled in, and why'),
    strict: toggle('Exit 1 for warnings too'),
  },
  positional: { kind: 'tuple', parameters: [specArgument] },
  run: checkSpecFile,
});

async function checkSpecFile(call: Call<CheckFlags>, path: string): Promise<number> {
  const [{ loadSpec }, { findingsText, defaultsText }] = await Promise.all([
    import('../spec/load.ts'),
    import('./findings-text.ts'),
  ]);
  const { findings, undecided, defaults, cluster, file } = await loadSpec(path);
  const { flags, world } = call;
  if (flags.json) {
    const document = { findings, undecided, ...(flags.explain ? { defaults } : {}) };
    world.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    if (flags.explain && cluster !== undefined) world.stdout.write(defaultsText(defaults));
    world.stdout.write(findingsText({ findings, undecided }, { color: call.color, file }));
  }
  return findings.some((finding) => fails(finding, flags.strict ?? false)) ? 1 : 0;
}

function fails(finding: Finding, strict: boolean): boolean {
  return finding.severity === 'critical' || (strict && finding.severity === 'warning');
}
