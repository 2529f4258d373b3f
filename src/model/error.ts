// The one error class for what users and their machines can get wrong.
// Anything else that is thrown is a bug: it exits 70 and prints a stack.

export type ErrorCode =
  | 'usage' // exit 2
  | 'spec-invalid' // exit 2
  | 'unreachable' // exit 3: no needed host could be reached
  | 'apply-failed' // exit 4: resumable
  | 'recover-needed' // exit 4: data without a running cluster; names `recover`
  | 'lock-held' // exit 5
  | 'environment' // exit 1: this machine lacks something (root, a package, disk)
  | 'refused' // exit 1
  | 'interrupted'; // exit 130

/** Where in a file something was found. Lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface HastackErrorFields {
  readonly code: ErrorCode;
  readonly message: string;
  /** What the user can do about it. */
  readonly hint: string;
  readonly host?: string;
  readonly at?: Position;
  readonly cause?: unknown;
}

export class HastackError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly host: string | undefined;
  readonly at: Position | undefined;

  constructor(fields: HastackErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'HastackError';
    this.code = fields.code;
    this.hint = fields.hint;
    this.host = fields.host;
    this.at = fields.at;
  }
}

const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  usage: 2,
  'spec-invalid': 2,
  unreachable: 3,
  'apply-failed': 4,
  'recover-needed': 4,
  'lock-held': 5,
  environment: 1,
  refused: 1,
  interrupted: 130,
};

/** The documented exit code of an error; 70 for anything that is not a HastackError (a bug). */
export function exitCodeOf(error: unknown): number {
  return error instanceof HastackError ? EXIT_CODES[error.code] : 70;
}

/** `cluster.yaml:3:14`, as editors and terminals understand it. */
export function formatPosition(at: Position): string {
  return [at.file, at.line, at.line === undefined ? undefined : at.column]
    .filter((part) => part !== undefined)
    .join(':');
}
