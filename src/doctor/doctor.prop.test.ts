// Fuzz: no reader and no scan throws or hangs, whatever it is given (2,000 cases each), and every count stays true.
// The cases are real lines with pieces cut out, doubled, swapped and spoilt, and plain random text.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { diagnose } from './diagnose.ts';
import { JournalExportFlattener } from './journal-export.ts';
import { jsonText } from './output/documents.ts';
import { doctorText } from './output/terminal.ts';
import { READERS } from './readers/readers.ts';
import { templateOf } from './template.ts';
import { INFRASTRUCTURE } from './testing/infrastructure.samples.ts';
import { NEWEST, scanText } from './testing/scan-text.ts';
import { SERVICES } from './testing/services.samples.ts';
import { STATE } from './testing/state.samples.ts';

const LINES = Object.values({ ...INFRASTRUCTURE, ...STATE, ...SERVICES }).flatMap(({ bad, good }) => [...bad, ...good]);
const EXTRA = [
  `{"__REALTIME_TIMESTAMP":"1795262584000000","_HOSTNAME":"ctl1","MESSAGE":[104,"x",null],"PRIORITY":9}`,
  '2026-11-21 12:03:04.000+0000: 7: error : virX:12 : hello',
  '[Sat Nov 21 12:03:04.000000 2026] [wsgi:error] [pid 7:tid 8] hello',
  '2026/11/21 12:03:04 [crit] 7#8: hello',
  '=ERROR REPORT==== 21-Nov-2026::12:03:04 ===',
];
const RUNS = { numRuns: 2000 };

const piece = fc.oneof(
  fc.constantFrom('\u0000', '\n', '(', '[', '{', '"', '9'.repeat(30), ' '.repeat(40), '\uD800', '-1'),
  fc.string({ maxLength: 12, unit: 'binary' }),
);
const spoilt = fc
  .tuple(fc.constantFrom(...LINES, ...EXTRA), fc.nat(), fc.nat({ max: 30 }), piece)
  .map(([line, at, cut, text]) => {
    const start = at % (line.length + 1);
    return line.slice(0, start) + text + line.slice(start + cut);
  });
const text = fc.oneof(
  spoilt,
  fc.string({ unit: 'binary' }),
  fc.array(spoilt, { maxLength: 6 }).map((lines) => lines.join('\n')),
);

describe('fuzz', () => {
  it.each(READERS)('%s', (_, read) => {
    fc.assert(
      fc.property(text, (line) => {
        const found = read(line, { zoneMinutes: 0, newest: NEWEST });
        expect(found?.time ?? 0).not.toBeNaN();
        expect(found?.message ?? '').toBeTypeOf('string');
      }),
      RUNS,
    );
  });

  it('journal export keeps the number of lines', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            text,
            fc.constantFrom('MESSAGE', 'MESSAGE=x', '__REALTIME_TIMESTAMP=1795262584000000', '', 'PRIORITY=z'),
          ),
          { maxLength: 12 },
        ),
        (lines) => {
          const whole = `${lines.join('\n')}\n`;
          const flattener = new JournalExportFlattener();
          const flat = flattener.feed(whole) + flattener.end();
          expect(flat.split('\n').length).toBe(whole.split('\n').length);
        },
      ),
      RUNS,
    );
  });

  it('a scan, its diagnosis and its reports', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), (lines) => {
        const whole = `${lines.join('\n')}\n`;
        const story = scanText(whole);
        expect(story.lines).toBe(whole.split('\n').length - 1);
        const report = diagnose({ stories: [story], hostOf: () => 'ctl1' });
        for (const { at } of report.findings) expect(at.line ?? 0).toBeLessThanOrEqual(story.lines);
        expect(() => JSON.parse(jsonText(report))).not.toThrow();
        expect(doctorText(report, { color: false, verbose: true })).toContain('times are UTC');
      }),
      RUNS,
    );
  });

  it('templates of the same error are one', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (a, b) => {
        expect(templateOf(`Volume ${a} failed after 12 s`)).toBe(templateOf(`Volume ${b} failed after 7.5 s`));
      }),
    );
  });
});
