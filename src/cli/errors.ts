// How an error is shown: text for people, one JSON object with --json. Anything that is not a HastackError is a
// bug of hastack and shows its stack.
import { exitCodeOf, formatPosition, HastackError } from '../model/error.ts';

export interface ErrorDocument {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint: string;
    readonly exitCode: number;
    readonly host?: string;
    readonly at?: { readonly file: string; readonly line?: number; readonly column?: number };
  };
}

export function errorDocument(error: unknown, exitCode = exitCodeOf(error)): ErrorDocument {
  const shown = asHastackError(error);
  return {
    error: {
      code: shown?.code ?? 'bug',
      message: shown?.message ?? messageOf(error),
      hint: shown?.hint ?? BUG_HINT,
      exitCode,
      ...(shown?.host === undefined ? {} : { host: shown.host }),
      ...(shown?.at === undefined ? {} : { at: shown.at }),
    },
  };
}

/** Several lines, each ended; with `verbose` also the causes and, for a bug, always the stack. */
export function errorText(error: unknown, options: { readonly color: boolean; readonly verbose: boolean }): string {
  const label = options.color ? '\u001B[1;31merror:\u001B[0m' : 'error:';
  const hintLabel = options.color ? '\u001B[1mhint:\u001B[0m' : 'hint:';
  const known = asHastackError(error);
  if (known === undefined) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${label} hastack has a bug: ${messageOf(error)}\n${indent(stack)}\n  ${hintLabel} ${BUG_HINT}\n`;
  }
  const where = [known.at === undefined ? '' : `${formatPosition(known.at)}: `, known.host ? `${known.host}: ` : ''];
  const causes = options.verbose ? causesOf(known).map((cause) => `\n  caused by: ${indentRest(cause)}`) : [];
  return `${label} ${where.join('')}${indentRest(known.message)}${causes.join('')}\n  ${hintLabel} ${indentRest(known.hint)}\n`;
}

const BUG_HINT = 'please report it with the command line and this text; running the command again is safe';

function asHastackError(error: unknown): HastackError | undefined {
  return error instanceof HastackError ? error : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function causesOf(error: Error): readonly string[] {
  const causes: string[] = [];
  // Bounded: a chain of causes could be a ring.
  for (let cause = error.cause; cause !== undefined && causes.length < 8;) {
    causes.push(messageOf(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}

function indentRest(text: string): string {
  return text.replaceAll('\n', '\n  ');
}
