// `journalctl -o export` as lines of text, so that one reader is enough: an entry of n lines becomes n lines, of which
// only the one with the message has text. Line numbers stay those of the file.
// Format: https://systemd.io/JOURNAL_EXPORT_FORMATS/. Binary fields are a name, eight bytes of length, and the data.

const PRIORITIES = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];
/** An entry has a few dozen fields; what is longer is not one, and must not pile up in memory. */
const MOST_LINES = 2000;

export function isJournalExport(start: string): boolean {
  return start.startsWith('__CURSOR=') || start.startsWith('__REALTIME_TIMESTAMP=');
}

/** Gives text back as soon as entries are complete. Feed it whole lines, each with its newline. */
export class JournalExportFlattener {
  #lines: string[] = [];

  feed(text: string): string {
    const out: string[] = [];
    for (const line of text.split('\n').slice(0, -1)) {
      this.#lines.push(line);
      if (line === '' || this.#lines.length > MOST_LINES) out.push(this.end());
    }
    return out.join('');
  }

  end(): string {
    const lines = this.#lines;
    this.#lines = [];
    const { fields, messageLine } = fieldsOf(lines);
    const text = entryText(fields);
    return lines.map((_, index) => (index === messageLine ? `${text}\n` : '\n')).join('');
  }
}

interface Fields {
  readonly fields: ReadonlyMap<string, string>;
  readonly messageLine: number;
}

function fieldsOf(lines: readonly string[]): Fields {
  const fields = new Map<string, string>();
  let messageLine = -1;
  for (const [index, line] of lines.entries()) {
    const equals = line.indexOf('=');
    if (equals > 0 && /^[A-Z0-9_]+$/.test(line.slice(0, equals))) {
      const name = line.slice(0, equals);
      if (name === 'MESSAGE') messageLine = index;
      if (!fields.has(name)) fields.set(name, line.slice(equals + 1));
    } else if (line === 'MESSAGE') {
      // The length is not text: up to eight characters of which most are NUL.
      messageLine = index + 1;
      fields.set('MESSAGE', (lines[index + 1] ?? '').replace(/^[^\u0000]{0,7}\u0000+/, ''));
    }
  }
  return { fields, messageLine };
}

function entryText(fields: ReadonlyMap<string, string>): string {
  const micros = Number(fields.get('__REALTIME_TIMESTAMP') ?? Number.NaN);
  const time = new Date(micros / 1000);
  const message = fields.get('MESSAGE');
  if (message === undefined || Number.isNaN(time.getTime())) return '';
  const host = fields.get('_HOSTNAME') ?? '-';
  const program = (fields.get('SYSLOG_IDENTIFIER') ?? fields.get('_COMM') ?? 'unknown').replaceAll(/[\s:[\]]/g, '_');
  const priority = PRIORITIES[Number(fields.get('PRIORITY') ?? 6)];
  // A message with a level of its own keeps it; see innerOf.
  const own = /^(?:\[|\d{4}-|[A-Z]+ )/.test(message);
  return `${time.toISOString()} ${host} ${program}: ${priority === undefined || own ? '' : `${priority}: `}${message}`;
}
