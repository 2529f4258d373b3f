// The probe process against real servers on this machine that are away for a known time: what it reports must be
// that time, within the period and what a busy machine adds.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/system-clock.ts';
import { startEchoServer, type EchoServer } from '../../net/echo.ts';
import { fakeKeystone, type FakeKeystone } from '../testing/fake-keystone.ts';
import { analyse } from './analyse.ts';
import type { ProbeConfig, ProbeLine } from './config.ts';
import { runProbeProcess } from './process.ts';
import type { Sample } from './sample.ts';

let keystone: FakeKeystone;
let echo: EchoServer;

beforeAll(async () => {
  keystone = await fakeKeystone();
  echo = await startEchoServer();
});
afterAll(async () => {
  await keystone.stop();
  await echo.close();
});

const login = () => ({
  url: keystone.url,
  user: 'probe',
  userDomain: 'Default',
  password: 'secret',
  project: 'admin',
  projectDomain: 'Default',
});

/** Runs the probes while `during` goes on; the samples of the first one. */
async function probe(configs: readonly ProbeConfig[], during: () => Promise<void>) {
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  async function* input(): AsyncGenerator<string> {
    yield JSON.stringify({ serve: 'probes', probes: configs });
    await finished;
  }
  let output = '';
  const running = runProbeProcess({
    clock: systemClock,
    input: input(),
    output: (text) => {
      output += text;
    },
  });
  await during();
  finish();
  const code = await running;
  const lines = output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ProbeLine);
  const samples = configs.map((_, index) =>
    lines.flatMap((line): Sample[] =>
      line[0] === 'sample' && line[1] === index
        ? [{ at: line[2], ms: line[3], ok: line[4] === undefined, ...(line[4] !== undefined && { error: line[4] }) }]
        : [],
    ),
  );
  return { code, lines, samples };
}

/** How long the event loop that probes and server share was held up at worst, seconds. */
const lagOf = (lines: readonly ProbeLine[]): number =>
  lines.flatMap((line) => (line[0] === 'lag' ? [line[1] / 1000] : []))[0] ?? 0;

const httpGet = (connection: 'fresh' | 'keep-alive'): ProbeConfig => ({
  probe: 'http-get',
  url: keystone.url,
  trust: {},
  connection,
  periodMs: 20,
  deadlineMs: 1000,
});

describe('runProbeProcess', () => {
  it.each(['fresh', 'keep-alive'] as const)(
    'measures how long a server refused connections (%s)',
    async (connection) => {
      let away = 0;
      const { samples, lines, code } = await probe([httpGet(connection)], async () => {
        await systemClock.sleep(400);
        const stopped = systemClock.monotonic();
        await keystone.stop();
        await systemClock.sleep(700);
        await keystone.start();
        away = (systemClock.monotonic() - stopped) / 1000;
        await systemClock.sleep(400);
      });
      const figures = analyse(samples[0] ?? [], { periodMs: 20, originMs: 0 });
      expect(code).toBe(0);
      // Server and probes share one event loop here: what held it up is known, and belongs to neither.
      const lag = lagOf(lines);
      expect(Math.abs(figures.measuredSeconds - away)).toBeLessThan(0.1 + 2 * lag);
      expect(figures.errors['refused']).toBeGreaterThan(10);
      expect(lines[0]).toEqual(['ready', expect.any(Number)]);
      expect(lines.at(-1)).toEqual(['end']);
    },
  );

  it('goes on sending while a frozen server holds every request, and counts them as failed', async () => {
    const { samples, lines } = await probe([httpGet('fresh')], async () => {
      await systemClock.sleep(300);
      keystone.freeze();
      await systemClock.sleep(1600);
      keystone.thaw();
      await systemClock.sleep(300);
    });
    const figures = analyse(samples[0] ?? [], { periodMs: 20, originMs: 0 });
    // Requests of the last second before the thaw are answered within their deadline; those before it are not.
    expect(figures.measuredSeconds).toBeGreaterThan(0.5 - lagOf(lines));
    expect(figures.measuredSeconds).toBeLessThan(0.75 + 2 * lagOf(lines));
    expect(figures.errors['timeout']).toBeGreaterThan(20);
    expect(figures.requests).toBeGreaterThan(90);
  });

  it('validates and issues tokens and asks the echo side by side', async () => {
    const shared = { trust: {}, connection: 'keep-alive', deadlineMs: 1000, login: login() } as const;
    const { samples } = await probe(
      [
        { ...shared, probe: 'token-validate', periodMs: 50 },
        { ...shared, probe: 'token-issue', periodMs: 200 },
        { probe: 'control', host: '127.0.0.1', port: echo.port, periodMs: 20, deadlineMs: 500 },
      ],
      () => systemClock.sleep(1000),
    );
    const counts = samples.map((each) => each.filter((sample) => sample.ok).length);
    expect(counts[0]).toBeGreaterThan(12);
    expect(counts[1]).toBeGreaterThan(3);
    expect(counts[2]).toBeGreaterThan(30);
    expect(samples.flat().filter((sample) => !sample.ok)).toEqual([]);
  });

  it('says why it cannot start', async () => {
    const { code, lines } = await probe(
      [
        {
          probe: 'token-validate',
          login: { ...login(), url: 'http://127.0.0.1:1/v3' },
          trust: {},
          connection: 'fresh',
          periodMs: 50,
          deadlineMs: 1000,
        },
      ],
      async () => undefined,
    );
    expect(code).toBe(1);
    expect(lines.at(-1)?.[0]).toBe('error');
  });
});
