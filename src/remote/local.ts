// Sessions on this machine, by the same driver as over ssh but without ssh: for tests and for `lab` itself.
// Scripts run as the user of this process. On failure: HastackError `unreachable` with what perl said.
import { spawn } from 'node:child_process';
import type { Clock } from '../model/clock.ts';
import { HastackError } from '../model/error.ts';
import { DriverSession } from './driver-session.ts';
import { bootstrap, DRIVER_LIMITS, driverSource } from './driver.ts';
import type { DriverLimits } from './driver.ts';
import type { Transport } from './transport.ts';

const GREETING_MS = 20_000;

export interface LocalOptions {
  readonly clock: Clock;
  readonly limits?: DriverLimits;
  /** Told the process id of each driver; tests cut connections with it. */
  readonly onSpawn?: (pid: number) => void;
}

export function localTransport(options: LocalOptions): Transport {
  return {
    async connect(host, signal) {
      const driver = driverSource(options.limits ?? DRIVER_LIMITS);
      const child = spawn('perl', ['-e', bootstrap(driver)], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
      if (child.pid !== undefined) options.onSpawn?.(child.pid);
      const session = new DriverSession({
        host,
        child,
        driver,
        clock: options.clock,
        explain: (end) =>
          new HastackError({
            code: 'unreachable',
            host,
            message: `${host}: the local driver ended${end.stderr === '' ? '' : ` [${end.stderr.trim().slice(-200)}]`}`,
            hint: 'perl (package perl-base) and sh must be on this machine.',
          }),
      });
      await session.start(GREETING_MS, signal);
      return session;
    },
  };
}
