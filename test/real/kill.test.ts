// One deployment from scratch in which `apply` is killed ten times with SIGKILL, at events of its journal drawn from a
// seed: HASTACK_SEED, printed. After each kill nothing the run had started is left on any host within 5 s; the next
// run goes on. The run after the last kill ends healthy, with nothing left to change.
// Needs root and the lab's packages.
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEvent } from '../../src/model/event.ts';
import { Deployment } from './support/deployment.ts';
import { MINUTES } from './support/lab-tools.ts';

const SEED = Number(process.env['HASTACK_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const CLEAN_SECONDS = 5;

let cluster: Deployment;

beforeAll(async () => {
  say(`HASTACK_SEED=${SEED}`);
  cluster = await Deployment.up('proof-kill', 93);
  // The twins' image has every package: one has to be missing for apt to have work.
  await cluster.onAll('DEBIAN_FRONTEND=noninteractive apt-get -qq purge -y memcached >/dev/null');
}, 5 * MINUTES);

afterAll(async () => {
  expect(await cluster.remove()).toEqual([]);
}, 3 * MINUTES);

interface Kill {
  readonly at: string;
  readonly matches: (event: RunEvent) => boolean;
  /** Of the matching events, from 1: at most this one. */
  readonly upTo: number;
  /** At most so long after the event, milliseconds. */
  readonly delay: number;
}

const KILLS: readonly Kill[] = [
  { at: 'lock', matches: ({ event }) => event === 'lock', upTo: 1, delay: 200 },
  { at: 'package', matches: (event) => batchOf(event, 'packages'), upTo: 3, delay: 3000 },
  { at: 'any event (base)', matches: afterPlan, upTo: 30, delay: 500 },
  { at: 'certificate', matches: (event) => batchOf(event, 'certificates'), upTo: 3, delay: 1500 },
  { at: 'any event (files and units)', matches: afterPlan, upTo: 40, delay: 1000 },
  { at: 'bootstrap', matches: (event) => step(event, 'galera', /^form/), upTo: 1, delay: 4000 },
  { at: 'any event (joining)', matches: afterPlan, upTo: 15, delay: 3000 },
  { at: 'db_sync', matches: (event) => batchOf(event, 'keystone', 'run:keystone-db-sync'), upTo: 1, delay: 5000 },
  { at: 'any event (Keystone)', matches: afterPlan, upTo: 12, delay: 3000 },
  { at: 'restart of a quorum member', matches: (event) => step(event, 'galera', /^restart/), upTo: 3, delay: 3000 },
];

it(
  'goes on after every kill, leaves nothing running behind, and ends as if it had never been killed',
  async () => {
    const random = mulberry32(SEED);
    const cleanAfter: number[] = [];
    for (const [index, kill] of KILLS.entries()) {
      if (index === KILLS.length - 1) {
        // A quorum only restarts when it is complete: bring the deployment to its end, then change something.
        expect((await cluster.apply()).failures).toEqual([]);
        await cluster.writeSpec('config: { my.cnf: { mariadbd: { max_connections: 900 } } }\n');
      }
      const nth = 1 + Math.floor(random() * kill.upTo);
      const delay = Math.floor(random() * kill.delay);
      await killOne(kill, nth, delay);
      const seconds = await untilClean();
      cleanAfter.push(seconds);
      say(`${index + 1}. ${kill.at}: event ${nth}, ${delay} ms later; no process left after ${seconds.toFixed(1)} s`);
    }
    const last = await cluster.apply();
    expect(last.failures).toEqual([]);
    expect(last.code).toBe(0);
    expect(last.events.some((event) => event.event === 'lock' && event.state === 'taken-over')).toBe(true);
    const { code, changes } = await cluster.plan();
    expect([code, changes]).toEqual([0, []]);
    const status = await cluster.cli(['status', '--lab']);
    expect(status.code, status.stdout).toBe(0);
    const ids = await cluster.onAll('mariadb -N -e "SHOW STATUS LIKE \'wsrep_cluster_state_uuid\'"');
    expect(new Set(ids.values()).size).toBe(1);
    say(`ended healthy; hosts were clean after at most ${Math.max(...cleanAfter).toFixed(1)} s`);
  },
  15 * MINUTES,
);

async function killOne(kill: Kill, nth: number, delay: number): Promise<void> {
  let seen = 0;
  let planned = 0;
  const { ended } = cluster.startApply((event, child: ChildProcess) => {
    if (event.event === 'plan-ready') planned += 1;
    // Events count from the plan that is made under the lock; the lock itself comes before it.
    if ((planned < 2 && kill.at !== 'lock') || !kill.matches(event)) return;
    seen += 1;
    if (seen === nth) setTimeout(() => child.kill('SIGKILL'), delay);
  });
  const run = await ended;
  const said = run.failures.map(({ message }) => message).join('\n');
  expect(said, `run before the kill at ${kill.at}`).toBe('');
  expect(run.events.at(-1)?.event, `the run ended before it could be killed at ${kill.at}, event ${nth}`).not.toBe(
    'run-finished',
  );
}

/** Seconds until no process of a script, nor the program that runs them, is on any host. */
async function untilClean(): Promise<number> {
  const started = performance.now();
  const passed = (): number => (performance.now() - started) / 1000;
  const look = `grep -lsz '^HASTACK_SCRIPT=' /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do
      printf '%s %s\\n' "$pid" "$(tr '\\0' ' ' < /proc/$pid/cmdline)"; done
    pgrep -af 'perl.*sysread' || true`;
  for (;;) {
    const left = [...(await cluster.onAll(look))].filter(([, text]) => text.trim() !== '');
    if (left.length === 0) return passed();
    if (passed() > CLEAN_SECONDS) throw new Error(`still there after ${CLEAN_SECONDS} s: ${JSON.stringify(left)}`);
    await sleep(100);
  }
}

function batchOf(event: RunEvent, component: string, resource?: string): boolean {
  if (event.event !== 'batch-started' || event.component !== component) return false;
  return resource === undefined || event.resources.includes(resource);
}

function step(event: RunEvent, group: string, does: RegExp): boolean {
  return event.event === 'member-step' && event.group === group && does.test(event.does);
}

function afterPlan({ event }: RunEvent): boolean {
  return event !== 'plan-ready';
}

/** Small and repeatable; source: the public domain generator mulberry32. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function say(text: string): void {
  process.stdout.write(`  ${text}\n`);
}
