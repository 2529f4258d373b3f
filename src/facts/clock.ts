// How far a host's clock is from ours: the script that reads the other facts says the time when it begins and when
// it ends. The offset is that of NTP (RFC 5905, section 8), the round trip without the script is its error. Pure.
export interface ClockFacts {
  /** Seconds the host is ahead of this machine. */
  readonly offset: number;
  /** Seconds the offset may be wrong. */
  readonly error: number;
}

/** Nanoseconds since the epoch. */
export const TIMESTAMP_SCRIPT = 'date +%s%N';

export interface ClockSample {
  /** Milliseconds since the epoch, ours. */
  readonly sent: number;
  readonly received: number;
  /** Output of TIMESTAMP_SCRIPT at the beginning and at the end. */
  readonly began: string;
  readonly ended: string;
}

/** Throws an Error when the output is no time. */
export function clockFrom({ sent, received, began, ended }: ClockSample): ClockFacts {
  const [first, last] = [milliseconds(began), milliseconds(ended)];
  const offset = (first - sent + (last - received)) / 2;
  return { offset: offset / 1000, error: Math.max(0, (received - sent - (last - first)) / 2) / 1000 };
}

function milliseconds(text: string): number {
  const match = /^(\d+)(\d{9})$/.exec(text.trim());
  if (match === null) throw new Error('date printed no time');
  return Number(match[1]) * 1000 + Number(match[2]) / 1e6;
}
