// Errors that no signature knows, by their template: the same words with other names and numbers are one error.

const MOST_TEMPLATES = 2000;
const LONGEST = 160;

export interface Unexplained {
  readonly template: string;
  readonly program: string | undefined;
  count: number;
  first: number | undefined;
  last: number | undefined;
  readonly example: { readonly line: number; readonly text: string };
}

/** `Volume 3fa8... failed after 12 s` → `Volume <id> failed after <n> s`. */
export function templateOf(message: string): string {
  return message
    .slice(0, 400)
    .replace(/^(?:\[[^\]]*\] ?)+/, '')
    .replaceAll(/\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b/gi, '<id>')
    .replaceAll(/\breq-\S+/g, '<id>')
    .replaceAll(/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g, '<address>')
    .replaceAll(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, '<mac>')
    .replaceAll(/'[^']{1,200}'|"[^"]{1,200}"/g, '<text>')
    .replaceAll(/\b0x[0-9a-f]+\b/gi, '<n>')
    .replaceAll(/\b[0-9a-f]{12,}\b/gi, '<id>')
    .replaceAll(/\d+(?:\.\d+)?/g, '<n>')
    .trim()
    .slice(0, LONGEST);
}

/** A line of a traceback, or one that only goes on: part of an error, not one more. */
export function isContinuation(message: string): boolean {
  const text = message.replace(/^(?:\[[^\]]*\] ?)+/, '');
  return /^(?: {2,}|\s*$|Traceback |During handling|The above exception|\s*\^+\s*$|\s+File ")/.test(text);
}

/** Counts templates; once there are too many, only those already known. */
export class Templates {
  readonly #found = new Map<string, Unexplained>();
  dropped = 0;

  add(seen: {
    readonly program: string | undefined;
    readonly message: string;
    readonly time: number | undefined;
    readonly line: number;
  }): void {
    const template = templateOf(seen.message);
    if (template === '') return;
    const key = `${seen.program ?? ''}\0${template}`;
    const known = this.#found.get(key);
    if (known !== undefined) {
      known.count++;
      known.first = earlier(known.first, seen.time);
      known.last = later(known.last, seen.time);
    } else if (this.#found.size >= MOST_TEMPLATES) this.dropped++;
    else {
      const example = { line: seen.line, text: seen.message.slice(0, 300) };
      this.#found.set(key, { template, program: seen.program, count: 1, first: seen.time, last: seen.time, example });
    }
  }

  all(): readonly Unexplained[] {
    return [...this.#found.values()];
  }
}

export function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}

export function later(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b);
}
