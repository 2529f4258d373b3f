// The page: complete, self-contained, escaped, and true to the figures it is drawn from.
import { describe, expect, it } from 'vitest';
import { sampleReport } from '../testing/sample-report.ts';
import { judgedSeconds } from '../verdict.ts';
import { headline, htmlReport } from './html.ts';
import { count, duration } from './markup.ts';

const report = sampleReport();
const page = htmlReport(report);

describe('htmlReport', () => {
  it('needs nothing from outside and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|\son\w+=/i);
    expect(page.match(/(?:src|href)="[^"#]/g)).toBeNull();
  });

  it('closes every element it opens', () => {
    const open: string[] = [];
    const empty = new Set(['meta']);
    for (const [, close, name, rest] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>/g)) {
      if (close === '/') expect(open.pop()).toBe(name);
      else if (name !== undefined && !rest?.endsWith('/') && !empty.has(name)) open.push(name);
    }
    expect(open).toEqual([]);
  });

  it('escapes what comes from hosts', () => {
    expect(page).toContain('not &lt;Synced&gt;');
    expect(page).not.toContain('<Synced>');
  });

  it('has every drill with its verdict, and a labelled timeline for each that ran', () => {
    for (const drill of report.drills) {
      expect(page).toContain(`<section class="card" id="${drill.name}"`);
      expect(page.includes(`id="timeline-${drill.name}-title"`)).toBe(drill.probes.length > 0);
    }
    expect(page.match(/<svg class="timeline"/g)).toHaveLength(4);
    expect(page.match(/mark-fault/g)?.length).toBeGreaterThanOrEqual(4);
  });

  it('shows the figures of the report', () => {
    for (const drill of report.drills) {
      for (const probe of drill.probes) {
        expect(page).toContain(`<strong>${duration(judgedSeconds(probe))}</strong>`);
        expect(page).toContain(`>${count(probe.requests)}<`);
      }
    }
    expect(page).toContain(report.command);
    expect(page).toContain('services.keystone.workers');
    expect(page).toContain('All 3 attempts');
  });

  it('draws no coordinate that is not a number', () => {
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('draws a report without drills and a drill without samples', () => {
    const nothing = htmlReport({ ...report, drills: [] });
    expect(nothing).toContain('No drill was run');
    const [first] = report.drills;
    const bare = first
      ? [
          {
            ...first,
            marks: [],
            probes: first.probes.map((probe) => ({ ...probe, outages: [], timeline: { binSeconds: 0.1, bins: [] } })),
          },
        ]
      : [];
    expect(htmlReport({ ...report, drills: bare })).not.toMatch(/NaN|Infinity/);
  });
});

describe('headline', () => {
  it('names what did not pass', () => {
    expect(headline(report)).toBe('1 of 5 drills failed, 1 inconclusive, 1 refused');
    expect(headline({ ...report, drills: report.drills.slice(0, 2) })).toBe('All 2 drills passed');
  });
});

describe('duration', () => {
  it.each([
    [0, '0'],
    [0.0214, '21 ms'],
    [1, '1 s'],
    [2.514, '2.51 s'],
    [16.44, '16.4 s'],
    [185, '3 min 5 s'],
  ])('%d is %s', (value, text) => expect(duration(value)).toBe(text));
});
