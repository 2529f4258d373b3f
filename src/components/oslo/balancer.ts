// When the balancers notice that a server is gone: the timers of haproxy.cfg, and what they mean in seconds. In this
// room because the failure rules of every API are made of them; components/haproxy renders them.
// Manual: https://docs.haproxy.org/3.0/configuration.html, "inter", "fastinter", "fall", "2.5. Time format"
import type { Interruption } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { overriddenValues } from './timers.ts';
import type { TimerContext } from './timers.ts';

/** Milliseconds, and numbers of checks. */
export const CHECK = { inter: 1000, fastinter: 300, downinter: 1000, timeout: 1000, fall: 2, rise: 2 } as const;

type Check = Readonly<Record<'inter' | 'fastinter' | 'timeout' | 'fall', number>>;

/** What shortens the time that a silent server costs. */
export const FASTER_CHECKS =
  'checks that give up sooner, where no server is ever slow: config: { haproxy.cfg: { defaults: { timeout check: 500ms } } }';

const MS = 1000;

/**
 * For APIs whose requests wait for others, seconds: a few of them keep every worker busy, and then the check waits too.
 * That must neither take the server out nor cut what it is working on. `fastinter` in milliseconds, so that a frozen one
 * is still out within 5 s.
 */
export const BUSY = { check: 1.5, fastinter: 500, cutSessionsAfter: 30 } as const;

/**
 * A server that accepts nothing: the check that runs, then as many as it takes, each until its timeout.
 * `backend`: whose section may have a `default-server` or a `timeout check` of its own.
 */
export function silentServer(ctx: TimerContext, backend?: string): Interruption {
  const check = checkOf(ctx, backend);
  const timeout = check.timeout / MS;
  const next = check.fastinter / MS;
  const rest = (check.fall - 1) * (next + timeout);
  return {
    terms: [
      {
        name: 'HAProxy sees the server not answering',
        seconds: seconds(
          rounded(timeout + rest - next),
          rounded(check.inter / MS / 2 + timeout + rest),
          rounded(check.inter / MS + timeout + rest + next),
        ),
        source: 'haproxy.cfg inter, fastinter, fall, timeout check; measured 2.5 to 3 s with 1 s, 0.3 s, 2, 1 s',
      },
    ],
  };
}

/** What stands in haproxy.cfg: the defaults, changed there by the spec, and the backend's own. Balancers are alike. */
function checkOf(ctx: TimerContext, backend: string | undefined): Check {
  const sections = ['defaults', ...(backend === undefined ? [] : [`backend ${backend}`])];
  return sections.reduce<Check>((check, section) => {
    const line = overriddenValues(ctx, { file: 'haproxy.cfg', section, option: 'default-server' }).map(String)[0];
    const timeout = overriddenValues(ctx, { file: 'haproxy.cfg', section, option: 'timeout check' }).map(String)[0];
    const words = line?.trim().split(/\s+/) ?? [];
    const given = (name: string): string | undefined => words[words.indexOf(name) + 1 || words.length];
    // In the defaults the spec replaces the whole line, and what it leaves out is HAProxy's own; a backend inherits.
    const replaced = section === 'defaults' && line !== undefined;
    const own = replaced ? { ...check, ...HAPROXY_DEFAULTS } : check;
    const inter = milliseconds(given('inter')) ?? own.inter;
    return {
      inter,
      fastinter: milliseconds(given('fastinter')) ?? (replaced ? inter : own.fastinter),
      fall: Number(given('fall') ?? own.fall),
      timeout: milliseconds(timeout) ?? own.timeout,
    };
  }, CHECK);
}

const HAPROXY_DEFAULTS = { inter: 2000, fall: 3 } as const;

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, '': 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `300ms`, `2s`, `1500` */
function milliseconds(text: string | undefined): number | undefined {
  const parts = /^(\d+)(us|ms|s|m|h|)$/.exec(text ?? '');
  return parts === null ? undefined : Number(parts[1]) * (UNITS[parts[2] ?? ''] ?? 1);
}

/** Binary sums of decimal seconds. */
function rounded(value: number): number {
  return Number(value.toFixed(3));
}
