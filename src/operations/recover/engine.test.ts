// Whole recoveries of three Galera members in memory, also with the connection lost at every script, before and after
// it took effect, as kill -9 does. The world watches what must never happen: a second cluster, a row lost.
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { describeEvidence, parseEvidence } from '../../components/galera/evidence.ts';
import type { GaleraEvidence } from '../../components/galera/evidence.ts';
import { decideGalera } from '../../components/galera/recovery-decision.ts';
import { checkReachable } from '../../engine/connect.ts';
import { fakeClock } from '../../lib/fake-clock.ts';
import { HastackError } from '../../model/error.ts';
import type { RunEvent } from '../../model/event.ts';
import type { Recovery } from '../../model/recovery.ts';
import { FakeTransport } from '../../remote/fake.ts';
import type { FakeHandler } from '../../remote/fake.ts';
import { recoverCluster } from './engine.ts';
import type { RecoverReport } from './report.ts';

const HOSTS = ['ctl1', 'ctl2', 'ctl3'];
const OLD = '6b1c2d7e-c673-11f0-9d5e-0a1b2c3d4e5f';
const NEW = '99999999-c673-11f0-9d5e-0a1b2c3d4e5f';

interface Member {
  running: boolean;
  uuid: string;
  seqno: number;
  aside: number;
}

class World {
  readonly members: ReadonlyMap<string, Member>;
  readonly violations: string[] = [];
  /** Cut all connections at the so many-th script; `late`: when it has taken effect. */
  cutAt: { readonly script: number; readonly late: boolean } | undefined;
  scripts = 0;
  transport = new FakeTransport(new Map());

  constructor(seqnos: readonly number[], uuids: readonly string[] = []) {
    this.members = new Map(
      HOSTS.map((host, index) => [
        host,
        { running: false, uuid: uuids[index] ?? OLD, seqno: seqnos[index] ?? 0, aside: 0 },
      ]),
    );
    this.connect();
  }

  connect(): void {
    this.transport = new FakeTransport(new Map([...this.members].map(([host, member]) => [host, this.answer(member)])));
  }

  private answer(member: Member): FakeHandler {
    return ({ text }) => {
      this.scripts += 1;
      const cut = this.cutAt?.script === this.scripts;
      if (cut && this.cutAt?.late === false) this.transport.cutAll();
      const stdout = cut && this.cutAt?.late === false ? '' : this.perform(member, text);
      if (cut && this.cutAt?.late === true) this.transport.cutAll();
      return { code: 0, stdout, stderr: '' };
    };
  }

  private perform(member: Member, text: string): string {
    const primary = [...this.members.values()].find((each) => each.running);
    if (text.includes('galera_recovery 2')) return this.print(member);
    if (text.includes('wsrep-new-cluster')) {
      if (primary !== undefined) this.violations.push('a second cluster was started');
      if (text.includes('before-recover')) member.uuid = NEW;
      member.running = true;
    } else if (text.includes('aside-')) {
      if (member.running) this.violations.push('the data of a running member were moved');
      if (primary === undefined) return '';
      member.aside += 1;
      Object.assign(member, { running: true, uuid: primary.uuid, seqno: primary.seqno });
    } else if (primary !== undefined) {
      if (member.uuid !== primary.uuid) this.violations.push('data of another cluster were overwritten');
      if (member.seqno > primary.seqno) this.violations.push('later data were overwritten');
      Object.assign(member, { running: true, seqno: primary.seqno });
    }
    return '';
  }

  private print(member: Member): string {
    const size = [...this.members.values()].filter((each) => each.running).length;
    const file = `grastate uuid ${member.uuid}\ngrastate seqno -1\ndata 1000\nfree 1000000\n`;
    if (!member.running) return `unit inactive\nrecovered ${member.uuid}:${member.seqno}\n${file}`;
    return `unit active\nprocess\nstatus wsrep_cluster_status\tPrimary\nstatus wsrep_local_state_comment\tSynced\nstatus wsrep_cluster_size\t${size}\nstatus wsrep_cluster_state_uuid\t${member.uuid}\nstatus wsrep_last_committed\t${member.seqno}\n${file}`;
  }
}

const galera: Recovery<GaleraEvidence> = {
  id: 'galera',
  hosts: HOSTS,
  read: () => ({ text: 'galera_recovery 2' }),
  parse: (_host, output) => parseEvidence(output),
  decide: (views, options) => ({
    ...decideGalera({ addresses: new Map() }, views, options),
    evidence: views.flatMap((each) => (each.read ? [describeEvidence(each.host, each.view)] : [])),
  }),
};

interface Options {
  readonly without?: readonly string[];
  readonly away?: readonly string[];
  readonly dryRun?: boolean;
  readonly disagree?: boolean;
}

interface Outcome {
  readonly report?: RecoverReport;
  readonly error?: HastackError;
  readonly asked: number;
}

async function recover(world: World, options: Options = {}): Promise<Outcome> {
  const clock = fakeClock();
  for (const host of options.away ?? []) world.transport.cut(host);
  let asked = 0;
  const work = async (): Promise<Outcome> => {
    try {
      const context = { transport: world.transport, clock, emit: (_event: RunEvent) => undefined };
      const connections = await checkReachable(context, HOSTS);
      const report = await recoverCluster({
        recoveries: [galera],
        ...connections,
        power: new Map(),
        without: options.without ?? [],
        dryRun: options.dryRun ?? false,
        clock,
        emit: () => undefined,
        lock: async () => ({ lost: new AbortController().signal, release: () => Promise.resolve() }),
        confirm: async () => {
          asked += 1;
          if (options.disagree) throw new HastackError({ code: 'refused', message: 'no', hint: '' });
        },
        health: async () => (options.away ?? []).map((host) => `${host}: away`),
      });
      return { report, asked };
    } catch (error) {
      if (!(error instanceof HastackError)) throw error;
      return { error, asked };
    }
  };
  const progress = { ended: false };
  const working = work().finally(() => (progress.ended = true));
  while (!progress.ended) {
    await turn();
    if (clock.sleepers > 0) await clock.advance(500);
  }
  return working;
}

const running = (world: World): readonly boolean[] => [...world.members.values()].map((member) => member.running);

describe('a total outage', () => {
  test('ends with all members in one cluster, from the highest position; a second run does nothing', async () => {
    const world = new World([30, 10, 20]);
    const { report, asked } = await recover(world);
    expect(report).toMatchObject({ state: 'repaired', left: [] });
    expect(report?.steps.map(({ host, ok }) => `${host} ${ok}`)).toEqual(['ctl1 true', 'ctl2 true', 'ctl3 true']);
    expect([asked, running(world), world.violations]).toEqual([1, [true, true, true], []]);
    expect([...world.members.values()].map(({ seqno, uuid }) => [seqno, uuid])).toEqual([
      [30, OLD],
      [30, OLD],
      [30, OLD],
    ]);
    const again = await recover(world);
    expect(again.report).toMatchObject({ state: 'nothing-to-do', steps: [] });
    expect(again.asked).toBe(0);
  });

  test.each([
    { name: 'all read', options: {} },
    { name: 'one given up', options: { without: ['ctl1'] } },
  ])('killed at every script, the next run finishes it: $name', async ({ options }) => {
    const whole = new World([30, 10, 20]);
    await recover(whole, options);
    expect(whole.scripts).toBeGreaterThan(10);
    for (let script = 1; script <= whole.scripts; script += 1) {
      for (const late of [false, true]) {
        const world = new World([30, 10, 20]);
        world.cutAt = { script, late };
        await recover(world, options);
        world.cutAt = undefined;
        world.connect();
        const { report } = await recover(world, options);
        expect({ script, late, state: report?.state, left: report?.left }).toEqual({
          script,
          late,
          state: expect.stringMatching(/repaired|nothing-to-do/),
          left: [],
        });
        expect({ script, late, running: running(world), violations: world.violations }).toEqual({
          script,
          late,
          running: [true, true, true],
          violations: [],
        });
      }
    }
  });

  test('a dry run and a refusal by the operator change nothing', async () => {
    const world = new World([1, 2, 3]);
    const dry = await recover(world, { dryRun: true });
    expect(dry.report?.steps.map(({ host, ok }) => [host, ok])).toEqual([
      ['ctl3', null],
      ['ctl1', null],
      ['ctl2', null],
    ]);
    const no = await recover(world, { disagree: true });
    expect(no.error?.code).toBe('refused');
    expect([dry.asked, no.asked, running(world)]).toEqual([0, 1, [false, false, false]]);
  });

  test('two clusters are refused; what the operator gives up is set aside, not overwritten', async () => {
    const world = new World([5, 6, 7], [OLD, OLD, NEW.replace('9', '8')]);
    const { report } = await recover(world);
    expect(report).toMatchObject({ state: 'refused', steps: [] });
    expect(running(world)).toEqual([false, false, false]);
    expect((await recover(world, { without: ['ctl3'] })).report?.state).toBe('repaired');
    expect([[...world.members.values()].map(({ aside }) => aside), world.violations]).toEqual([[1, 0, 1], []]);
  });

  test('a member that is away is waited for, or given up and said to be left', async () => {
    const world = new World([5, 6, 7]);
    expect((await recover(world, { away: ['ctl3'] })).report?.state).toBe('refused');
    world.connect();
    const { report } = await recover(world, { away: ['ctl3'], without: ['ctl3'] });
    expect(report).toMatchObject({ state: 'left', left: expect.arrayContaining(['ctl3: away']) });
    expect([running(world), world.violations]).toEqual([[true, true, false], []]);
    world.connect();
    const back = await recover(world);
    expect(back.report?.state).toBe('repaired');
    expect(world.members.get('ctl3')).toMatchObject({ running: true, uuid: NEW, aside: 1 });
  });
});
