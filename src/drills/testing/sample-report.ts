// A report with every kind of drill in it, for tests: samples are generated from a seed and go through the same
// analysis as real ones.
import type { DrillReport, DrillResult, ProbeName, ProbeResult } from '../../model/drill.ts';
import { seconds, type Seconds } from '../../model/seconds.ts';
import { analyse, timeline } from '../probes/analyse.ts';
import type { Sample } from '../probes/sample.ts';

const LENGTH = 48;

interface Wanted {
  readonly name: ProbeName;
  readonly period: number;
  readonly deadline: number;
  readonly away?: { readonly from: number; readonly seconds: number };
  /** Share of requests that fail from the fault on for some time, as behind a balancer that has not noticed yet. */
  readonly partly?: { readonly from: number; readonly seconds: number; readonly share: number };
  readonly stall?: { readonly from: number; readonly seconds: number };
  readonly predicted: Seconds | null;
  readonly limit: number | null;
  readonly median: number;
}

function probe(wanted: Wanted, random: () => number): ProbeResult {
  const samples: Sample[] = [];
  for (let at = 0; at < LENGTH; at += wanted.period) {
    const inside = (range: { readonly from: number; readonly seconds: number } | undefined): boolean =>
      range !== undefined && at >= range.from && at < range.from + range.seconds;
    const fails = inside(wanted.away) || (inside(wanted.partly) && random() < (wanted.partly?.share ?? 0));
    const noise = wanted.median * (0.7 + random() * 0.6 + (random() > 0.985 ? random() * 12 : 0));
    const stalled = inside(wanted.stall) && wanted.stall ? (wanted.stall.from + wanted.stall.seconds - at) * 1000 : 0;
    const ok = !fails;
    samples.push({ at: at * 1000, ms: ok ? noise + stalled : 1000, ok, ...(fails && { error: 'timeout' }) });
  }
  return {
    name: wanted.name,
    vantage: 'outside',
    does:
      wanted.name === 'mariadb-set'
        ? 'insert unique numbers at 10.10.10.10:3306'
        : 'GET https://cloud.example.org:5000/v3',
    periodSeconds: wanted.period,
    deadlineSeconds: wanted.deadline,
    predicted: wanted.predicted,
    limitSeconds: wanted.limit,
    ...analyse(samples, { periodMs: wanted.period * 1000, originMs: 0 }),
    afterHeal: { requests: 900, failed: 0, measuredSeconds: 0.03, longestStallSeconds: 0.05 },
    skipped: 0,
    ...(wanted.name === 'mariadb-set' && { acknowledgedWrites: 1874, lostWrites: 0, unknownWrites: 2, staleReads: 0 }),
    timeline: timeline(samples, { originMs: 0, binSeconds: Math.max(0.1, wanted.period) }),
  };
}

const FAULT = 6;

function drill(fields: Partial<DrillResult>, wanted: readonly Wanted[], random: () => number): DrillResult {
  const control = probe(
    { name: 'control', period: 0.02, deadline: 1, predicted: null, limit: null, median: 1.2 },
    random,
  );
  return {
    name: 'vip-holder-off',
    title: 'Power cut of the VIP holder',
    fault: { kind: 'host-power-off', target: 'host/ctl1' },
    writer: 'ctl2',
    vipHolder: 'ctl1',
    verdict: 'pass',
    reason: 'at worst mariadb-set was away for 2.51 s, no acknowledged write lost',
    serviceRestoredBy: 'redundancy',
    partRestoredBy: 'hastack',
    healSeconds: 16.4,
    startedAt: '2026-03-02T09:15:07.000Z',
    seconds: 61.3,
    probes: wanted.map((each) => probe(each, random)),
    control: {
      requests: 2400,
      failed: 0,
      longestGapSeconds: 0.021,
      afterHealGapSeconds: 0.134,
      limitSeconds: 0.1,
      loopLagSeconds: 0.012,
      timeline: control.timeline,
    },
    members: ['ctl1', 'ctl2', 'ctl3'].map((host) => ({ host, missing: 0, examples: [] })),
    marks: [
      { at: 2.6, kind: 'steady', detail: 'every probe succeeds' },
      { at: FAULT, kind: 'fault', detail: 'host-power-off host/ctl1' },
      { at: 6.2, kind: 'faulted', detail: 'host-power-off took effect' },
      { at: 20, kind: 'heal', detail: 'healing host/ctl1' },
      { at: 36.4, kind: 'healthy', detail: 'every health check is green' },
    ],
    attempts: [
      {
        attempt: 1,
        startedAt: '2026-03-02T09:15:07.000Z',
        verdict: 'pass',
        reason: '',
        controlGapSeconds: 0.021,
        measured: {},
      },
    ],
    ...fields,
  };
}

export function sampleReport(): DrillReport {
  const random = generator(7);
  const get = {
    name: 'http-get',
    period: 0.02,
    deadline: 1,
    predicted: seconds(0.5, 0.85, 1.2),
    limit: 1.5,
    median: 6,
  } as const;
  const validate = { ...get, name: 'token-validate', period: 0.05, median: 14 } as const;
  const issue = { ...get, name: 'token-issue', period: 1, median: 180, limit: 5 } as const;
  const write = {
    ...get,
    name: 'mariadb-set',
    period: 0.025,
    deadline: 10,
    limit: 4,
    predicted: seconds(2, 2.4, 3.8),
    median: 4,
  } as const;
  const away = { from: FAULT + 0.1, seconds: 0.84 };
  const frozen = { from: FAULT + 0.1, seconds: 2.7, share: 0.34 };
  return {
    runId: '20260302-091457-4f1c',
    cluster: 'campus',
    startedAt: '2026-03-02T09:14:57.000Z',
    versions: {
      keystone: '27.0.0-3',
      'mariadb-server': '11.8.6-0+deb13u1',
      haproxy: '3.0.11-1+deb13u2',
      keepalived: '2.3.3-1',
    },
    lab: true,
    twinProfile: [
      {
        option: 'services.keystone.workers',
        real: '8',
        twin: '1',
        reason: 'twins share the processors of one machine',
      },
    ],
    tolerance: 1,
    command: 'hastack drill cluster.yaml --lab vip-holder-off haproxy-killed keystone-frozen galera-writer-off',
    drills: [
      drill(
        {},
        [
          { ...get, away },
          { ...validate, away },
          { ...issue, away: { from: FAULT, seconds: 1 } },
          { ...write, stall: { from: FAULT + 0.1, seconds: 2.5 }, away: { from: FAULT + 0.1, seconds: 0.05 } },
        ],
        random,
      ),
      drill(
        {
          name: 'haproxy-killed',
          title: 'HAProxy killed on the VIP holder',
          fault: { kind: 'process-killed', target: 'process/ctl1/haproxy.service' },
          reason: 'at worst http-get was away for 220 ms, no acknowledged write lost',
          partRestoredBy: 'redundancy',
          healSeconds: 1.2,
        },
        [
          { ...get, away: { from: FAULT, seconds: 0.22 }, predicted: seconds(0.05, 0.3, 1), limit: 1 },
          { ...validate, away: { from: FAULT, seconds: 0.2 }, limit: 1 },
          issue,
          { ...write, away: { from: FAULT, seconds: 0.1 } },
        ],
        random,
      ),
      drill(
        {
          name: 'keystone-frozen',
          title: 'Keystone frozen on one host',
          fault: { kind: 'unit-frozen', target: 'process/ctl2/keystone.service' },
          verdict: 'inconclusive',
          reason: 'the control probe missed 340 ms (limit 100 ms): this machine was held up',
          members: [],
          attempts: [1, 2, 3].map((attempt) => ({
            attempt,
            startedAt: '2026-03-02T09:18:00.000Z',
            verdict: 'inconclusive',
            reason: 'the control probe missed 340 ms (limit 100 ms): this machine was held up',
            controlGapSeconds: 0.34,
            measured: {},
          })),
        },
        [
          { ...get, partly: frozen, predicted: seconds(2, 3, 4), limit: 5 },
          { ...validate, partly: frozen, predicted: seconds(2, 3, 4), limit: 5 },
          issue,
        ],
        random,
      ),
      drill(
        {
          name: 'galera-writer-off',
          title: 'Power cut of the Galera writer',
          fault: { kind: 'host-power-off', target: 'host/ctl2' },
          verdict: 'fail',
          reason: 'mariadb-set was away for 6.2 s, allowed are 4 s',
        },
        [
          get,
          { ...validate, predicted: null, away: { from: FAULT, seconds: 2.2 }, limit: 5 },
          issue,
          { ...write, away: { from: FAULT, seconds: 6.2 } },
        ],
        random,
      ),
      {
        ...drill(
          {
            name: 'keystone-stop',
            title: 'Keystone stopped on one host',
            fault: { kind: 'unit-stopped', target: '' },
            verdict: 'refused',
            reason: 'not healthy before the drill: galera on ctl2: not <Synced>',
            healSeconds: null,
            members: [],
            marks: [],
          },
          [],
          random,
        ),
        control: null,
      },
    ],
  };
}

/** Deterministic numbers between 0 and 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
