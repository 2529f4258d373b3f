// What the command line gets from outside: streams, files, clock, environment. main.ts builds the real one;
// tests build one in memory, so that every command can be run without a process of its own.
import type { Clock, RandomBytes } from '../model/clock.ts';

export interface OutputStream {
  /** Never throws. A reader that went away is not an error: what is written after that is dropped. */
  write(text: string): void;
  readonly isTTY: boolean;
  /** Width of the terminal; 80 when unknown. */
  readonly columns: number;
}

export interface Files {
  /** Rejects with HastackError when the file cannot be read. */
  read(path: string): Promise<string>;
  /** Undefined when there is no such file. */
  readIfThere(path: string): Promise<string | undefined>;
  /** Writes through a temporary file. With `exclusive` it rejects with HastackError `refused` when the file exists. */
  write(path: string, text: string, options: { readonly exclusive: boolean; readonly mode?: number }): Promise<void>;
}

export interface World {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Lines of standard input. */
  readonly inputLines: () => AsyncIterable<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** A human can be asked: both ends of the terminal are one. */
  readonly interactive: boolean;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly files: Files;
  /** The command that runs this program again: `[node, main.js]`. For probes and for entering the lab. */
  readonly program: readonly string[];
  /** Runs a program that takes over the terminal; resolves with its exit status. */
  readonly attach: (argv: readonly string[]) => Promise<number>;
  readonly version: () => Promise<string>;
  /**
   * A signal that aborts on SIGINT, SIGTERM or SIGHUP. A command that asks for it is given time to stop cleanly
   * (a second SIGINT ends it at once); one that does not is ended at once.
   */
  readonly interruptible: () => AbortSignal;
}
