// The desired state of a systemd unit; in `model` because the engine must know it: starts and restarts are
// what needs order, gates and rolling, and what proves that a configuration is in use.
//
// A unit carries a stamp on its host (/var/lib/hastack/stamps/<unit>): the hash of every resource that notifies
// it, written after a (re)start or reload. A stamp that differs from the desired hash means: running with an
// older configuration. So a run that was killed between writing a file and restarting is caught by the next one.

export interface UnitDesired {
  readonly name: string;
  readonly enabled: boolean;
  readonly active: boolean;
  /** What to do when something that notifies the unit changed. */
  readonly onChange: 'restart' | 'reload' | 'nothing';
  /** Member group that starts and restarts it, by id; absent: started and restarted at once. */
  readonly group?: string;
  /** How long a start, restart or reload may take, seconds; 90 unless given. */
  readonly startTimeout?: number;
  /** Filled in by the engine: hash of the resources on this host that notify the unit. */
  readonly configHash?: string;
}

export const UNIT_KIND = 'unit';
export const STAMP_DIRECTORY = '/var/lib/hastack/stamps';
