// Predicted against measured in one small picture: the predicted range as a bar, what was measured as a dot,
// the limit as a line. The figures stand beside it in text.
import type { ProbeResult } from '../../model/drill.ts';
import { judgedSeconds } from '../verdict.ts';
import { at, duration, escape } from './markup.ts';

const WIDTH = 180;
const PAD = 8;

export function rangeSvg(probe: ProbeResult): string {
  const measured = judgedSeconds(probe);
  const top = Math.max(measured, probe.predicted?.high ?? 0, probe.limitSeconds ?? 0, 0.1);
  // A square root: the tenths of a second matter as much as the whole ones.
  const x = (seconds: number): number => PAD + Math.sqrt(seconds / top) * (WIDTH - 2 * PAD);
  const over = probe.limitSeconds !== null && measured > probe.limitSeconds;
  const label = `measured ${duration(measured)}, predicted ${predictedText(probe)}, limit ${limitText(probe)}`;
  const { predicted, limitSeconds } = probe;
  return [
    `<svg class="range" viewBox="0 0 ${WIDTH} 22" width="${WIDTH}" height="22" role="img" aria-label="${escape(label)}">`,
    `<line class="range-axis" x1="${PAD}" x2="${WIDTH - PAD}" y1="11" y2="11"/>`,
    predicted === null || predicted.high === 0
      ? ''
      : `<rect class="range-bar" x="${at(x(predicted.low))}" width="${at(Math.max(2, x(predicted.high) - x(predicted.low)))}" y="7" height="8" rx="4"/>` +
        `<line class="range-expected" x1="${at(x(predicted.expected))}" x2="${at(x(predicted.expected))}" y1="5" y2="17"/>`,
    limitSeconds === null
      ? ''
      : `<line class="range-limit" x1="${at(x(limitSeconds))}" x2="${at(x(limitSeconds))}" y1="2" y2="20"/>`,
    `<circle class="range-dot${over ? ' over' : ''}" cx="${at(x(measured))}" cy="11" r="4.5"/>`,
    '</svg>',
  ].join('');
}

export function predictedText(probe: ProbeResult): string {
  const { predicted } = probe;
  if (predicted === null) return 'not stated';
  if (predicted.high === 0) return 'nothing';
  return `${duration(predicted.low)} – ${duration(predicted.high)}`;
}

export function limitText(probe: ProbeResult): string {
  return probe.limitSeconds === null ? 'none' : duration(probe.limitSeconds);
}
