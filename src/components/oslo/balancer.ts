// When the balancers notice that a server is gone: the timers of haproxy.cfg, and what they mean in seconds. In this
// room because the failure rules of every API are made of them; components/haproxy renders them.
// Manual: https://docs.haproxy.org/3.0/configuration.html, "inter", "fastinter", "fall"
import type { Interruption } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';

/** Milliseconds, and numbers of checks. */
export const CHECK = { inter: 1000, fastinter: 300, downinter: 1000, timeout: 1000, fall: 2, rise: 2 } as const;

const MS = 1000;

/**
 * For APIs whose requests wait for others, seconds: a few of them keep every worker busy, and then the check waits too.
 * That must neither take the server out nor cut what it is working on.
 */
export const BUSY = { check: 2, cutSessionsAfter: 30 } as const;

/** A server that accepts nothing: the check that runs, then as many as it takes, each until its timeout. */
export function silentServer(): Interruption {
  const timeout = CHECK.timeout / MS;
  const next = CHECK.fastinter / MS;
  const rest = (CHECK.fall - 1) * (next + timeout);
  return {
    terms: [
      {
        name: 'HAProxy sees the server not answering',
        seconds: seconds(
          timeout + rest - next,
          CHECK.inter / MS / 2 + timeout + rest,
          CHECK.inter / MS + timeout + rest + next,
        ),
        source: 'haproxy.cfg inter, fastinter, fall, timeout check; measured 2.5 to 3 s',
      },
    ],
  };
}
