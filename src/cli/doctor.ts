// hastack doctor: reads logs as they are found and says what went wrong, in which order, and what to do.
// Needs no root and changes nothing. Exit 1 when an incident is critical (--strict: a warning). Configuration that lies
// beside the logs is audited too, and shown where it has to do with what happened.
import type { AuditFinding } from '../audit/run.ts';
import type { DoctorReport } from '../doctor/diagnose.ts';
import type { Signature } from '../doctor/signature.ts';
import { HastackError } from '../model/error.ts';
import type { Undecided } from '../model/finding.ts';
import type { LogFile } from '../sources/log-files.ts';
import type { Skipped, SourceFile } from '../sources/source-file.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
import { prepareRun } from './run-input.ts';

const FORMATS = ['text', 'json', 'sarif', 'html'] as const;
type Format = (typeof FORMATS)[number];
const DEFAULT_HOURS = 24;

interface DoctorFlags {
  readonly format?: Format;
  readonly output?: string;
  readonly explain?: string;
  readonly zone?: string;
  readonly strict?: boolean;
  readonly schema?: boolean;
  readonly spec?: string;
  readonly hours?: number;
}

export const doctorCommand = command<DoctorFlags, string[]>({
  brief: 'Say what went wrong in logs that any service wrote, and how to mend it',
  usage: '[--strict] [--format FORMAT] PATH… | --spec SPEC [--hours N] [--lab]',
  description: [
    'Reads log files, directories (a host’s /var/log, a directory per host) and tarballs; gzip too, of any size.',
    'Knows the journal (text, json, export), syslog, MariaDB, RabbitMQ, HAProxy, Keepalived, Corosync, Pacemaker, DRBD,',
    'OpenStack services, OVN, Ceph. What began together on several hosts is one incident, its cause first.',
    '--spec reads the journal and /var/log of the hosts of a spec over SSH instead.',
    'Changes nothing, needs no root. Exits 1 when an incident is critical (with --strict: also for warnings), 3 when no',
    'host could be reached.',
  ].join('\n'),
  examples: [
    { command: 'hastack doctor /var/log', does: 'looks at this host' },
    { command: 'hastack doctor dump/', does: 'a directory per host: one story over all of them' },
    { command: 'journalctl -o export --since -2h > ctl1.export && hastack doctor ctl1.export', does: 'a journal' },
    { command: 'hastack doctor logs.tar.gz --format html --output incident.html', does: 'a page to hand on' },
    { command: 'hastack doctor --spec cluster.yaml --hours 2', does: 'what the hosts have written in two hours' },
    { command: 'hastack doctor --explain galera.non-primary', does: 'says what a signature is about' },
  ],
  uses: ['lab', 'state', 'limit'],
  flags: {
    spec: text('SPEC', 'Read the logs of the hosts of this spec, over SSH'),
    hours: {
      kind: 'parsed',
      parse: wholeHours,
      optional: true,
      placeholder: 'N',
      brief: 'With --spec: what was written in so many hours; 24 when left out',
    },
    format: { kind: 'enum', values: FORMATS, optional: true, brief: 'How to print it; text when left out' },
    output: text('FILE', 'Write to this file instead of standard output'),
    explain: text('SIGNATURE', 'Explain a signature and exit'),
    zone: text('OFFSET', 'Offset from UTC of times without a zone, as in +01:00; UTC when left out'),
    strict: toggle('Exit 1 for warnings too'),
    schema: toggle('Print the JSON Schema of --json and exit'),
  },
  positional: {
    kind: 'array',
    parameter: { parse: (word: string) => word, placeholder: 'PATH', brief: 'File, directory or tarball' },
  },
  run: diagnosePaths,
});

function text(placeholder: string, brief: string) {
  return { kind: 'parsed', parse: (word: string) => word, optional: true, placeholder, brief } as const;
}

async function diagnosePaths(call: Call<DoctorFlags>, ...paths: readonly string[]): Promise<number> {
  const { flags, world } = call;
  const { SIGNATURE_FAMILIES } = await import('../doctor/signatures/registry.gen.ts');
  const signatures: readonly Signature[] = SIGNATURE_FAMILIES.flat();
  if (flags.schema === true) {
    const { DOCTOR_SCHEMA } = await import('../doctor/output/schema.ts');
    world.stdout.write(`${JSON.stringify(DOCTOR_SCHEMA, null, 2)}\n`);
    return 0;
  }
  if (flags.explain !== undefined) return explain(call, signatures, flags.explain);
  const source = await logsOf(call, paths);
  if ('entered' in source) return source.entered;
  const report = await reportOf(call, signatures, source);
  if (source.reached?.() === 0) return 3;
  if (report.files.length === 0) world.stderr.write('no log was recognised; `hastack doctor --help` names what is\n');
  const out = await rendered(call, report, signatures);
  if (flags.output === undefined) world.stdout.write(out);
  else await world.files.write(flags.output, out, { exclusive: false });
  const fails = report.findings.some(
    ({ severity }) => severity === 'critical' || (flags.strict === true && severity === 'warning'),
  );
  return fails ? 1 : 0;
}

type Skip = (skipped: Skipped) => void;

interface Logs {
  readonly open: (skip: Skip) => AsyncIterable<LogFile>;
  /** How many hosts have answered, once all was read. */
  readonly reached?: () => number;
}

/** Where the logs come from; or the exit status of the same command inside the lab. */
async function logsOf(call: Call<DoctorFlags>, paths: readonly string[]): Promise<Logs | { readonly entered: number }> {
  const { flags, world } = call;
  if (flags.spec !== undefined) {
    if (paths.length > 0) throw misused('--spec takes the place of PATH', 'leave one of them out');
    return hostLogsOf(call, flags.spec);
  }
  if (flags.hours !== undefined || flags.lab === true || flags.limit !== undefined)
    throw misused('--hours, --lab and --limit need --spec', 'name the spec: --spec cluster.yaml');
  if (paths.length === 0) throw misused('PATH is missing', 'name log files, directories or tarballs');
  const { logFiles } = await import('../sources/log-files.ts');
  return { open: (skip) => logFiles(paths, { cwd: world.cwd, skip }) };
}

async function hostLogsOf(call: Call<DoctorFlags>, spec: string): Promise<Logs | { readonly entered: number }> {
  const prepared = await prepareRun(call, { spec, command: 'doctor', emit: () => undefined, withoutFiles: true });
  if ('entered' in prepared) return prepared;
  const { doctorHostsFlow } = await import('../flows/doctor-hosts.ts');
  const { input } = prepared;
  let reached = input.limit?.length ?? input.cluster.hosts.length;
  const unreachable = (host: string, error: HastackError) => {
    reached -= 1;
    call.world.stderr.write(`not read: ${host}: ${error.message}\n`);
  };
  const hours = call.flags.hours ?? DEFAULT_HOURS;
  return { open: (skip) => doctorHostsFlow(input, { hours, skip, unreachable }), reached: () => reached };
}

function wholeHours(word: string): number {
  if (!/^[1-9]\d{0,4}$/.test(word)) throw new Error('must be a whole number of hours');
  return Number(word);
}

function misused(message: string, hint: string): HastackError {
  return new HastackError({ code: 'usage', message, hint });
}

async function reportOf(
  call: Call<DoctorFlags>,
  signatures: readonly Signature[],
  source: Logs,
): Promise<DoctorReport> {
  const { flags, world } = call;
  const [{ hostsOf }, { Matcher }, { diagnose }, { LogIntake }] = await Promise.all([
    import('../sources/hosts-of.ts'),
    import('../doctor/matcher.ts'),
    import('../doctor/diagnose.ts'),
    import('../doctor/intake.ts'),
  ]);
  const undecided: Undecided[] = [];
  const skip = ({ path, why }: { readonly path: string; readonly why: string }) => {
    if (why.includes('journalctl') || why.includes('unpack it first'))
      undecided.push({ rule: 'doctor.input', missing: `${path}: ${why}` });
    else if (flags.verbose === true || why !== 'binary') world.stderr.write(`not read: ${path}: ${why}\n`);
  };
  const intake = new LogIntake({ matcher: new Matcher(signatures), zoneMinutes: await zoneOf(flags.zone) });
  for await (const file of source.open(skip)) await take(intake, file);
  const { stories, locations, configuration } = intake.end();
  const hosts = hostsOf([...locations.values()]);
  const hostByPath = new Map([...locations.keys()].map((path, index) => [path, hosts[index]]));
  return diagnose({
    stories,
    hostOf: (path) => hostByPath.get(path),
    undecided,
    configuration: await auditOf(configuration),
  });
}

async function take(
  intake: { begin: (file: LogFile) => { feed: (block: string) => void; end: () => void } },
  file: LogFile,
): Promise<void> {
  const reading = intake.begin(file);
  for await (const block of file.blocks) reading.feed(block);
  reading.end();
}

async function auditOf(files: readonly SourceFile[]): Promise<readonly AuditFinding[]> {
  if (files.length === 0) return [];
  const [{ RULE_FAMILIES }, { Estate }, { audit }] = await Promise.all([
    import('../audit/rules/registry.gen.ts'),
    import('../audit/estate.ts'),
    import('../audit/run.ts'),
  ]);
  return audit(new Estate({ files }), RULE_FAMILIES.flat()).findings;
}

async function zoneOf(zone: string | undefined): Promise<number> {
  const { zoneMinutes } = await import('../doctor/times.ts');
  const minutes = zone === undefined ? 0 : zoneMinutes(zone);
  if (minutes === undefined) {
    throw new HastackError({ code: 'usage', message: `--zone ${zone} is no offset`, hint: 'write it as in +01:00' });
  }
  return minutes;
}

async function rendered(
  call: Call<DoctorFlags>,
  report: DoctorReport,
  signatures: readonly Signature[],
): Promise<string> {
  const { flags, world } = call;
  const format = flags.json === true ? 'json' : (flags.format ?? 'text');
  if (format === 'text') {
    const { doctorText } = await import('../doctor/output/terminal.ts');
    return doctorText(report, {
      color: call.color && flags.output === undefined,
      verbose: flags.verbose ?? false,
      zone: flags.zone ?? 'UTC',
    });
  }
  const { htmlText, jsonText, sarifText } = await import('../doctor/output/documents.ts');
  if (format === 'sarif') return sarifText(report, signatures, await world.version());
  return format === 'json' ? jsonText(report) : htmlText(report);
}

async function explain(
  { flags, world }: Call<DoctorFlags>,
  signatures: readonly Signature[],
  id: string,
): Promise<number> {
  const signature = signatures.find((each) => each.id === id.toLowerCase());
  if (signature === undefined) {
    const { nearest } = await import('../lib/nearest.ts');
    const ids = signatures.map((each) => each.id);
    const meant = nearest(id, ids);
    throw new HastackError({
      code: 'usage',
      message: `there is no signature ${id}`,
      hint: meant === undefined ? `signatures are ${ids.join(', ')}` : `did you mean ${meant}?`,
    });
  }
  const { signaturePage } = await import('../doctor/signature-page.ts');
  const { pattern, programs: _, ...data } = signature;
  const json = () => `${JSON.stringify({ ...data, pattern: pattern.source }, null, 2)}\n`;
  world.stdout.write(flags.json === true ? json() : signaturePage(signature));
  return 0;
}
