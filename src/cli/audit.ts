// hastack audit: reads configuration files as they are found and says what will fail, where, and what to write.
// Needs no root and changes nothing; --fix prints a patch. Exit 1 when a finding is critical (--strict: a warning).
// --spec takes what hastack would write for a spec, with --hosts what stands on its hosts.
import type { AuditReport } from '../audit/run.ts';
import type { Rule } from '../audit/rule.ts';
import { HastackError } from '../model/error.ts';
import type { Finding } from '../model/finding.ts';
import type { SourceTree } from '../sources/source-file.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
import { prepareRun } from './run-input.ts';

const FORMATS = ['text', 'json', 'sarif', 'junit', 'html'] as const;
type Format = (typeof FORMATS)[number];

interface AuditFlags {
  readonly format?: Format;
  readonly output?: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly assume?: readonly string[];
  readonly explain?: string;
  readonly strict?: boolean;
  readonly fix?: boolean;
  readonly spec?: string;
  readonly hosts?: boolean;
}

export const auditCommand = command<AuditFlags, string[]>({
  brief: 'Say what will fail in configuration files that anyone wrote',
  usage: '[--strict] [--format FORMAT] PATH… | --spec SPEC [--hosts [--lab]]',
  description: [
    'Reads files, directories (a host’s /etc, a directory per host, Kolla or OpenStack-Ansible output) and tarballs.',
    'Reports faults of high availability in one file, between files and between hosts. Changes nothing, needs no root.',
    '--spec audits what hastack would write for a spec and touches no host; with --hosts, what stands on its hosts now.',
    'Exits 1 when a finding is critical (with --strict: also for warnings), 3 when no host could be reached.',
  ].join('\n'),
  examples: [
    { command: 'hastack audit /etc', does: 'audits this host' },
    { command: 'hastack audit dump/', does: 'a directory per host: also what differs between them' },
    { command: 'hastack audit site.tar.gz --format sarif --output audit.sarif', does: 'for code scanning' },
    { command: 'hastack audit dump/ --assume rabbitmq=4.0 --fix', does: 'prints a patch for what is safe to mend' },
    { command: 'hastack audit --spec cluster.yaml', does: 'what would be deployed' },
    { command: 'hastack audit --spec cluster.yaml --hosts', does: 'what stands on the hosts, read over SSH' },
    { command: 'hastack audit --explain HA02', does: 'says what a rule is about' },
  ],
  uses: ['lab', 'state', 'limit'],
  flags: {
    spec: text('SPEC', 'Audit what hastack would write for this spec'),
    hosts: toggle('With --spec: audit what stands on its hosts, read over SSH'),
    format: { kind: 'enum', values: FORMATS, optional: true, brief: 'How to print it; text when left out' },
    output: text('FILE', 'Write to this file instead of standard output'),
    baseline: text('FILE', 'Set aside what this file lists'),
    writeBaseline: text('FILE', 'Write what is found now as a baseline'),
    assume: { ...text('PRODUCT=VERSION', 'A version that the files do not tell, as in rabbitmq=4.0'), variadic: true },
    explain: text('RULE', 'Explain a rule and exit'),
    strict: toggle('Exit 1 for warnings too'),
    fix: toggle('Print a patch for what is safe to mend; writes nothing'),
  },
  positional: {
    kind: 'array',
    parameter: { parse: (word: string) => word, placeholder: 'PATH', brief: 'File, directory or tarball' },
  },
  run: auditPaths,
});

function text(placeholder: string, brief: string) {
  return { kind: 'parsed', parse: (word: string) => word, optional: true, placeholder, brief } as const;
}

async function auditPaths(call: Call<AuditFlags>, ...paths: readonly string[]): Promise<number> {
  const { flags, world } = call;
  const { RULE_FAMILIES } = await import('../audit/rules/registry.gen.ts');
  const rules: readonly Rule[] = RULE_FAMILIES.flat();
  if (flags.explain !== undefined) return explain(call, rules, flags.explain);
  const [{ Estate }, { audit }] = await Promise.all([import('../audit/estate.ts'), import('../audit/run.ts')]);
  const input = await inputOf(call, paths);
  if ('status' in input) return input.status;
  const { tree, inherent } = input;
  const assumed = { ...input.assumed, ...Object.fromEntries((flags.assume ?? []).map(assumption)) };
  const estate = new Estate({ files: tree.files, links: tree.links, assumed });
  const baseline = flags.baseline === undefined ? undefined : await readBaseline(call, flags.baseline);
  const report = audit(estate, rules, { ...(baseline === undefined ? {} : { baseline }), inherent });
  for (const { path, why } of tree.skipped) {
    if (flags.verbose === true || why !== 'binary') world.stderr.write(`not read: ${path}: ${why}\n`);
  }
  if (estate.files.length === 0) world.stderr.write('no file was recognised; `hastack audit --help` names what is\n');
  await print(call, report, { rules, files: estate.files.length });
  if (flags.writeBaseline !== undefined) {
    const known = report.findings.map(({ rule, at, fingerprint }) => ({ rule, file: at.file, fingerprint }));
    await world.files.write(flags.writeBaseline, `${JSON.stringify({ version: 1, known }, null, 2)}\n`, {
      exclusive: false,
    });
  }
  return report.findings.some((finding) => fails(finding, flags.strict ?? false)) ? 1 : 0;
}

interface AuditInput {
  readonly tree: SourceTree;
  /** Versions that are known beside the files. */
  readonly assumed: Readonly<Record<string, string>>;
  /** Rules whose findings the preset explains. */
  readonly inherent: Readonly<Record<string, string>>;
}

/** What is audited; or the exit status, when that is already decided. */
async function inputOf(
  call: Call<AuditFlags>,
  paths: readonly string[],
): Promise<AuditInput | { readonly status: number }> {
  const { flags, world } = call;
  if (flags.spec !== undefined) {
    if (paths.length > 0) throw misused('--spec takes the place of PATH', 'leave one of them out');
    return flags.hosts === true ? hostsInput(call, flags.spec) : renderedInput(call, flags.spec);
  }
  if (flags.hosts === true || flags.lab === true || flags.limit !== undefined)
    throw misused('--hosts, --lab and --limit need --spec', 'name the spec: --spec cluster.yaml');
  if (paths.length === 0) throw misused('PATH is missing', 'name files, directories or tarballs');
  const { readPaths } = await import('../sources/read-paths.ts');
  return { tree: await readPaths(paths, world.cwd), assumed: {}, inherent: {} };
}

async function renderedInput({ flags }: Call<AuditFlags>, spec: string): Promise<AuditInput> {
  if (flags.lab === true || flags.limit !== undefined)
    throw misused('--lab and --limit have no effect without --hosts', 'add --hosts');
  const [{ loadSpec }, { requireCluster }, { renderedFiles, DEBIAN_VERSIONS }] = await Promise.all([
    import('../spec/load.ts'),
    import('../spec/check.ts'),
    import('../phases/rendered-files.ts'),
  ]);
  const loaded = await loadSpec(spec);
  const files = renderedFiles(requireCluster(loaded));
  return {
    tree: { files, links: [], skipped: [] },
    assumed: DEBIAN_VERSIONS,
    inherent: loaded.inherent,
  };
}

async function hostsInput(call: Call<AuditFlags>, spec: string): Promise<AuditInput | { readonly status: number }> {
  const prepared = await prepareRun(call, { spec, command: 'audit', emit: () => undefined, withoutFiles: true });
  if ('entered' in prepared) return { status: prepared.entered };
  const { auditHostsFlow } = await import('../flows/audit-hosts.ts');
  const { tree, reached, unreachable } = await auditHostsFlow(prepared.input);
  for (const [host, error] of unreachable) call.world.stderr.write(`not read: ${host}: ${error.message}\n`);
  return reached.length === 0 ? { status: 3 } : { tree, assumed: {}, inherent: {} };
}

function misused(message: string, hint: string): HastackError {
  return new HastackError({ code: 'usage', message, hint });
}

interface PrintOptions {
  readonly rules: readonly Rule[];
  readonly files: number;
}

async function print(call: Call<AuditFlags>, report: AuditReport, options: PrintOptions): Promise<void> {
  const { flags, world } = call;
  const out = await rendered(call, report, options);
  if (flags.output === undefined) world.stdout.write(out);
  else await world.files.write(flags.output, out, { exclusive: false });
}

async function rendered(call: Call<AuditFlags>, report: AuditReport, options: PrintOptions): Promise<string> {
  const { flags, world } = call;
  const format = flags.json === true ? 'json' : (flags.format ?? 'text');
  if (flags.fix === true && format === 'text') return (await import('../audit/patches.ts')).patchText(report.findings);
  if (format === 'json') {
    const { findings, undecided, setAside } = report;
    return `${JSON.stringify({ findings, undecided, setAside, files: options.files }, null, 2)}\n`;
  }
  if (format === 'text') {
    const { auditText } = await import('../audit/output/terminal.ts');
    const color = call.color && flags.output === undefined;
    return auditText(report, { color, files: options.files, verbose: flags.verbose ?? false });
  }
  const { sarifText, junitText, htmlText } = await import('../audit/output/documents.ts');
  if (format === 'sarif') return sarifText(report, options.rules, await world.version());
  return format === 'junit' ? junitText(report) : htmlText(report);
}

async function explain({ flags, world }: Call<AuditFlags>, rules: readonly Rule[], id: string): Promise<number> {
  const rule = rules.find((each) => each.id === id.toUpperCase());
  if (rule === undefined) {
    throw new HastackError({
      code: 'usage',
      message: `there is no rule ${id}`,
      hint: `rules are ${rules.map((each) => each.id).join(', ')}`,
    });
  }
  const [{ rulePage }, { severityOf }] = await Promise.all([
    import('../audit/rule-page.ts'),
    import('../audit/rule.ts'),
  ]);
  const { evaluate: _, ...data } = rule;
  world.stdout.write(
    flags.json === true ? `${JSON.stringify({ ...data, severity: severityOf(rule) }, null, 2)}\n` : rulePage(rule),
  );
  return 0;
}

function assumption(word: string): readonly [string, string] {
  const match = /^(rabbitmq|keepalived|haproxy|mariadb|pacemaker)=(\d+(?:\.\d+)*)$/.exec(word);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new HastackError({
      code: 'usage',
      message: `--assume \`${word}\` is no product and version`,
      hint: 'write it as in --assume rabbitmq=4.0; products: rabbitmq, keepalived, haproxy, mariadb, pacemaker',
    });
  }
  return [match[1], match[2]];
}

async function readBaseline({ world }: Call<AuditFlags>, path: string): Promise<ReadonlySet<string>> {
  const content = await world.files.read(path);
  try {
    const { known } = JSON.parse(content) as { readonly known: readonly { readonly fingerprint: string }[] };
    return new Set(known.map(({ fingerprint }) => fingerprint));
  } catch (cause) {
    const hint = 'write one with --write-baseline';
    throw new HastackError({ code: 'usage', message: `${path} is no baseline`, hint, at: { file: path }, cause });
  }
}

function fails(finding: Finding, strict: boolean): boolean {
  return finding.severity === 'critical' || (strict && finding.severity === 'warning');
}
