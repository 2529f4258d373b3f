// Power of a twin: off as a power cut (cables first), on, reset, orderly shutdown. One action per twin at a
// time, whoever asks (command line or BMC). Every action ends in the state it names or throws.
// An orderly shutdown that takes too long ends in a power cut, as on a server. Manual: systemd(1), signals.
import type { Lab } from './context.ts';
import { twinOf } from './context.ts';
import { waitForBoot } from './console.ts';
import { withLock } from './lock.ts';
import { forgetTwin, initOf, killTwin, startTwin } from './twin.ts';
import { waitFor } from './wait.ts';

export type PowerAction = 'on' | 'off' | 'reset' | 'shutdown';

export interface PowerOrder {
  readonly action: PowerAction;
  /** Seconds until sshd must serve after on or reset; 0: do not wait. Default 120. */
  readonly bootSeconds?: number;
}

const LOCK_SECONDS = 120;
const SHUTDOWN_SECONDS = 90;
const DEFAULT_BOOT_SECONDS = 120;
/** SIGRTMIN+4: systemd starts poweroff.target. */
const POWER_OFF_SIGNAL = 38;

export async function power(lab: Lab, host: string, order: PowerAction | PowerOrder): Promise<void> {
  const { action, bootSeconds = DEFAULT_BOOT_SECONDS } = typeof order === 'string' ? { action: order } : order;
  await withTwinLock(lab, host, async () => carryOut(lab, host, action));
  if ((action === 'on' || action === 'reset') && bootSeconds > 0)
    await waitForBoot(lab, host, { seconds: bootSeconds, until: 'reachable' });
}

export async function isOn(lab: Lab, host: string): Promise<boolean> {
  return (await initOf(lab, host)) !== undefined;
}

export async function withTwinLock<T>(lab: Lab, host: string, act: () => Promise<T>): Promise<T> {
  const { paths } = twinOf(lab, host);
  return withLock({ file: paths.lock, clock: lab.clock, what: `the power of ${host}`, wait: LOCK_SECONDS }, act);
}

async function carryOut(lab: Lab, host: string, action: PowerAction): Promise<void> {
  const twin = twinOf(lab, host);
  if (action === 'shutdown') return shutDown(lab, host);
  if (action === 'off' || action === 'reset') await killTwin(lab, twin);
  if ((action === 'on' || action === 'reset') && !(await isOn(lab, host))) await startTwin(lab, twin);
}

async function shutDown(lab: Lab, host: string): Promise<void> {
  const twin = twinOf(lab, host);
  const init = await initOf(lab, host);
  if (init === undefined) return forgetTwin(lab, twin);
  process.kill(init, POWER_OFF_SIGNAL);
  const off = await waitFor({
    clock: lab.clock,
    seconds: SHUTDOWN_SECONDS,
    every: 200,
    look: async () => ((await isOn(lab, host)) ? undefined : true),
    late: () => new Error('late'),
  }).catch(() => false);
  if (!off)
    lab.progress({ stage: 'twin', message: `did not shut down within ${SHUTDOWN_SECONDS} s, power is cut`, host });
  await killTwin(lab, twin);
}
