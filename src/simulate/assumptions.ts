// The figures the availability estimate rests on: how often things fail and how long they stay away. None of them is
// known for a cluster that does not exist yet, so each has a low and a high, is printed, and can be set in the spec
// (availability.assumptions). Pure.
import type { Cluster } from '../model/cluster.ts';
import type { Assumption } from '../model/simulation.ts';
import type { Seconds } from '../model/seconds.ts';

const HOURS_PER_YEAR = 8760;
const MINUTES_PER_HOUR = 60;

interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly meaning: string;
}

const hours = (value: number, meaning: string): Figure => ({ value, unit: 'h', meaning });
const share = (value: number, meaning: string): Figure => ({ value, unit: '', meaning });

const FIGURES = {
  hostMtbfHours: hours(20_000, 'between failures of a host'),
  diskMtbfHours: hours(300_000, 'between failures of a system disk (or mirror)'),
  nicMtbfHours: hours(200_000, 'between failures of a network interface or its cable'),
  switchMtbfHours: hours(200_000, 'between failures of a switch'),
  networkMtbfHours: hours(200_000, 'between failures of a whole network'),
  rackMtbfHours: hours(500_000, 'between failures of a whole rack, or another failure domain'),
  powerMtbfHours: hours(50_000, 'between failures of a power feed'),
  processMtbfHours: hours(8000, 'between failures of one process'),
  bmcMtbfHours: hours(100_000, 'between failures of a baseboard management controller'),
  externalMtbfHours: hours(10_000, 'between failures of a thing outside of the cluster'),
  repairHours: hours(4, 'until a failed thing is back'),
  manualMinutes: { value: 30, unit: 'min', meaning: 'until a human has restarted what did not recover by itself' },
  frozenShare: share(0.2, 'of the failures of processes leave them frozen, not dead'),
  coverage: share(0.95, 'of the failovers work; the others wait for a human'),
  commonCause: share(0.05, 'of the failures of hosts take more than one'),
} as const;

export type FigureName = keyof typeof FIGURES;

export interface Assumptions {
  readonly listed: readonly Assumption[];
  /** Failures per year of an element of this kind. */
  readonly perYear: (kind: string) => Seconds;
  /** Minutes until an element of this kind is back. */
  readonly repairMinutes: (kind: string) => Seconds;
  /** Share of failovers that wait for a human. */
  readonly uncovered: Seconds;
  readonly manualMinutes: Seconds;
  readonly commonCause: Seconds;
}

export function assumptionsOf(
  cluster: Cluster,
  given: Readonly<Record<string, number>> = cluster.availability.assumptions,
): Assumptions {
  const of = (name: FigureName): number => given[name] ?? FIGURES[name].value;
  const uncovered = 1 - of('coverage');
  return {
    listed: (Object.keys(FIGURES) as FigureName[]).map((name) => ({
      name,
      value: rangeOf(name, of(name)),
      unit: FIGURES[name].unit,
      origin: of(name) === FIGURES[name].value ? 'default' : 'spec',
      meaning: FIGURES[name].meaning,
    })),
    perYear: (kind) => around(perYear(kind, of)),
    repairMinutes: (kind) =>
      around(RESTARTED.includes(kind) ? of('manualMinutes') : of('repairHours') * MINUTES_PER_HOUR),
    uncovered: around(uncovered, 1),
    manualMinutes: around(of('manualMinutes')),
    commonCause: around(of('commonCause'), 1),
  };
}

/** Mended by a restart, not by a spare part. */
const RESTARTED = ['process', 'frozen'];

function perYear(kind: string, of: (name: FigureName) => number): number {
  const rate = (name: FigureName): number => HOURS_PER_YEAR / of(name);
  switch (kind) {
    case 'frozen':
      return rate('processMtbfHours') * of('frozenShare');
    case 'process':
      return rate('processMtbfHours') * (1 - of('frozenShare'));
    case 'bond':
      // Both ports of a bond at once.
      return rate('nicMtbfHours') * of('commonCause');
    case 'isolated':
      // Counted where its causes are: NICs and switches.
      return 0;
    case 'host':
    case 'disk':
    case 'nic':
    case 'switch':
    case 'network':
    case 'rack':
    case 'power':
    case 'bmc':
    case 'external':
      return rate(`${kind}MtbfHours`);
    default:
      return rate('rackMtbfHours');
  }
}

/** Nobody knows these to better than a factor of two. */
function around(value: number, limit = Number.POSITIVE_INFINITY): Seconds {
  return { low: value / 2, expected: value, high: Math.min(limit, value * 2) };
}

function rangeOf(name: FigureName, value: number): Seconds {
  if (name === 'coverage') {
    const left = (away: number): number => Number((1 - away).toFixed(6));
    return { low: Math.max(0, left((1 - value) * 2)), expected: value, high: left((1 - value) / 2) };
  }
  return around(value, FIGURES[name].unit === '' ? 1 : undefined);
}
