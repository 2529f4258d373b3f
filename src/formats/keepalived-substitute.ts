// Replaces $NAME and ${NAME} in a line of keepalived.conf by what the file defined before, remembering places.
//
// As in keepalived, $NAME counts only before a space, a comma, ) or the end of the line, ${NAME} everywhere, those of
// several lines only at the end of a line; replacements are replaced in turn. The result has line breaks where a
// definition had them. Definitions that go in circles stop after 1,000 replacements.

export interface Substituted {
  readonly text: string;
  /** Offset in the original line of a character of `text`. */
  readonly originOf: (offset: number) => number;
  readonly overflow: boolean;
}

interface Piece {
  readonly start: number;
  readonly origin: number;
  /** Text of the line itself, not of a replacement. */
  readonly original: boolean;
}

const MOST_REPLACEMENTS = 1000;
const DEEPEST = 20;
const REFERENCE = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*)(?=[ \t,)]|$))/g;

export function substitute(line: string, definitions: ReadonlyMap<string, string>): Substituted {
  const unchanged = { text: line, originOf: (offset: number) => offset, overflow: false };
  if (definitions.size === 0 || !line.includes('$')) return unchanged;
  const pieces: Piece[] = [];
  const texts: string[] = [];
  const budget = { left: MOST_REPLACEMENTS };
  let length = 0;
  const add = (text: string, piece: Omit<Piece, 'start'>): void => {
    if (text === '') return;
    pieces.push({ ...piece, start: length });
    texts.push(text);
    length += text.length;
  };
  let last = 0;
  for (const { start, end, value } of references(line, definitions)) {
    add(line.slice(last, start), { origin: last, original: true });
    add(expand(value, definitions, { budget, depth: 1 }), { origin: start, original: false });
    last = end;
  }
  if (last === 0) return unchanged;
  add(line.slice(last), { origin: last, original: true });
  return {
    text: texts.join(''),
    originOf: (offset) => originIn(pieces, offset, line.length),
    overflow: budget.left <= 0,
  };
}

function expand(
  text: string,
  definitions: ReadonlyMap<string, string>,
  limits: { readonly budget: { left: number }; readonly depth: number },
): string {
  const parts: string[] = [];
  let last = 0;
  for (const { start, end, value } of references(text, definitions)) {
    if (limits.depth >= DEEPEST) limits.budget.left = 0;
    if (limits.budget.left <= 0) break;
    limits.budget.left--;
    parts.push(text.slice(last, start), expand(value, definitions, { budget: limits.budget, depth: limits.depth + 1 }));
    last = end;
  }
  return parts.join('') + text.slice(last);
}

function* references(
  text: string,
  definitions: ReadonlyMap<string, string>,
): Generator<{ readonly start: number; readonly end: number; readonly value: string }> {
  for (const match of text.matchAll(REFERENCE)) {
    const end = match.index + match[0].length;
    const value = definitions.get(match[1] ?? match[2] ?? '');
    if (value === undefined || (value.includes('\n') && end < text.length)) continue;
    yield { start: match.index, end, value };
  }
}

function originIn(pieces: readonly Piece[], offset: number, lineLength: number): number {
  // Binary search for the last piece that starts at or before the offset.
  let low = 0;
  let high = pieces.length;
  while (high - low > 1) {
    const half = (low + high) >> 1;
    if ((pieces[half]?.start ?? 0) <= offset) low = half;
    else high = half;
  }
  const piece = pieces[low];
  if (piece === undefined) return Math.min(offset, lineLength);
  return Math.min(piece.original ? piece.origin + offset - piece.start : piece.origin, lineLength);
}
