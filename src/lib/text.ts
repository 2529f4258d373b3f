// Small text helpers for messages, plans and plain tables. Pure; no colours (render adds them).

/** Columns padded to equal width, two spaces between them, no spaces at line ends. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
    });
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => padded(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Puts `prefix` before every line that is not empty. */
export function indent(text: string, prefix = '  '): string {
  return text.replaceAll(/^(?=[^\n])/gm, prefix);
}

/** `plural(1, 'host')` → `1 host`; `plural(3, 'host')` → `3 hosts`; irregular: `plural(2, 'copy', 'copies')`. */
export function plural(count: number, singular: string, several = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : several}`;
}

/** `0.25 s`, `4.2 s`, `1 min 12 s`, `2 h 5 min`. Takes seconds. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown';
  if (seconds < 0) return `-${formatDuration(-seconds)}`;
  if (seconds < 59.95) {
    // Two significant digits below ten seconds: drills compare tenths of a second.
    const digits = seconds < 1 ? 2 : seconds < 9.95 ? 1 : 0;
    return `${Number(seconds.toFixed(digits))} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 3600) return joined([Math.floor(whole / 60), 'min'], [whole % 60, 's']);
  const minutes = Math.round(whole / 60);
  return joined([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min']);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], word = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1) ?? ''}`;
}

function joined(big: readonly [number, string], small: readonly [number, string]): string {
  return small[0] === 0 ? big.join(' ') : `${big.join(' ')} ${small.join(' ')}`;
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(width - displayWidth(cell));
}

/** Code points, not UTF-16 units: good enough for names, addresses and arrows. */
function displayWidth(text: string): number {
  return Array.from(text).length;
}
