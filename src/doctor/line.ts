// What a line of a log says, whoever wrote it: when, where, which program, how bad, what.

export type Level = 'debug' | 'info' | 'notice' | 'warning' | 'error' | 'critical';

export interface LogLine {
  /** Milliseconds since 1970, UTC. Absent when the line has no wall-clock time (kernel ring buffer). */
  readonly time?: number;
  readonly host?: string;
  readonly program?: string;
  readonly level?: Level;
  readonly message: string;
}

/** What readers need to turn written times into instants. */
export interface TimeContext {
  /** Offset from UTC, in minutes, of times that are written without a zone. */
  readonly zoneMinutes: number;
  /** No line is younger: when the file was last written. Tells the year where none is written. */
  readonly newest: number;
}

/** Undefined when the text is not of this format. Never throws. */
export type LineReader = (text: string, times: TimeContext) => LogLine | undefined;

export const LEVELS: readonly Level[] = ['debug', 'info', 'notice', 'warning', 'error', 'critical'];

/** The level that a word of any of the formats means. */
export function levelOf(word: string | undefined): Level | undefined {
  if (word === undefined) return undefined;
  return LEVEL_WORDS.get(word.toLowerCase());
}

const LEVEL_WORDS: ReadonlyMap<string, Level> = new Map([
  ...words('debug', ['debug', 'dbg', 'trace', '7']),
  ...words('info', ['info', 'information', 'inf', 'audit', 'log', '6']),
  ...words('notice', ['notice', 'note', '5']),
  ...words('warning', ['warning', 'warn', 'wrn', '4']),
  ...words('error', ['error', 'err', '3']),
  ...words('critical', ['critical', 'crit', 'alert', 'emerg', 'emer', 'emergency', 'fatal', '2', '1', '0']),
]);

function words(level: Level, names: readonly string[]): readonly (readonly [string, Level])[] {
  return names.map((name) => [name, level]);
}
