// What the services' units said around the fault, from every host: bounded, and without passwords.
// By the host's own clock, counted back from now: clocks of hosts and of this machine need not agree.
// Manual: journalctl(1)
import type { HostLog } from '../model/drill.ts';
import { masked } from '../lib/mask.ts';
import { sh } from '../remote/shell.ts';
import type { DrillHosts } from './hosts.ts';

export interface LogQuestion {
  readonly hosts: DrillHosts;
  readonly names: readonly string[];
  readonly units: readonly string[];
  /** Seconds ago. */
  readonly from: number;
  readonly to: number;
  readonly signal?: AbortSignal | undefined;
}

const MOST_LINES = 60;
const LONGEST_LINE = 240;

/** A host that does not answer has no lines; that is no reason to lose the report. */
export async function hostLogs(question: LogQuestion): Promise<readonly HostLog[]> {
  if (question.units.length === 0) return [];
  return Promise.all(question.names.map((host) => logOf(host, question)));
}

async function logOf(host: string, { hosts, units, from, to, signal }: LogQuestion): Promise<HostLog> {
  const chosen = units.map((unit) => `--unit=${unit}`);
  const text = sh`journalctl --quiet --no-pager --output=short-iso --no-hostname ${chosen} --since=${`-${Math.ceil(from)}s`} --until=${`-${Math.floor(to)}s`} | head -n ${MOST_LINES + 1} | cut -c -${LONGEST_LINE}`;
  const result = await hosts.run(host, text, { timeout: 30, signal }).catch(() => undefined);
  signal?.throwIfAborted();
  const lines = (result?.stdout ?? '').split('\n').filter((line) => line !== '');
  return { host, lines: lines.slice(0, MOST_LINES).map(masked), cut: lines.length > MOST_LINES };
}
