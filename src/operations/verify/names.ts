// Everything a verification makes carries its run's name, so that any later run finds what one that was killed left.
// The run id begins with its time (store/journal.ts): how old a leftover is can be read off its name.
const PREFIX = 'hastack-verify-';

export function verifyName(runId: string, what?: string): string {
  return what === undefined ? `${PREFIX}${runId}` : `${PREFIX}${runId}-${what}`;
}

/** The run that made something of this name; undefined when it is not ours. */
export function runOfName(name: string): string | undefined {
  return /^hastack-verify-(\d{8}-\d{6}-[0-9a-f]{6})(-|$)/.exec(name)?.[1];
}

/** When the run began, milliseconds since the epoch. */
export function startOfRun(runId: string): number {
  const [, date = '', time = ''] = /^(\d{8})-(\d{6})/.exec(runId) ?? [];
  const part = (text: string, from: number, length = 2): number => Number(text.slice(from, from + length));
  return Date.UTC(part(date, 0, 4), part(date, 4) - 1, part(date, 6), part(time, 0), part(time, 2), part(time, 4));
}
