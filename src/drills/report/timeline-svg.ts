// The timeline of a drill as one inline SVG: a lane per probe with its latency (log scale), the outages as bands,
// and the moments of fault and heal across all lanes. Readable without scripts and on paper; colours come from the
// page's style, and nothing is told by colour alone: outages are labelled with their length.
import type { ControlResult, DrillMark, DrillResult, Outage, Timeline } from '../../model/drill.ts';
import { judgedSeconds } from '../verdict.ts';
import { at, duration, escape } from './markup.ts';

const WIDTH = 960;
const LEFT = 150;
const RIGHT = 16;
const TOP = 46;
const LANE = 46;
const GAP = 10;
const AXIS = 26;

interface Lane {
  readonly name: string;
  readonly note: string;
  readonly timeline: Timeline;
  readonly outages: readonly Outage[];
  readonly periodSeconds: number;
  /** Top of the latency scale, milliseconds. */
  readonly ceiling: number;
  readonly control: boolean;
}

interface Scale {
  readonly start: number;
  readonly end: number;
  readonly x: (seconds: number) => number;
}

export function timelineSvg(drill: DrillResult): string {
  const lanes = lanesOf(drill);
  const scale = scaleOf(drill, lanes);
  const height = TOP + lanes.length * (LANE + GAP) + AXIS;
  const id = `timeline-${drill.name}`;
  const bottom = height - AXIS;
  return [
    `<svg class="timeline" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">Timeline of ${escape(drill.title)}</title>`,
    `<desc id="${id}-desc">${escape(describe(drill))}</desc>`,
    axis(scale, bottom),
    ...lanes.map((lane, index) => laneSvg(lane, scale, TOP + index * (LANE + GAP))),
    marksSvg(drill.marks, scale, bottom),
    '</svg>',
  ].join('\n');
}

/** The same in words, for those who do not see it. */
function describe(drill: DrillResult): string {
  const marks = drill.marks
    .filter((mark) => mark.kind === 'fault' || mark.kind === 'heal' || mark.kind === 'healthy')
    .map((mark) => `${mark.detail} at ${duration(mark.at)}`);
  const probes = drill.probes.map((probe) => `${probe.name} was away for at most ${duration(judgedSeconds(probe))}`);
  return [...marks, ...probes].join('; ');
}

function lanesOf(drill: DrillResult): readonly Lane[] {
  const probes = drill.probes.map((probe) => ({
    name: probe.name,
    note: `every ${duration(probe.periodSeconds)}`,
    timeline: probe.timeline,
    outages: probe.outages,
    periodSeconds: probe.periodSeconds,
    ceiling: probe.deadlineSeconds * 1000,
    control: false,
  }));
  return drill.control === null ? probes : [...probes, controlLane(drill.control)];
}

function controlLane(control: ControlResult): Lane {
  const note = `longest gap ${duration(control.longestGapSeconds)}`;
  return {
    name: 'control',
    note,
    timeline: control.timeline,
    outages: [],
    periodSeconds: 0,
    ceiling: 1000,
    control: true,
  };
}

function scaleOf(drill: DrillResult, lanes: readonly Lane[]): Scale {
  const times = [
    ...drill.marks.map((mark) => mark.at),
    ...lanes.flatMap((lane) => [
      lane.timeline.bins[0]?.at ?? 0,
      (lane.timeline.bins.at(-1)?.at ?? 0) + lane.timeline.binSeconds,
    ]),
  ];
  const start = Math.min(...times);
  const end = Math.max(...times, start + 1);
  const width = WIDTH - LEFT - RIGHT;
  return { start, end, x: (seconds) => LEFT + ((seconds - start) / (end - start)) * width };
}

function axis(scale: Scale, bottom: number): string {
  const step = [1, 2, 5, 10, 20, 30, 60, 120, 300].find((each) => (scale.end - scale.start) / each <= 12) ?? 600;
  const lines: string[] = [];
  for (let tick = Math.ceil(scale.start / step) * step; tick <= scale.end; tick += step) {
    const x = at(scale.x(tick));
    lines.push(`<line class="grid" x1="${x}" x2="${x}" y1="${TOP}" y2="${bottom}"/>`);
    lines.push(`<text class="tick" x="${x}" y="${bottom + 16}" text-anchor="middle">${tick} s</text>`);
  }
  return lines.join('');
}

function laneSvg(lane: Lane, scale: Scale, top: number): string {
  const bottom = top + LANE;
  return [
    `<g class="lane${lane.control ? ' lane-control' : ''}">`,
    `<rect class="lane-back" x="${LEFT}" y="${top}" width="${WIDTH - LEFT - RIGHT}" height="${LANE}" rx="4"/>`,
    `<text class="lane-name" x="${LEFT - 12}" y="${top + 20}" text-anchor="end">${escape(lane.name)}</text>`,
    `<text class="lane-note" x="${LEFT - 12}" y="${top + 36}" text-anchor="end">${escape(lane.note)}</text>`,
    ...lane.outages.map((outage) => band(outage, { lane, scale, top })),
    latency(lane, scale, bottom),
    failures(lane, scale, bottom),
    // Above the latency, or the label would be crossed out by it.
    ...lane.outages.map((outage) => bandLabel(outage, { lane, scale, top })),
    '</g>',
  ].join('');
}

interface Place {
  readonly lane: Lane;
  readonly scale: Scale;
  readonly top: number;
}

/** As in the table: between two successes one request was due anyway. */
function away(outage: Outage, lane: Lane): number {
  return Math.max(0, outage.to - outage.from - (outage.openEnded ? 0 : lane.periodSeconds));
}

function band(outage: Outage, { lane, scale, top }: Place): string {
  const x = scale.x(outage.from);
  const width = Math.max(1.5, scale.x(outage.to) - x);
  const title = `${duration(away(outage, lane))} from ${duration(outage.from)}, ${outage.failed} requests failed`;
  return `<rect class="band" x="${at(x)}" y="${top}" width="${at(width)}" height="${LANE}"><title>${escape(title)}</title></rect>`;
}

function bandLabel(outage: Outage, { lane, scale, top }: Place): string {
  const length = away(outage, lane);
  // Lesser ones are in the table; labels of many short ones would run into each other.
  if (length < 0.2) return '';
  const x = Math.min(scale.x(outage.to) + 5, WIDTH - RIGHT - 46);
  const text = `${outage.openEnded ? '≥ ' : ''}${duration(Math.round(length * 100) / 100)}`;
  return `<text class="band-label" x="${at(x)}" y="${top + 15}">${escape(text)}</text>`;
}

/** Median as a line, maximum as an area above the ground; a gap where nothing succeeded. */
function latency(lane: Lane, scale: Scale, bottom: number): string {
  const usable = LANE - 8;
  const y = (ms: number): number => bottom - (Math.log10(Math.max(1, ms)) / Math.log10(lane.ceiling)) * usable;
  const step = lane.timeline.binSeconds;
  let area = '';
  let line = '';
  let last: number | undefined;
  let beginning = 0;
  const closeArea = (): void => {
    if (last !== undefined) area += `H${at(scale.x(last + step))}V${bottom}H${at(beginning)}Z`;
    last = undefined;
  };
  for (const bin of lane.timeline.bins) {
    if (bin.max === null || bin.p50 === null) {
      closeArea();
      continue;
    }
    const x = scale.x(bin.at);
    // A bin that has no neighbour within three steps begins anew.
    if (last !== undefined && bin.at - last > 3 * step) closeArea();
    if (last === undefined) {
      beginning = x;
      area += `M${at(x)} ${bottom}`;
      line += `M${at(x)} ${at(y(bin.p50))}`;
    }
    area += `L${at(x)} ${at(y(bin.max))}`;
    line += `L${at(x)} ${at(y(bin.p50))}`;
    last = bin.at;
  }
  closeArea();
  return `<path class="area" d="${area}"/><path class="line" d="${line}"/>`;
}

/** Bins with failures, as ticks on the ground; neighbours are joined. */
function failures(lane: Lane, scale: Scale, bottom: number): string {
  const rects: string[] = [];
  let from: number | undefined;
  let to = 0;
  const flush = (): void => {
    if (from === undefined) return;
    const width = Math.max(1.5, scale.x(to) - scale.x(from));
    rects.push(`<rect class="failed" x="${at(scale.x(from))}" y="${bottom - 4}" width="${at(width)}" height="4"/>`);
    from = undefined;
  };
  for (const bin of lane.timeline.bins) {
    if (bin.failed === 0) {
      flush();
      continue;
    }
    from ??= bin.at;
    to = bin.at + lane.timeline.binSeconds;
  }
  flush();
  return rects.join('');
}

const LABEL_ROOM = 70;
const LABELS: Readonly<Partial<Record<DrillMark['kind'], string>>> = {
  fault: 'fault',
  heal: 'heal',
  healthy: 'healthy',
};

function marksSvg(marks: readonly DrillMark[], scale: Scale, bottom: number): string {
  let taken = 0;
  const lines = marks.flatMap((mark) => {
    const label = LABELS[mark.kind];
    if (label === undefined) return [];
    const x = scale.x(mark.at);
    // Two marks close together: the second label goes one line lower.
    const row = x - taken < 74 ? 36 : 20;
    taken = x;
    // At the end of the picture there is no room to the right of the line.
    const place = x + LABEL_ROOM > WIDTH ? `x="${at(x - 8)}" text-anchor="end"` : `x="${at(x + 8)}"`;
    return [
      `<g class="mark mark-${mark.kind}"><line x1="${at(x)}" x2="${at(x)}" y1="${row - 8}" y2="${bottom}"/>`,
      `<circle cx="${at(x)}" cy="${row - 4}" r="4"/>`,
      `<text ${place} y="${row}">${label}</text><title>${escape(`${mark.detail}, ${duration(mark.at)}`)}</title></g>`,
    ];
  });
  return lines.join('');
}
