// A whole text with places, for readers of formats whose statements cross lines (JSON, XML, nginx, DRBD ...).
//
// Line breaks become \n, a byte order mark is taken off; both odd cases are reported as text-lines.ts does.
// `at` is a binary search, so a reader stays linear but for a factor log(lines).
import type { Place } from './document.ts';
import { textLines } from './text-lines.ts';
import type { Problems } from './text-lines.ts';

export class SourceText {
  readonly text: string;
  readonly #starts: readonly number[];

  constructor(text: string, problems: Problems) {
    const lines = textLines(text, problems);
    this.text = lines.map((line) => line.text).join('\n');
    let next = 0;
    this.#starts = lines.map((line) => {
      const start = next;
      next += line.text.length + 1;
      return start;
    });
  }

  at(offset: number): Place {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.min(offset, this.text.length) - (this.#starts[low] ?? 0) + 1 };
  }
}

/** Matches a sticky pattern at an offset. */
export function matchAt(text: string, pattern: RegExp, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}
