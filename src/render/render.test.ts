// What people and programs see, as golden texts.
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../model/event.ts';
import type { Change, Plan } from '../model/resource.ts';
import { fakeClock } from '../lib/fake-clock.ts';
import { jsonRenderer } from './json.ts';
import { plainRenderer } from './plain.ts';
import { renderPlan } from './plan.ts';
import { styleFor, wantsColour } from './style.ts';
import { ttyRenderer } from './tty.ts';

const plainStyle = styleFor(false);

function change(host: string, resource: string, more: Partial<Change> = {}): Change {
  return { host, component: 'galera', resource, action: 'update', reason: 'content differs', ...more };
}

function plan(more: Partial<Plan>): Plan {
  const none = { create: 0, update: 0, delete: 0, restart: 0, run: 0 };
  return { changes: [], summary: none, unread: [], refusals: [], notApplicable: [], ...more };
}

describe('a plan', () => {
  test('the same change on several hosts is one entry, with its diff and what users notice', () => {
    const diff = '@@ -1 +1 @@\n-a\n+b\n';
    const restart = {
      action: 'restart' as const,
      reason: 'file:/etc/x changes',
      expectedOutage: { low: 0, expected: 0, high: 2 },
    };
    const text = renderPlan(
      plan({
        changes: [
          change('ctl1', 'file:/etc/x', { diff }),
          change('ctl1', 'unit:mariadb', restart),
          change('ctl2', 'file:/etc/x', { diff }),
          change('ctl2', 'unit:mariadb', restart),
        ],
        summary: { create: 0, update: 2, delete: 0, restart: 2, run: 0 },
        unread: [{ host: 'ctl3', reason: 'ctl3: 10.0.0.3 port 22 does not answer' }],
        notApplicable: [{ host: 'ctl1', resource: 'sysctl:net.x', reason: 'read-only in a container' }],
      }),
      { style: plainStyle },
    );
    expect(text).toBe(`galera
  ~ file:/etc/x  ctl1, ctl2 (content differs)
      @@ -1 +1 @@
      -a
      +b
  ↻ unit:mariadb  ctl1, ctl2 (file:/etc/x changes)
      users may notice 0 s to 2 s; one member at a time

Not applicable here
  · sysctl:net.x: read-only in a container  ctl1

Not read
  ! ctl3: ctl3: 10.0.0.3 port 22 does not answer

Plan: 2 to update, 2 restarts, on 2 hosts.
`);
  });

  test('three hundred hosts do not make three hundred lines', () => {
    const changes = Array.from({ length: 300 }, (_unused, index) => change(`cmp${index + 1}`, 'file:/etc/x'));
    const summary = { create: 0, update: 300, delete: 0, restart: 0, run: 0 };
    expect(renderPlan(plan({ changes, summary }), { style: plainStyle }).split('\n')).toHaveLength(5);
  });

  test('empty, and refused', () => {
    expect(renderPlan(plan({}), { style: plainStyle })).toBe('\nNothing to change.\n'.slice(1));
    const refusals = [{ group: 'galera', reason: 'runs nowhere', hint: 'See hastack recover.' }];
    expect(renderPlan(plan({ refusals }), { style: plainStyle })).toContain(
      'Refused: galera: runs nowhere\n  See hastack recover.',
    );
  });

  test('control characters from a host do not reach the terminal', () => {
    const changes = [change('ctl1', 'file:/etc/x', { reason: 'odd \u001b[2J text', diff: '+\u0007bell' })];
    expect(renderPlan(plan({ changes }), { style: plainStyle })).not.toMatch(/[\u001b\u0007]/);
  });
});

const EVENTS: readonly RunEvent[] = [
  { event: 'run-started', runId: 'r1', command: 'apply', cluster: 'campus', hosts: 3 },
  { event: 'host-unreachable', host: 'ctl3', reason: 'ctl3: no route' },
  { event: 'plan-ready', changes: 2, hosts: 2 },
  { event: 'component-started', component: 'galera', changes: 2 },
  { event: 'batch-started', host: 'ctl1', component: 'galera', resources: ['file:a', 'file:b'] },
  { event: 'change-finished', host: 'ctl1', change: change('ctl1', 'file:a'), ok: true },
  { event: 'member-step', host: 'ctl1', group: 'galera', does: 'restart galera' },
  { event: 'waiting', what: 'galera on ctl1: joining', seconds: 5 },
  { event: 'failed', code: 'apply-failed', message: 'ctl1: it broke', hint: 'Mend it.' },
  { event: 'component-finished', component: 'galera', ok: false, seconds: 12.34 },
  { event: 'run-finished', runId: 'r1', ok: false, changed: 1, seconds: 13 },
];

describe('progress', () => {
  test('plain', () => {
    let text = '';
    const emit = plainRenderer({ write: (more) => (text += more), style: plainStyle });
    EVENTS.forEach(emit);
    expect(text).toBe(`apply campus (3 hosts, run r1)
! ctl3: no route
2 changes on 2 hosts
  galera …
  ctl1: restart galera
  waiting for galera on ctl1: joining (5 s)
✗ ctl1: it broke
  Mend it.
✗ galera stopped after 12 s
Not finished: 1 change made in 13 s. Run the same command again to continue.
`);
  });

  test('json: each line is an event, the last one run-finished', () => {
    const lines: string[] = [];
    EVENTS.forEach(jsonRenderer((line) => lines.push(line)));
    expect(lines.map((line) => JSON.parse(line) as RunEvent)).toEqual(EVENTS);
    expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
  });

  test('terminal: the block shows the slowest host, never wraps, and is gone at the end', async () => {
    const clock = fakeClock();
    const screen = new Screen();
    const tty = ttyRenderer({ write: (text) => screen.write(text), columns: () => 60, clock, style: plainStyle });
    EVENTS.slice(0, 4).forEach(tty.emit);
    for (let n = 1; n <= 300; n += 1) {
      tty.emit({
        event: 'batch-started',
        host: `cmp${n}`,
        component: 'galera',
        resources: ['file:/a/very/long/name/that/needs/room'],
      });
      await clock.advance(10);
    }
    expect(screen.lines.at(-1)).toMatch(/^ {2}galera 0\/2 {2}300 hosts, slowest cmp1: file:\/a\/very/);
    expect(Math.max(...screen.lines.map((line) => line.length))).toBeLessThan(60);
    expect(screen.lines).toHaveLength(4);
    EVENTS.slice(8).forEach(tty.emit);
    tty.close();
    expect(screen.lines.at(-1)).toContain('Not finished');
    expect(screen.lines.some((line) => line.includes('slowest'))).toBe(false);
    const before = screen.lines.length;
    await clock.advance(5000);
    expect(screen.lines).toHaveLength(before);
  });

  test('colours only on a terminal and without NO_COLOR', () => {
    expect(wantsColour({ isTty: true, noColor: undefined })).toBe(true);
    expect(wantsColour({ isTty: true, noColor: '1' })).toBe(false);
    expect(wantsColour({ isTty: false, noColor: undefined })).toBe(false);
    expect(styleFor(true).red('x')).toBe('\u001b[31mx\u001b[39m');
  });
});

/** A terminal that understands "up n lines and clear what is below". */
class Screen {
  lines: string[] = [];

  write(text: string): void {
    const match = /^\u001b\[(\d+)A\r\u001b\[J/.exec(text);
    if (match !== null) this.lines.length -= Number(match[1]);
    const rest = match === null ? text : text.slice(match[0].length);
    if (rest !== '') this.lines.push(...rest.replace(/\n$/, '').split('\n'));
  }
}
