// The one process that serves a lab while nobody looks: the twins' BMCs, the relay to the package cache, the
// healing of faults at their time, the plugging of cables after a twin rebooted from inside.
// It keeps nothing in memory that matters: killed at any moment, the next one (`lab up`, `lab heal`, any lab
// command that needs it) takes over from the system and faults.json. One per lab: it holds a lock.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { HastackError } from '../model/error.ts';
import { serveBmcs } from './bmc.ts';
import { launch } from './command.ts';
import { type Lab, requireUp, writeWhole } from './context.ts';
import { healDue } from './faults.ts';
import { identityOf, withLock } from './lock.ts';
import { inLab, links } from './namespace.ts';
import { relayPackages } from './package-cache.ts';
import { processesRunning, signalProcess } from './processes.ts';
import { plugIn } from './twin.ts';
import { waitFor } from './wait.ts';

const PROGRAM = 'supervisor-main.js';
const START_SECONDS = 20;
const TICK_MS = 500;

/** Starts the supervisor unless it runs; returns when it serves. */
export async function ensureSupervisor(lab: Lab): Promise<void> {
  const { root, supervisorLog } = lab.paths;
  requireUp(lab);
  if ((await supervisorProcesses(lab)).length === 0) {
    launch(inLab(lab.names, [process.execPath, programFile(), lab.stateDir]), supervisorLog);
  }
  await waitFor({
    clock: lab.clock,
    seconds: START_SECONDS,
    look: async () => ((await isReady(lab)) ? true : undefined),
    late: () =>
      new HastackError({
        code: 'environment',
        message: 'the lab supervisor did not start',
        hint: `see ${supervisorLog}; state: ${root}`,
      }),
  });
}

export async function supervisorProcesses(lab: Lab): Promise<readonly number[]> {
  return processesRunning(PROGRAM, lab.stateDir);
}

export async function stopSupervisor(lab: Lab): Promise<void> {
  await waitFor({
    clock: lab.clock,
    seconds: START_SECONDS,
    every: 50,
    look: async () => {
      const running = await supervisorProcesses(lab);
      running.forEach((id) => signalProcess(id, 'SIGKILL'));
      return running.length === 0 ? true : undefined;
    },
    late: () =>
      new HastackError({
        code: 'environment',
        message: 'the lab supervisor does not stop',
        hint: `see ${lab.paths.supervisorLog}`,
      }),
  });
}

/** The supervisor itself; runs until it is killed or the lab goes. */
export async function supervise(lab: Lab): Promise<void> {
  await withLock({ file: lockFile(lab), clock: lab.clock, what: 'the supervisor of the lab', wait: 5 }, async () => {
    await Promise.all([serveBmcs(lab), relayPackages(lab)]);
    await writeWhole(readyFile(lab), identityOf(process.pid) ?? '');
    while (existsSync(lab.paths.settings) && existsSync(lab.names.netnsPath)) {
      await tick(lab).catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
      await lab.clock.sleep(TICK_MS);
    }
  });
}

async function tick(lab: Lab): Promise<void> {
  await healDue(lab);
  const plugged = new Map(lab.topology.nics.map((nic) => [nic.link, nic.bridge]));
  const loose = (await links(lab.names)).some(
    (link) => plugged.has(link.name) && link.bridge !== plugged.get(link.name),
  );
  if (loose) await plugIn(lab);
}

async function isReady(lab: Lab): Promise<boolean> {
  const identity = await readFile(readyFile(lab), 'utf8').catch(() => '');
  const alive = await supervisorProcesses(lab);
  return alive.some((id) => identityOf(id) === identity);
}

function readyFile(lab: Lab): string {
  return `${lab.paths.root}/supervisor.ready`;
}

function lockFile(lab: Lab): string {
  return `${lab.paths.root}/supervisor.lock`;
}

/** The compiled program; when this runs from the sources (tests), the one that was built from them. */
function programFile(): string {
  const beside = fileURLToPath(new URL('./supervisor-main.js', import.meta.url));
  const built = beside.replace(/\/src\/lab\//, '/dist/lab/');
  const found = [beside, built].find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new HastackError({
    code: 'environment',
    message: 'the lab supervisor is not built',
    hint: 'run `npm run build`',
  });
}
