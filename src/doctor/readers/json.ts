// One JSON object per line: `journalctl -o json`, oslo.log's JSON formatter, container logs.
import { levelOf } from '../line.ts';
import type { LineReader, LogLine } from '../line.ts';
import { isoInstant } from '../times.ts';
import { line } from './services.ts';
import { innerOf } from './syslog.ts';

export const readJson: LineReader = (text, times) => {
  if (!text.startsWith('{')) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const entry = parsed as Readonly<Record<string, unknown>>;
  return ofJournal(entry) ?? ofOslo(entry, times) ?? ofContainer(entry, times);
};

function ofJournal(entry: Readonly<Record<string, unknown>>): LogLine | undefined {
  const micros = Number(entry['__REALTIME_TIMESTAMP']);
  if (!Number.isFinite(micros) || entry['__REALTIME_TIMESTAMP'] === undefined) return undefined;
  const inner = innerOf(bytesOrText(entry['MESSAGE']));
  return line({
    time: micros / 1000,
    host: word(entry['_HOSTNAME']),
    program: word(entry['SYSLOG_IDENTIFIER']) ?? word(entry['_COMM']),
    level: inner.level ?? levelOf(word(entry['PRIORITY'])),
    message: inner.message,
  });
}

function ofOslo(entry: Readonly<Record<string, unknown>>, times: Parameters<LineReader>[1]): LogLine | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:[.,]\d+)?)/.exec(word(entry['asctime']) ?? '');
  if (match?.[1] === undefined || match[2] === undefined || typeof entry['message'] !== 'string') return undefined;
  return line({
    time: isoInstant(match[1], match[2], { times }),
    host: word(entry['hostname']),
    program: word(entry['name']),
    level: levelOf(word(entry['levelname'])),
    message: [entry['message'], bytesOrText(entry['traceback'])].filter((part) => part !== '').join(' '),
  });
}

function ofContainer(entry: Readonly<Record<string, unknown>>, times: Parameters<LineReader>[1]): LogLine | undefined {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)$/.exec(word(entry['time']) ?? '');
  if (match?.[1] === undefined || match[2] === undefined || typeof entry['log'] !== 'string') return undefined;
  return line({ time: isoInstant(match[1], match[2], { zone: match[3], times }), ...innerOf(entry['log'].trimEnd()) });
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The journal writes messages that are not UTF-8 as a list of bytes. */
function bytesOrText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  if (value.every((each) => typeof each === 'string')) return value.join('\n');
  return new TextDecoder().decode(Uint8Array.from(value.map(Number)));
}
