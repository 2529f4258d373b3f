// hastack check: everything that can be said about a spec without touching a host; with --hosts also what the servers
// themselves show before anything is installed on them.
// Exit 1 when a finding is critical (with --strict: a warning).
import type { HostReport } from '../flows/check-hosts.ts';
import { HastackError } from '../model/error.ts';
import type { Finding } from '../model/finding.ts';
import type { LoadedSpec } from '../spec/load.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
import { prepareRun } from './run-input.ts';
import { specArgument } from './spec-argument.ts';

interface CheckFlags {
  readonly hosts?: boolean;
  readonly explain?: boolean;
  readonly strict?: boolean;
}

export const checkCommand = command<CheckFlags, [string]>({
  brief: 'Say what is wrong in a spec, where, and what to write instead',
  usage: '[--hosts [--lab]] [--explain] [--strict] [SPEC]',
  description: [
    'Reads a spec and reports every problem with line, column, effect and remedy. Touches no host, needs no root.',
    '--hosts also logs in to the servers and looks: Debian version, disk, memory, interfaces, link speed, MTU between all',
    'hosts, VIPs and router ids in use, DNS, clocks, package sources, ports taken, virtualisation, BMCs. It changes nothing.',
    'Exits 1 when a finding is critical (with --strict: also for warnings), 2 when the file cannot be read, 3 when no',
    'host could be reached.',
  ].join('\n'),
  examples: [
    { command: 'hastack check', does: 'checks ./cluster.yaml' },
    { command: 'hastack check site.yaml --explain', does: 'also lists every default that was filled in' },
    { command: 'hastack check --hosts', does: 'looks at the servers before they are deployed' },
    { command: 'hastack check --strict --json', does: 'for CI: warnings fail too, findings as JSON' },
  ],
  uses: ['lab', 'state'],
  flags: {
    hosts: toggle('Also log in to the hosts and look at them'),
    explain: toggle('List every default that was filled in, and why'),
    strict: toggle('Exit 1 for warnings too'),
  },
  positional: { kind: 'tuple', parameters: [specArgument] },
  run: checkSpecFile,
});

async function checkSpecFile(call: Call<CheckFlags>, path: string): Promise<number> {
  if (call.flags.lab && !call.flags.hosts) {
    throw new HastackError({
      code: 'usage',
      message: '--lab has no effect here',
      hint: 'twins are looked at with `hastack check --hosts --lab`',
    });
  }
  const { loadSpec } = await import('../spec/load.ts');
  const loaded = await loadSpec(path);
  const sound = !loaded.findings.some((finding) => finding.severity === 'critical');
  // What is wrong in the file comes first: hosts are looked at when it says what to look for.
  const looked = call.flags.hosts && sound ? await lookAtHosts(call, loaded) : undefined;
  if (looked !== undefined && 'entered' in looked) return looked.entered;
  const promises = sound ? await brokenPromises(loaded) : [];
  const findings = [...loaded.findings, ...promises, ...(looked?.findings ?? [])];
  const undecided = [...loaded.undecided, ...(looked?.undecided ?? [])];
  await show(call, { ...loaded, findings, undecided });
  if (looked?.reached.length === 0) return 3;
  return findings.some((finding) => fails(finding, call.flags.strict ?? false)) ? 1 : 0;
}

async function lookAtHosts(
  call: Call<CheckFlags>,
  { file, text }: LoadedSpec,
): Promise<HostReport | { readonly entered: number }> {
  const prepared = await prepareRun(call, { spec: file, command: 'check', emit: () => undefined });
  if ('entered' in prepared) return prepared;
  const [{ checkHostsFlow }, { parseSpec }] = await Promise.all([
    import('../flows/check-hosts.ts'),
    import('../spec/parse.ts'),
  ]);
  const { locate } = parseSpec(text, file);
  return checkHostsFlow(prepared.input, (at) => locate.key(at));
}

async function show(call: Call<CheckFlags>, report: LoadedSpec): Promise<void> {
  const { flags, world } = call;
  const { cluster, defaults, file, findings, undecided } = report;
  if (flags.json) {
    const document = { findings, undecided, ...(flags.explain ? { defaults } : {}) };
    world.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const { findingsText, defaultsText } = await import('./findings-text.ts');
  if (flags.explain && cluster !== undefined) world.stdout.write(defaultsText(defaults));
  world.stdout.write(findingsText({ findings, undecided }, { color: call.color, file }));
}

function fails(finding: Finding, strict: boolean): boolean {
  return finding.severity === 'critical' || (strict && finding.severity === 'warning');
}

/** What single failures do to the promises of the spec. */
async function brokenPromises({ planned, positionOf }: LoadedSpec): Promise<readonly Finding[]> {
  if (planned === undefined || Object.keys(planned.availability.capabilities).length === 0) return [];
  const { promiseFindings } = await import('../phases/simulate.ts');
  return promiseFindings(planned, (capability) => positionOf(['availability', 'capabilities', capability]));
}
