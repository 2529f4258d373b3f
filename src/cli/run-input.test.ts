// What a command is told about its spec before it goes to the hosts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunEvent } from '../model/event.ts';
import { initText } from '../spec/init.ts';
import type { Call } from './command.ts';
import { fakeWorld } from './fake-world.ts';
import { prepareRun } from './run-input.ts';

let folder: string;
let spec: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hastack-input-'));
  spec = join(folder, 'cluster.yaml');
  const text = initText('three-controllers', {});
  writeFileSync(spec, `${text}\nservices: { etcd: true }\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function warnings(command: string): Promise<readonly string[]> {
  const events: RunEvent[] = [];
  const call = { flags: {}, world: fakeWorld({}), argv: [], color: false } as unknown as Call<object>;
  await prepareRun(call, { spec, command, emit: (event) => events.push(event) });
  return events.flatMap((event) => (event.event === 'warning' ? [event.message] : []));
}

it('says before an apply to real hosts what check warns of', async () => {
  const said = await warnings('apply');
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/cluster\.yaml:\d+:\d+: This version has not yet rehearsed etcd/);
});

it('says it once: other commands change nothing', async () => {
  expect(await warnings('status')).toEqual([]);
});
