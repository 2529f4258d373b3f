// Where the state of a cluster lives on the operator's machine: `.hastack/<cluster>/` beside the spec. The lab of a
// cluster has the same layout of its own in `lab/`, so that twins and real servers never share a secret or a key.
// Directories are 0700. On failure: HastackError `environment`.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HastackError } from '../model/error.ts';
import { writeAtomically } from './atomic-write.ts';

export interface StateDirectory {
  readonly root: string;
  /** Journals, one per run. */
  readonly runs: string;
  readonly reports: string;
  readonly secrets: string;
  /** age identity of this operator, 0600. */
  readonly identity: string;
  readonly certificates: string;
  readonly knownHosts: string;
  readonly sshConfig: string;
  /** State of the twins. */
  readonly lab: string;
}

function stateLayout(root: string): StateDirectory {
  return {
    root,
    runs: join(root, 'runs'),
    reports: join(root, 'reports'),
    secrets: join(root, 'secrets.yaml'),
    identity: join(root, 'identity.txt'),
    certificates: join(root, 'ca'),
    knownHosts: join(root, 'known_hosts'),
    sshConfig: join(root, 'ssh', 'config'),
    lab: join(root, 'lab'),
  };
}

export function openStateDirectory(root: string): StateDirectory {
  const layout = stateLayout(root);
  try {
    for (const path of [layout.root, layout.runs, layout.reports]) mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new HastackError({
      code: 'environment',
      message: `the state directory ${root} cannot be made: ${(error as Error).message}`,
      hint: 'Correct its permissions, or name another place with --state DIR.',
      cause: error,
    });
  }
  return layout;
}

/** A file that only this user may read, made with its directory; not touched when it has this content already. */
export function writePrivate(path: string, content: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeAtomically(path, content, 0o600);
}

export function reportPath(state: Pick<StateDirectory, 'reports'>, runId: string, type: 'html' | 'json'): string {
  return join(state.reports, `${runId}.${type}`);
}
