// Several scripts in one: each in a subshell of its own, its output and exit status told apart by a random boundary.
//
// Two uses: reads (every section runs, whatever the others did) and batches of changes (`set -e`, stops at the first
// section that fails). A section without its end mark did not finish: the deadline passed or the host went down.
// Nothing in a section can read the rest of the script, which comes on standard input.
// Pure. The comment line `#@ boundary index` before each section is for people (and fake hosts) that read the script.
import type { RandomBytes } from '../model/clock.ts';
import type { Script } from '../model/resource.ts';
import type { CommandResult } from '../remote/transport.ts';

const DEFAULT_TIMEOUT_SECONDS = 60;

export interface SectionResult {
  /** Undefined: did not finish, or was not begun. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Sections {
  readonly script: Script;
  parse(result: CommandResult): readonly SectionResult[];
}

export function readSections(scripts: readonly Script[], random: RandomBytes): Sections {
  return sections(scripts, random, { before: '', after: '' });
}

export function batchSections(scripts: readonly Script[], random: RandomBytes): Sections {
  return sections(scripts, random, { before: 'set -e\n', after: ' && [ "$hastack_code" = 0 ] || exit 1' });
}

function sections(
  scripts: readonly Script[],
  random: RandomBytes,
  frame: { readonly before: string; readonly after: string },
): Sections {
  const boundary = `hastack-${Buffer.from(random(12)).toString('hex')}`;
  const parts = scripts.map(
    ({ text }, index) =>
      `#@ ${boundary} ${index}\n(\n${frame.before}${text}\n) </dev/null\nhastack_code=$?; ` +
      `printf '\\n%s %s %s\\n' ${boundary} ${index} "$hastack_code"; printf '\\n%s %s\\n' ${boundary} ${index} >&2${frame.after}\n`,
  );
  const timeout = scripts.reduce((sum, script) => sum + (script.timeout ?? DEFAULT_TIMEOUT_SECONDS), 0);
  return {
    script: { text: parts.join(''), timeout: Math.max(timeout, DEFAULT_TIMEOUT_SECONDS) },
    parse: (result) => parse(result, boundary, scripts.length),
  };
}

function parse(result: CommandResult, boundary: string, count: number): readonly SectionResult[] {
  const stdout = split(result.stdout, boundary);
  const stderr = split(result.stderr, boundary);
  return Array.from({ length: count }, (_unused, index) => {
    const mark = stdout.marks[index];
    return {
      code: mark === undefined ? undefined : Number(mark),
      stdout: stdout.texts[index] ?? '',
      stderr: stderr.texts[index] ?? '',
    };
  });
}

/** Texts between the marks; the last is what follows the last mark. */
function split(
  output: string,
  boundary: string,
): { readonly texts: readonly string[]; readonly marks: readonly string[] } {
  const texts: string[] = [];
  const marks: string[] = [];
  const pattern = new RegExp(`\\n${boundary} \\d+ ?(\\d*)\\n`, 'g');
  let from = 0;
  for (const match of output.matchAll(pattern)) {
    texts.push(output.slice(from, match.index));
    marks.push(match[1] ?? '');
    from = match.index + match[0].length;
  }
  texts.push(output.slice(from));
  return { texts, marks };
}
