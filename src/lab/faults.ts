// Faults of the network and of processes, and their healing. Each is written to faults.json before it takes
// effect, so that whatever dies, `heal` (or the supervisor, at the fault's own time) undoes it.
// Freezing needs no record: healing continues every stopped process in a twin.
// Manuals: nft(8), ip-link(8), systemctl(1) kill.
import { readFile } from 'node:fs/promises';
import { HastackError } from '../model/error.ts';
import { cgroupProcesses } from './cgroup.ts';
import { type CommandOutput, command } from './command.ts';
import { consoleRun } from './console.ts';
import { type Lab, requireUp, twinOf } from './context.ts';
import { type ActiveFault, type Fault, OUTSIDE, changeFaults, readFaults } from './fault-state.ts';
import { inLab } from './namespace.ts';
import { faultRules } from './nft.ts';
import { nicOf } from './topology.ts';
import { plugIn } from './twin.ts';

export interface FaultOptions {
  /** Seconds after which the supervisor heals the fault, whatever became of the one who made it. */
  readonly healAfter?: number;
}

/** Pulls the cable of a host on a network (all networks on that interface). */
export async function cut(
  lab: Lab,
  cable: { readonly host: string; readonly network: string },
  options: FaultOptions = {},
): Promise<string> {
  nicOf(lab.topology, twinOf(lab, cable.host).host.name, cable.network);
  return inject(lab, { kind: 'cut', host: cable.host, network: cable.network }, options);
}

export interface PartitionRequest extends FaultOptions {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly oneWay?: boolean;
  readonly network?: string;
}

/** Drops frames between two groups of hosts; `outside` stands for the operator. */
export async function partition(lab: Lab, request: PartitionRequest): Promise<string> {
  const { from, network, oneWay, to } = request;
  for (const host of [...from, ...to]) if (host !== OUTSIDE) twinOf(lab, host);
  if (from.length === 0 || to.length === 0 || from.some((host) => to.includes(host))) {
    throw new HastackError({
      code: 'usage',
      message: 'a partition needs two groups of hosts without a common member',
      hint: 'for example: hastack lab partition ctl1,ctl2 ctl3',
    });
  }
  const known = lab.cluster.networks.some((each) => network === undefined || each.name === network);
  if (!known)
    throw new HastackError({
      code: 'usage',
      message: `there is no network named ${network ?? ''}`,
      hint: `networks: ${lab.cluster.networks.map((each) => each.name).join(', ')}`,
    });
  return inject(
    lab,
    { kind: 'partition', from, to, oneWay: oneWay ?? false, ...(network === undefined ? {} : { network }) },
    request,
  );
}

/** Loses packets of a host on a network, in both directions, at random. */
export async function loss(
  lab: Lab,
  fault: { host: string; network: string; percent: number },
  options: FaultOptions = {},
): Promise<string> {
  nicOf(lab.topology, twinOf(lab, fault.host).host.name, fault.network);
  if (!(fault.percent > 0 && fault.percent <= 100)) {
    throw new HastackError({
      code: 'usage',
      message: `${fault.percent} is no loss in percent`,
      hint: 'a number above 0, at most 100; `hastack lab heal` ends it',
    });
  }
  return inject(lab, { kind: 'loss', ...fault }, options);
}

/** Heals one fault by its id, or all of them; thaws all processes when all are healed. */
export async function healFaults(lab: Lab, id?: string): Promise<void> {
  await changeFaults(lab, (faults) => (id === undefined ? [] : faults.filter((each) => each.id !== id)));
  await applyFaults(lab);
  if (id === undefined) await thaw(lab);
}

/** Heals what is due; returns when the next one is, in milliseconds since the epoch. */
export async function healDue(lab: Lab): Promise<number | undefined> {
  const isDue = (each: ActiveFault): boolean => each.healAt !== undefined && each.healAt <= lab.clock.now();
  let faults = await readFaults(lab);
  if (faults.some(isDue)) {
    faults = await changeFaults(lab, (current) => current.filter((each) => !isDue(each)));
    await applyFaults(lab);
  }
  const next = faults.flatMap((each) => each.healAt ?? []).toSorted((a, b) => a - b);
  return next[0];
}

/** Makes links and rules match faults.json. */
export async function applyFaults(lab: Lab): Promise<void> {
  const faults = await readFaults(lab);
  await command(inLab(lab.names, ['nft', '-f', '-']), { input: faultRules(faults, lab.topology) });
  await plugIn(lab);
}

/** Sends a signal to all processes of a unit: KILL, STOP (freeze), CONT, TERM. */
export async function signalUnit(
  lab: Lab,
  host: string,
  order: { unit: string; signal: 'KILL' | 'STOP' | 'CONT' | 'TERM' },
): Promise<CommandOutput> {
  if (!/^[A-Za-z0-9@:_.\\-]+$/.test(order.unit))
    throw new HastackError({
      code: 'usage',
      message: `${order.unit} is no unit name`,
      hint: 'for example haproxy.service',
    });
  const result = await consoleRun(
    lab,
    host,
    `systemctl kill --kill-whom=all --signal=${order.signal} -- '${order.unit}'`,
  );
  if (result.code === 0) return result;
  throw new HastackError({
    code: 'refused',
    message: `${host}: ${order.unit} got no ${order.signal}: ${result.stderr.trim()}`,
    hint: `see \`hastack lab shell ${host} -- systemctl status ${order.unit}\``,
    host,
  });
}

/** Continues every stopped process, in one twin or in all. */
async function thaw(lab: Lab, host?: string): Promise<void> {
  for (const id of await cgroupProcesses(lab.names.cgroup, host)) {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    if (!/^State:\s+T/m.test(status)) continue;
    try {
      process.kill(id, 'SIGCONT');
    } catch {
      // it died meanwhile
    }
  }
}

async function inject(lab: Lab, fault: Fault, options: FaultOptions): Promise<string> {
  requireUp(lab);
  const id = Buffer.from(lab.random(4)).toString('hex');
  const healAt = options.healAfter === undefined ? {} : { healAt: lab.clock.now() + options.healAfter * 1000 };
  await changeFaults(lab, (faults) => [...faults, { id, fault, ...healAt }]);
  await applyFaults(lab);
  return id;
}
