// A diagnosis for people: incidents, the most severe first, each as its story with the cause marked, then what to do.
// Errors without explanation by template; noise as numbers. Times are UTC.
import { formatDuration, listed, plural } from '../../lib/text.ts';
import { formatPosition } from '../../model/error.ts';
import type { Severity } from '../../model/finding.ts';
import type { DoctorReport } from '../diagnose.ts';
import { isoTime, sentence } from '../diagnose.ts';
import type { Episode } from '../episodes.ts';
import type { Incident } from '../incidents.ts';
import type { Signature } from '../signature.ts';

export interface TextOptions {
  readonly color: boolean;
  readonly verbose: boolean;
  /** What times without a zone were taken as. */
  readonly zone?: string;
}

const COLORS: Readonly<Record<Severity, string>> = { critical: '1;31', warning: '33', info: '36' };
const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];
const MOST_STORY = 16;
const MOST_UNEXPLAINED = 10;
const MOST_TIMES = 5;

export function doctorText(report: DoctorReport, options: TextOptions): string {
  const shown = report.incidents.filter(({ severity }) => options.verbose || severity !== 'info');
  const hidden = report.incidents.length - shown.length;
  return [
    ...shown.map((incident) => incidentText(incident, options)),
    ...configurationLines(report),
    ...unexplainedLines(report, options),
    ...noiseLines(report, options),
    ...report.undecided.map(({ rule, missing }) => `undecided (${rule}): needs ${missing}`),
    ...(hidden === 0 ? [] : [`${plural(hidden, 'incident')} of level info left out (--verbose shows them)`]),
    summary(report, options),
  ].join('\n');
}

function incidentText(incident: Incident, options: TextOptions): string {
  const { cause, story, times } = incident;
  const severity = options.color
    ? `\u001B[${COLORS[incident.severity]}m${incident.severity}\u001B[0m`
    : incident.severity;
  const host = cause.host === undefined ? '' : `${cause.host}: `;
  const kinds = new Map(story.map(({ signature }) => [signature.id, signature]));
  kinds.delete(cause.signature.id);
  const others = [...kinds.values()].toSorted(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
  return [
    `${incident.id}. ${severity}: ${host}${sentence(cause)}${incident.first === undefined ? '' : `, ${isoTime(incident.first)}`}`,
    ...again(times),
    ...storyLines(incident, options),
    ...(story.length > 1 ? ['   > is probably the cause: the deepest of the events that came first'] : []),
    ...evidenceLines(cause),
    '',
    ...adviceLines(cause.signature, true),
    ...others.flatMap((signature) => (signature.severity === 'info' ? [] : adviceLines(signature, options.verbose))),
    '',
  ].join('\n');
}

function evidenceLines({ evidence }: Episode): readonly string[] {
  const shown = evidence.map(({ text }) => text).filter((text) => text !== '');
  return shown.map((text) => `   | ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`);
}

function again(times: readonly number[]): readonly string[] {
  if (times.length < 2) return [];
  const shown = times.slice(-MOST_TIMES).map(isoTime);
  return [`   ${plural(times.length, 'time')}, the last: ${listed(shown)}; the fullest one:`];
}

function storyLines({ story, cause }: Incident, { verbose }: TextOptions): readonly string[] {
  const shown = verbose || story.length <= MOST_STORY ? story : [...new Set([cause, ...story.slice(0, MOST_STORY)])];
  const ordered = shown.toSorted((a, b) => (a.first ?? 0) - (b.first ?? 0));
  const lines = ordered.map((episode) => `   ${episode === cause ? '>' : ' '} ${storyLine(episode, cause)}`);
  return story.length > shown.length ? [...lines, `     and ${story.length - shown.length} more (--verbose)`] : lines;
}

function storyLine(episode: Episode, cause: Episode): string {
  const [line] = episode.evidence;
  const when = whenOf(episode, cause);
  const lasted = (episode.last ?? 0) - (episode.first ?? 0);
  const often =
    episode.count === 1
      ? ''
      : ` (${episode.count} lines${lasted < 1000 ? '' : ` in ${formatDuration(lasted / 1000)}`})`;
  const where = line === undefined ? '' : `  [${formatPosition({ file: line.file, line: line.line })}]`;
  return `${when}${episode.host === undefined ? '' : `${episode.host} `}${sentence(episode)}${often}${where}`;
}

function whenOf(episode: Episode, cause: Episode): string {
  if (episode.first === undefined) return 'time unknown  ';
  const clock = isoTime(episode.first).slice(11, 23);
  if (episode === cause || cause.first === undefined) return `${clock}            `;
  const seconds = (episode.first - cause.first) / 1000;
  return `${clock} ${`${seconds < 0 ? '-' : '+'}${formatDuration(Math.abs(seconds))}`.padEnd(10)} `;
}

function adviceLines(signature: Signature, full: boolean): readonly string[] {
  const steps = signature.now.map((step) => `     - ${step}`);
  if (!full) return [`   ${signature.id}: ${signature.title}`, ...steps];
  return [
    `   ${signature.id}: ${signature.title}`,
    `     users:   ${signature.symptom}`,
    `     means:   ${signature.meaning}`,
    '     do now:',
    ...steps,
    `     change:  ${signature.prevent}`,
    ...(signature.hastack === undefined ? [] : [`     hastack: \`${signature.hastack}\``]),
    `     source:  ${signature.source}`,
  ];
}

function configurationLines({ configuration }: DoctorReport): readonly string[] {
  if (configuration.length === 0) return [];
  return [
    'In the configuration beside these logs (`hastack audit` explains):',
    ...configuration.map(({ rule, at, message }) => `  ${rule} ${formatPosition(at)}: ${message}`),
    '',
  ];
}

function unexplainedLines({ unexplained }: DoctorReport, { verbose }: TextOptions): readonly string[] {
  if (unexplained.length === 0) return [];
  const shown = verbose ? unexplained : unexplained.slice(0, MOST_UNEXPLAINED);
  const rest = unexplained.length - shown.length;
  return [
    'Errors that no signature explains, the most frequent first:',
    ...shown.map(({ template, program, count, hosts, example }) => {
      const where = hosts.length === 0 ? '' : ` on ${listed(hosts)}`;
      return `  ${count} x ${program === undefined ? '' : `${program}: `}${template}${where}  [${formatPosition(example.at)}]`;
    }),
    ...(rest === 0 ? [] : [`  and ${plural(rest, 'template')} more (--verbose)`]),
    '',
  ];
}

function noiseLines({ noise }: DoctorReport, { verbose }: TextOptions): readonly string[] {
  const entries = Object.entries(noise);
  if (entries.length === 0) return [];
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  const detail = verbose ? `: ${entries.map(([id, count]) => `${id} ${count}`).join(', ')}` : '';
  return [`${plural(total, 'line')} of noise (known and harmless, or too few in a row to matter)${detail}`];
}

function summary({ incidents, files }: DoctorReport, { zone = 'UTC' }: TextOptions): string {
  const counts = SEVERITIES.map(
    (severity) => [severity, incidents.filter((each) => each.severity === severity).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`);
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const hosts = new Set(files.flatMap(({ host }) => host ?? []));
  const read = `${plural(files.length, 'log')}, ${plural(lines, 'line')}${hosts.size > 1 ? `, ${hosts.size} hosts` : ''}`;
  return `${read}: ${counts.length === 0 ? 'no incidents' : `${counts.join(', ')} ${incidents.length === 1 ? 'incident' : 'incidents'}`}; times are UTC, those without a zone taken as ${zone} (--zone)\n`;
}
