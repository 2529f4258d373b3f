// What a gatherer of facts is: a read-only script for one host and the pure function that reads its output.
// Scripts use what every plain Debian has (dash, coreutils, iproute2, perl-base) and change nothing.
// A parser throws an Error on output that is not whole; the fact is then unknown, with that reason.
import type { Cluster, Host } from '../model/cluster.ts';
import type { Script } from '../model/resource.ts';

/** Last line of a script that ran to its end. */
export const END = 'end-of-facts';

export interface FactRequest {
  readonly cluster: Cluster;
  readonly host: Host;
  /** Packages that the cluster is made of: one that can be installed stands for all. */
  readonly packages: readonly string[];
}

export interface Gatherer<T> {
  read(request: FactRequest): Script;
  parse(output: string): T;
}

/** The lines before the end mark. */
export function wholeLines(output: string): readonly string[] {
  const lines = output.split('\n').map((line) => line.trimEnd());
  const end = lines.lastIndexOf(END);
  if (end === -1) throw new Error('the script did not run to its end');
  return lines.slice(0, end).filter((line) => line !== '');
}

/** Lines `word rest`, in order, for one word. */
export function linesOf(lines: readonly string[], word: string): readonly string[] {
  return lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
}
