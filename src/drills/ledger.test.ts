// What the members hold against what was acknowledged; the scripts really run in a shell, with a client that plays.
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DrillHosts } from './hosts.ts';
import { missingNumbers, prepareLedger, readLedger } from './ledger.ts';

/** Runs scripts in a shell where `mariadb` is a function. */
function shellHosts(clientOf: (host: string) => string): DrillHosts {
  return {
    run: async (host, text) => {
      const script = `mariadb() {\n${clientOf(host)}\n}\n${text}`;
      try {
        return { code: 0, stdout: execFileSync('sh', ['-s'], { input: script, encoding: 'utf8' }), stderr: '' };
      } catch (error) {
        return { code: 1, stdout: '', stderr: String(error) };
      }
    },
    close: async () => undefined,
  };
}

describe('readLedger', () => {
  it('counts a number once that is missing on several members', async () => {
    const held: Readonly<Record<string, string>> = { ctl1: '1\\n2\\n3', ctl2: '1\\n2', ctl3: '1' };
    const hosts = shellHosts((host) => `cat >/dev/null; printf '${held[host]}\\n'`);
    const answer = await readLedger(hosts, { run: 'r', acknowledged: [1, 2, 3], members: ['ctl1', 'ctl2', 'ctl3'] });
    expect(answer.lost).toBe(2);
    expect(answer.members).toEqual([
      { host: 'ctl1', missing: 0, examples: [] },
      { host: 'ctl2', missing: 1, examples: [3] },
      { host: 'ctl3', missing: 2, examples: [2, 3] },
    ]);
  });

  it('names members that cannot be asked, and does not call their rows lost', async () => {
    const hosts = shellHosts(() => 'return 1');
    const answer = await readLedger(hosts, { run: 'r', acknowledged: [1], members: ['ctl1'] });
    expect(answer).toMatchObject({ lost: 0, members: [] });
    expect(answer.unread[0]).toMatch(/^ctl1: /);
  });

  it('finds exactly what is missing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(10_000)), fc.func(fc.boolean()), (numbers, keep) => {
        const present = numbers.filter((n) => keep(n));
        const absent = numbers.filter((n) => !keep(n));
        expect(missingNumbers(numbers, `${present.join('\n')}\n`)).toEqual(absent);
      }),
    );
  });
});

describe('prepareLedger', () => {
  it('sends a password with quotes and dollars unharmed on stdin, never in argv', async () => {
    let seen = '';
    const inner = shellHosts(() => 'echo "argv: $*"; cat');
    const hosts: DrillHosts = {
      ...inner,
      run: async (...args) => {
        const result = await inner.run(...args);
        seen = result.stdout;
        return result;
      },
    };
    await prepareLedger(hosts, 'ctl1', { user: 'drill', password: "a'b$(id)`c", tls: true });
    expect(seen.split('\n')[0]).toBe('argv: --batch --skip-column-names --default-character-set=utf8mb4');
    expect(seen).toContain("IDENTIFIED BY 'a''b$(id)`c' REQUIRE SSL;");
  });
});
