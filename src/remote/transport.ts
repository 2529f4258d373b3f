// How commands reach a host. Three implementations: openssh, local, fake.
// A Session is one persistent connection; scripts run as root in a process group of their own, which the far
// side kills when the deadline passes, when the script is aborted or when the connection goes.
import type { Script } from '../model/resource.ts';

export interface CommandResult {
  /** Exit status; 124 when the deadline passed, 137 when it was killed. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Session {
  readonly host: string;
  /** Runs a script with `sh` as root. Scripts of one session may run side by side. Rejects with
   *  HastackError `unreachable` when the connection is lost. Default deadline 60 s. */
  run(script: Script, signal?: AbortSignal): Promise<CommandResult>;
  close(): Promise<void>;
}

export interface Transport {
  /** Opens a session. Rejects with HastackError `unreachable` (hint says why: refused, wrong key, changed host key, no sudo). */
  connect(host: string, signal?: AbortSignal): Promise<Session>;
}
