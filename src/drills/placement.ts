// Who does what right now: the holder of the virtual address, the Galera writer. Read from the hosts, never assumed.
// Two holders of one address, or none, is a finding of its own: no drill starts over it.
import type { Clock } from '../model/clock.ts';
import { HastackError } from '../model/error.ts';
import { connectMysql, type MysqlTarget } from '../net/mysql.ts';
import { sh } from '../remote/shell.ts';
import { notYet, ready, waitUntil } from '../lib/poll.ts';
import type { Placement } from './drill.ts';
import { mustRun, type DrillHosts } from './hosts.ts';

export interface PlacementQuestion {
  readonly hosts: DrillHosts;
  /** Hosts that may hold the address. */
  readonly candidates: readonly string[];
  readonly vipAddress: string;
  /** Absent: there is no Galera to ask. */
  readonly database: MysqlTarget | undefined;
  /** RabbitMQ members; the queue of the probe is led by one of them. */
  readonly brokers: readonly string[];
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

export async function findPlacement(question: PlacementQuestion): Promise<Placement> {
  const [vipHolder, writer] = await Promise.all([findVipHolder(question), findWriter(question)]);
  // One fault should not be two: rather a member that does nothing else.
  const brokers = question.brokers;
  const queueLeader = brokers.find((host) => host !== vipHolder && host !== writer) ?? brokers[0];
  return { hosts: question.candidates, vipHolder, writer, queueLeader };
}

/** Moves the virtual address away from the writer, by stopping keepalived there until another host has it. */
export async function separate(question: PlacementQuestion): Promise<Placement> {
  const placement = await findPlacement(question);
  const { hosts, signal } = question;
  const holder = placement.vipHolder;
  if (holder !== placement.writer) return placement;
  await mustRun(hosts, holder, { text: 'systemctl stop keepalived', signal });
  try {
    await waitUntil({
      clock: question.clock,
      deadlineMs: 15_000,
      periodMs: 300,
      what: `the address ${question.vipAddress} to leave ${holder}`,
      code: 'refused',
      ...(signal && { signal }),
      probe: async () => {
        const holders = await vipHolders(question);
        const elsewhere = holders.length === 1 && holders[0] !== holder;
        return elsewhere ? ready(undefined) : notYet(`held by ${holders.join(', ') || 'nobody'}`);
      },
    });
  } finally {
    // Also when the drill is being aborted: a host without keepalived is less redundancy than there was.
    await mustRun(hosts, holder, { text: 'systemctl start keepalived' });
  }
  return findPlacement(question);
}

async function findVipHolder(question: PlacementQuestion): Promise<string> {
  const holders = await vipHolders(question);
  const [holder] = holders;
  if (holders.length === 1 && holder !== undefined) return holder;
  throw new HastackError({
    code: 'refused',
    message: `the address ${question.vipAddress} is held by ${holders.length === 0 ? 'nobody' : holders.join(' and ')}`,
    hint: 'Look at `hastack status`, then `hastack recover`.',
  });
}

async function vipHolders({ hosts, candidates, vipAddress, signal }: PlacementQuestion): Promise<readonly string[]> {
  const answers = await Promise.all(
    candidates.map(async (host) => {
      const listed = await mustRun(hosts, host, { text: sh`ip -o addr show to ${vipAddress}`, signal });
      return listed.trim() === '' ? [] : [host];
    }),
  );
  return answers.flat();
}

async function findWriter({ database, signal }: PlacementQuestion): Promise<string | undefined> {
  if (!database) return undefined;
  const connection = await connectMysql(database, signal);
  try {
    const rows = await connection.query('SELECT @@hostname AS host', [], { deadlineMs: 5000, signal });
    const host = rows[0]?.['host'];
    if (typeof host === 'string') return host.split('.')[0] ?? host;
  } finally {
    connection.destroy();
  }
  throw new HastackError({
    code: 'refused',
    message: 'the database does not say which member takes the writes',
    hint: 'Look at `hastack status`.',
  });
}
