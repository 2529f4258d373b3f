// Predicted against measured over whole campaigns: how many measurements lie outside of the range that the failure
// model gave. Pure. Lines that recorded their prediction are held to that; for older ones it is made from the rules as
// they are now, from who held the VIP and who wrote when the fault was injected.
import { DRILLS } from '../drills/catalogue/registry.gen.ts';
import { outsidePrediction, predict } from '../drills/predict.ts';
import type { FailureRules } from '../drills/predict.ts';
import { PERIOD_MS } from '../drills/probes/config.ts';
import { PROBE_NAMES } from '../model/drill.ts';
import type { ProbeName } from '../model/drill.ts';
import { slowest } from '../model/seconds.ts';
import type { Seconds } from '../model/seconds.ts';

type PerProbe<T> = Readonly<Partial<Record<ProbeName, T>>>;

/** A line of campaigns/NAME.jsonl, as far as it is read here. */
export interface CampaignLine {
  readonly campaign: string;
  readonly run: number;
  /** `host/ctl1`, `process/ctl1/haproxy.service` */
  readonly target?: string;
  readonly vipHolder?: string;
  readonly writer?: string;
  readonly measured?: PerProbe<number>;
  readonly predicted?: PerProbe<Seconds | null>;
  readonly discarded?: string;
}

export interface Agreement {
  readonly campaign: string;
  readonly probe: ProbeName;
  readonly measurements: number;
  /** The widest of the predictions that its runs were held to. */
  readonly predicted: Seconds;
  /** Whether any of them was made afterwards. */
  readonly afterwards: boolean;
  readonly below: number;
  readonly above: number;
}

/** Of all measurements, the most that may be outside. */
export const ALLOWED_OUTSIDE = 0.1;

export function agreements(rules: FailureRules, lines: readonly CampaignLine[]): readonly Agreement[] {
  const found = new Map<string, Agreement>();
  for (const line of lines.filter(({ discarded }) => discarded === undefined)) {
    for (const probe of PROBE_NAMES) {
      const measured = line.measured?.[probe];
      const recorded = line.predicted?.[probe];
      const predicted = recorded ?? predictedFor(rules, line, probe);
      if (measured === undefined || predicted === undefined) continue;
      const side = outsidePrediction({ predicted, periodSeconds: PERIOD_MS[probe] / 1000 }, measured);
      const key = `${line.campaign} ${probe}`;
      const before = found.get(key);
      found.set(key, {
        campaign: line.campaign,
        probe,
        measurements: (before?.measurements ?? 0) + 1,
        predicted: before === undefined ? predicted : widest(before.predicted, predicted),
        afterwards: (before?.afterwards ?? false) || recorded === undefined || recorded === null,
        below: (before?.below ?? 0) + Number(side === 'below'),
        above: (before?.above ?? 0) + Number(side === 'above'),
      });
    }
  }
  return [...found.values()];
}

function predictedFor(rules: FailureRules, line: CampaignLine, probe: ProbeName): Seconds | undefined {
  const drill = DRILLS.find(({ name }) => name === line.campaign);
  const host = line.target?.split('/')[1];
  if (drill === undefined || host === undefined) return undefined;
  const fault = {
    kind: drill.fault,
    component: drill.component,
    holdsVip: host === line.vipHolder,
    isWriter: host === line.writer,
  };
  return predict(rules, fault, probe);
}

function widest(a: Seconds, b: Seconds): Seconds {
  return { ...slowest(a, b), low: Math.min(a.low, b.low) };
}
