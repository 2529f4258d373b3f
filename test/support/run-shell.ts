// Runs scripts of resource kinds with the machine's own `sh`, as the transport does: the script on stdin as one
// compound command, stdin of its commands empty, and a clean environment.
import { spawnSync } from 'node:child_process';
import type { Reading, ResourceKind, Resource, Difference } from '../../src/model/resource.ts';

export interface ShellResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `command` gets the script on stdin; `['sh']` unless the script must run elsewhere (a container). */
export function runShell(script: string, command: readonly string[] = ['sh']): ShellResult {
  const [program = 'sh', ...args] = command;
  const result = spawnSync(program, args, {
    input: `{ exec </dev/null\n${script}\n}\n`,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C.UTF-8' },
  });
  return { code: result.status ?? 137, stdout: result.stdout, stderr: result.stderr };
}

/** A host to run the scripts of one kind on: reads, plans and applies as the engine does. */
export function host<D, S>(kind: ResourceKind<D, S>, command?: readonly string[]) {
  const read = (resources: readonly Resource[]): readonly Reading<S>[] => {
    const items = resources.map((resource) => resource.desired as D);
    return kind.parse(runShell(kind.read(items).text, command).stdout, items);
  };
  const plan = (resources: readonly Resource[]): readonly (Difference | undefined)[] => {
    const readings = read(resources);
    return resources.map((resource, index) => kind.diff(resource.desired as D, readings[index] as Reading<S>));
  };
  /** Applies what differs and gives the results of the scripts. */
  const apply = (resources: readonly Resource[]): readonly ShellResult[] => {
    const readings = read(resources);
    return resources.flatMap((resource, index) => {
      const reading = readings[index] as Reading<S>;
      const difference = kind.diff(resource.desired as D, reading);
      if (difference === undefined) return [];
      return [runShell(`set -e\n${kind.apply(resource.desired as D, reading, difference).text}`, command)];
    });
  };
  return { read, plan, apply };
}
