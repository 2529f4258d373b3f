import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { HostView, RecoveryVerdict } from '../../model/recovery.ts';
import { copyOf, parseEvidence } from './evidence.ts';
import type { GaleraEvidence } from './evidence.ts';
import { decideGalera, lastPrimary } from './recovery-decision.ts';

const A = '6b1c2d7e-c673-11f0-9d5e-0a1b2c3d4e5f';
const B = '7c2d3e8f-c673-11f0-9d5e-0a1b2c3d4e5f';
const NONE = '00000000-0000-0000-0000-000000000000';
const HOSTS = ['ctl1', 'ctl2', 'ctl3'];
const addresses = new Map(HOSTS.map((host, index) => [host, `10.0.0.${index + 1}`]));

type View = HostView<GaleraEvidence>;

const blank: GaleraEvidence = {
  unit: 'inactive',
  process: false,
  primaryPeers: [],
  dataKiB: 200_000,
  freeKiB: 10_000_000,
};

/** After a power cut: grastate.dat tells nothing, InnoDB does. */
function stopped(seqno: number, uuid = A, extra: Partial<GaleraEvidence> = {}): GaleraEvidence {
  return { ...blank, grastate: { uuid, seqno: -1, safe: false }, recovered: { uuid, seqno }, ...extra };
}

function runs(cluster: string, extra: Partial<NonNullable<GaleraEvidence['status']>> = {}): GaleraEvidence {
  const status = { cluster, state: 'Synced', size: 3, uuid: A, committed: 100, members: [], ...extra };
  return { ...blank, unit: 'active', process: true, status };
}

const read = (...members: readonly GaleraEvidence[]): readonly View[] =>
  members.map((view, index) => ({ host: HOSTS[index] ?? '', read: true, view }));
const away = (host: string, power: 'on' | 'off' | 'unknown'): View => ({
  host,
  read: false,
  reason: 'no route',
  power,
});

function decide(views: readonly View[], without: readonly string[] = [], waited = 0): RecoveryVerdict {
  return decideGalera({ addresses }, views, { without, waited });
}

/** `steps ctl3 start…`, `refuse …`: what it comes to, in one line per step. */
function told(verdict: RecoveryVerdict): readonly string[] {
  if (verdict.kind === 'steps') return verdict.steps.map(({ host, does }) => `${host} ${does}`);
  if (verdict.kind === 'refuse') return [`refuse: ${verdict.reason}`];
  return verdict.kind === 'wait' ? [`wait: ${verdict.reason}`] : ['nothing', ...verdict.left];
}

const START = 'start the cluster from this copy';
const FRESH = `${START}, under a new UUID`;
const JOIN = 'join the running cluster';
const ASIDE = 'set its data aside and take a full copy from the running cluster';
const STOP = 'stop MariaDB, which serves nothing';

describe('after a total outage', () => {
  it.each([
    { name: 'ctl1 has the highest', at: [30, 10, 20], expected: [`ctl1 ${START}`, `ctl2 ${JOIN}`, `ctl3 ${JOIN}`] },
    { name: 'ctl2 has the highest', at: [10, 30, 20], expected: [`ctl2 ${START}`, `ctl1 ${JOIN}`, `ctl3 ${JOIN}`] },
    { name: 'ctl3 has the highest', at: [10, 20, 30], expected: [`ctl3 ${START}`, `ctl1 ${JOIN}`, `ctl2 ${JOIN}`] },
    { name: 'all the same', at: [20, 20, 20], expected: [`ctl3 ${START}`, `ctl1 ${JOIN}`, `ctl2 ${JOIN}`] },
    { name: 'two the same', at: [20, 20, 10], expected: [`ctl2 ${START}`, `ctl1 ${JOIN}`, `ctl3 ${JOIN}`] },
  ])('the highest position starts the cluster: $name', ({ at, expected }) => {
    const verdict = decide(read(...at.map((seqno) => stopped(seqno))));
    expect(told(verdict)).toEqual(expected);
    expect(verdict).toMatchObject({ warnings: [expect.stringContaining('no transaction is lost')] });
  });

  it('believes InnoDB, not a position that grastate.dat still has', () => {
    const stale = stopped(500, A, { grastate: { uuid: A, seqno: 7, safe: true } });
    expect(told(decide(read(stopped(100), stopped(200), stale)))[0]).toBe(`ctl3 ${START}`);
  });

  it('takes the position of an orderly stop when InnoDB was not asked', () => {
    const orderly: GaleraEvidence = { ...blank, grastate: { uuid: A, seqno: 300, safe: true } };
    expect(told(decide(read(stopped(100), stopped(200), orderly)))[0]).toBe(`ctl3 ${START}`);
  });

  it('refuses when a position is neither in grastate.dat nor told by InnoDB', () => {
    const mute = { ...stopped(0), recovered: 'failed' as const };
    expect(told(decide(read(stopped(1), stopped(2), mute)))[0]).toMatch(/refuse: the position of ctl3 cannot be read/);
    expect(told(decide(read(stopped(1), stopped(2), mute), ['ctl3']))[0]).toBe(`ctl2 ${FRESH}`);
  });

  it('does not count a copy that was half received when the power went', () => {
    const half: GaleraEvidence = { ...blank, grastate: { uuid: NONE, seqno: -1, safe: false }, recovered: 'failed' };
    expect(told(decide(read(stopped(5), half, stopped(9))))).toEqual([`ctl3 ${START}`, `ctl1 ${JOIN}`, `ctl2 ${JOIN}`]);
  });

  it('refuses two clusters and names both, until one is given up', () => {
    const views = read(stopped(100), stopped(200), stopped(5, B));
    const verdict = decide(views);
    expect(told(verdict)[0]).toContain(`ctl3 holds ${B}:5`);
    expect(told(verdict)[0]).toContain(`ctl2 holds ${A}:200`);
    const without = decide(views, ['ctl3']);
    expect(told(without)).toEqual([`ctl2 ${FRESH}`, `ctl1 ${ASIDE}`, `ctl3 ${ASIDE}`]);
    expect(without).toMatchObject({ warnings: [expect.stringContaining(`5 transactions of another cluster, ${B}`)] });
  });

  it('names apply when nobody holds anything', () => {
    const empty = { ...blank, recovered: 'none' as const };
    expect(decide(read(empty, empty, empty))).toMatchObject({ kind: 'refuse', hint: expect.stringContaining('apply') });
  });
});

describe('a member that is missing', () => {
  const two = read(stopped(100), stopped(200));

  it.each([
    { power: 'unknown' as const, expected: /may be alive.*no board tells/ },
    { power: 'on' as const, expected: /may be alive.*its board says it is on/ },
    { power: 'off' as const, expected: /could not be read and may hold later transactions/ },
  ])('is waited for: power $power', ({ power, expected }) => {
    const verdict = decide([...two, away('ctl3', power)]);
    expect(told(verdict)[0]).toMatch(expected);
    expect(verdict).toMatchObject({ hint: expect.stringContaining('--without ctl3') });
  });

  it('can be given up: a new UUID, so that it never catches up from a position that means something else', () => {
    const verdict = decide([...two, away('ctl3', 'off')], ['ctl3']);
    expect(told(verdict)).toEqual([`ctl2 ${FRESH}`, `ctl1 ${ASIDE}`]);
    expect(verdict).toMatchObject({ warnings: [expect.stringContaining('ctl3 may hold later ones than 200')] });
  });

  it('is counted when it can be read but is given up', () => {
    const verdict = decide(read(stopped(100), stopped(200), stopped(350)), ['ctl3']);
    expect(told(verdict)[0]).toBe(`ctl2 ${FRESH}`);
    expect(verdict).toMatchObject({ warnings: ['150 transactions are lost: ctl3 is at 350, ctl2 at 200'] });
  });

  it('is not needed when the last primary component was without it, and its board says that it is off', () => {
    const view = (me: string) => ({ lastView: { id: '3 x 7', me, members: ['m1', 'm2'] } });
    const views = read(stopped(100, A, view('m1')), stopped(200, A, view('m2')));
    expect(lastPrimary(views)).toEqual(['ctl1', 'ctl2']);
    expect(told(decide([...views, away('ctl3', 'off')]))).toEqual([`ctl2 ${START}`, `ctl1 ${JOIN}`]);
    expect(told(decide([...views, away('ctl3', 'unknown')]))[0]).toMatch(/may be alive/);
  });

  it('is needed when one of those read belonged to another view', () => {
    const views = read(
      stopped(100, A, { lastView: { id: '3 x 6', me: 'm1', members: ['m1', 'm2'] } }),
      stopped(200, A, { lastView: { id: '3 x 7', me: 'm2', members: ['m2', 'm3'] } }),
    );
    expect(lastPrimary(views)).toBeUndefined();
    expect(told(decide([...views, away('ctl3', 'off')]))[0]).toMatch(/may hold later transactions/);
  });
});

describe('a living primary component', () => {
  it('needs nothing when all are in it, donors as well', () => {
    expect(told(decide(read(runs('Primary'), runs('Primary'), runs('Primary', { state: 'Donor/Desynced' }))))).toEqual([
      'nothing',
    ]);
  });

  it('that only the members can reach is not doubled', () => {
    const sees = (seqno: number) => stopped(seqno, A, { primaryPeers: ['10.0.0.3'] });
    const verdict = decide([...read(sees(1), sees(2)), away('ctl3', 'unknown')]);
    expect(told(verdict)[0]).toMatch(/a primary component lives on ctl3: ctl1 reaches it/);
    expect(decide([...read(sees(1), sees(2)), away('ctl3', 'off')], ['ctl3']).kind).toBe('refuse');
  });

  it('is joined, also by a member that is given up', () => {
    const views = read(runs('Primary', { size: 1 }), stopped(50), stopped(100));
    expect(told(decide(views))).toEqual([`ctl2 ${JOIN}`, `ctl3 ${JOIN}`]);
    expect(told(decide(views, ['ctl1', 'ctl2']))).toEqual([`ctl2 ${JOIN}`, `ctl3 ${JOIN}`]);
  });

  it.each([
    { name: 'ahead of it', member: stopped(140), why: /40 transactions that the running cluster does not have/ },
    { name: 'of another cluster', member: stopped(7, B), why: /position 7 of another cluster/ },
    { name: 'unreadable', member: { ...stopped(0), recovered: 'failed' as const }, why: /cannot be read/ },
  ])('has the data of a member set aside that is $name, and not on one glance', ({ member, why }) => {
    const views = read(runs('Primary', { size: 2 }), runs('Primary', { size: 2 }), member);
    expect(decide(views).kind).toBe('wait');
    const verdict = decide(views, [], 10);
    expect(told(verdict)).toEqual([`ctl3 ${ASIDE}`]);
    expect(verdict).toMatchObject({ steps: [{ destroys: expect.stringMatching(why) }] });
  });

  it('leaves the data where a copy beside them has no room, and says so', () => {
    const full = stopped(7, B, { freeKiB: 1000 });
    const verdict = decide(read(runs('Primary', { size: 2 }), runs('Primary', { size: 2 }), full), [], 10);
    expect(told(verdict)).toEqual(['nothing', expect.stringMatching(/ctl3: a full copy beside its old data needs/)]);
  });

  it('gives a joiner the time of a large copy, then stops it', () => {
    const joiner = { ...blank, unit: 'activating', process: true };
    const views = read(runs('Primary', { size: 2 }), runs('Primary', { size: 2 }), joiner);
    expect(decide(views, [], 899).kind).toBe('wait');
    expect(told(decide(views, [], 900))).toEqual([`ctl3 ${STOP}`]);
  });

  it('waits for a member that catches up', () => {
    const joined = runs('Primary', { state: 'Joined' });
    expect(decide(read(runs('Primary'), runs('Primary'), joined)).kind).toBe('wait');
  });

  it.each([
    { name: 'two clusters', other: runs('Primary', { uuid: B, size: 1 }) },
    { name: 'a thawed member that believes the old view', other: runs('Primary', { size: 3 }) },
  ])('is refused when members contradict each other for long: $name', ({ other }) => {
    const views = read(runs('Primary', { size: 2 }), runs('Primary', { size: 2 }), other);
    expect(decide(views).kind).toBe('wait');
    expect(told(decide(views, [], 10))[0]).toMatch(/refuse: ctl1 and ctl3 both say Primary/);
  });
});

describe('members that run without a primary component', () => {
  const lost = runs('non-Primary', { state: 'Initialized' });

  it('may find each other, then are stopped, and their positions read', () => {
    expect(decide(read(lost, lost, stopped(9))).kind).toBe('wait');
    expect(told(decide(read(lost, lost, stopped(9)), [], 15))).toEqual([`ctl1 ${STOP}`, `ctl2 ${STOP}`]);
  });

  it('are not stopped while somebody is missing', () => {
    expect(decide([...read(lost, lost), away('ctl3', 'unknown')], [], 99).kind).toBe('refuse');
  });

  it('are stopped also when they are frozen and answer nothing', () => {
    const frozen = { ...blank, unit: 'active', process: true };
    expect(told(decide(read(stopped(1), frozen, stopped(2)), [], 15))).toEqual([`ctl2 ${STOP}`]);
  });
});

describe('whatever the members say', () => {
  const seqno = fc.integer({ min: 0, max: 5 });
  const uuid = fc.constantFrom(A, A, A, B);
  const member: fc.Arbitrary<GaleraEvidence> = fc.oneof(
    fc.tuple(seqno, uuid).map(([at, of]) => stopped(at, of)),
    fc.constantFrom<GaleraEvidence>(
      runs('Primary', { size: 1 }),
      runs('Primary', { size: 2 }),
      runs('non-Primary'),
      { ...blank, unit: 'activating', process: true },
      { ...stopped(0), recovered: 'failed' },
      { ...blank, recovered: 'none' },
      stopped(3, A, { primaryPeers: ['10.0.0.2'] }),
    ),
  );
  const power = fc.constantFrom<'on' | 'off' | 'unknown'>('on', 'off', 'unknown');
  const view = (host: string): fc.Arbitrary<View> =>
    fc.oneof(
      { weight: 4, arbitrary: member.map((each): View => ({ host, read: true, view: each })) },
      { weight: 1, arbitrary: power.map((each) => away(host, each)) },
    );
  const world = fc.record({
    views: fc.tuple(view('ctl1'), view('ctl2'), view('ctl3')),
    without: fc.subarray(HOSTS),
    waited: fc.constantFrom(0, 12, 60, 2000),
  });

  it('a cluster is only started where nobody is primary, nobody runs, and nothing that counts is higher or unread', () => {
    fc.assert(
      fc.property(world, ({ views, without, waited }) => {
        const verdict = decide(views, without, waited);
        if (verdict.kind !== 'steps') return;
        const start = verdict.steps.find(({ does }) => does.startsWith(START));
        if (start === undefined) return;
        expect(verdict.steps[0]).toBe(start);
        const seen = views.flatMap((each) => (each.read ? [each] : []));
        expect(seen.filter((each) => each.view.process || each.view.primaryPeers.length > 0)).toEqual([]);
        const counted = seen.filter(({ host }) => !without.includes(host));
        const chosen = counted.find(({ host }) => host === start.host);
        const best = chosen === undefined ? 'none' : copyOf(chosen.view);
        if (typeof best !== 'object') throw new Error('it starts from nothing');
        for (const each of counted) {
          const copy = copyOf(each.view);
          expect(copy).not.toBe('unknown');
          if (typeof copy !== 'object') continue;
          expect([copy.uuid, copy.seqno <= best.seqno]).toEqual([best.uuid, true]);
        }
        for (const each of views) if (!each.read) expect(without).toContain(each.host);
        expect(start.does === FRESH).toBe(without.length > 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('nothing is set aside without saying what, and never from the member that serves', () => {
    fc.assert(
      fc.property(world, ({ views, without, waited }) => {
        const verdict = decide(views, without, waited);
        if (verdict.kind !== 'steps') return;
        for (const step of verdict.steps) {
          if (step.does !== ASIDE) continue;
          expect(step.destroys).toContain(step.host);
          const own = views.find(({ host }) => host === step.host);
          expect(own?.read === true && own.view.process).toBe(false);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what a member prints', () => {
  it('is read', () => {
    const output = `peer 10.0.0.2 200\npeer 10.0.0.3 000\nunit failed\nrecovered ${A}:4711\ngrastate uuid ${A}\ngrastate seqno -1\ngrastate safe_to_bootstrap 0\nview my_uuid m1\nview view_id 3 m1 7\nview member m1 0\nview member m2 0\ndata 220000\nfree 900000\n`;
    expect(parseEvidence(output)).toEqual({
      unit: 'failed',
      process: false,
      grastate: { uuid: A, seqno: -1, safe: false },
      lastView: { id: '3 m1 7', me: 'm1', members: ['m1', 'm2'] },
      recovered: { uuid: A, seqno: 4711 },
      primaryPeers: ['10.0.0.2'],
      dataKiB: 220_000,
      freeKiB: 900_000,
    });
  });

  it('of a running server too', () => {
    const output = `unit active\nprocess\nstatus wsrep_cluster_size\t3\nstatus wsrep_cluster_status\tPrimary\nstatus wsrep_local_state_comment\tSynced\nstatus wsrep_cluster_state_uuid\t${A}\nstatus wsrep_last_committed\t17\nstatus wsrep_incoming_addresses\t10.0.0.1:0,10.0.0.2:0\n`;
    expect(parseEvidence(output).status).toEqual({
      cluster: 'Primary',
      state: 'Synced',
      size: 3,
      uuid: A,
      committed: 17,
      members: ['10.0.0.1', '10.0.0.2'],
    });
  });
});
