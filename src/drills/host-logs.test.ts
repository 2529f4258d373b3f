// Bounded, masked, and a host that does not answer costs nothing.
import { describe, expect, it } from 'vitest';
import type { DrillHosts } from './hosts.ts';
import { hostLogs } from './host-logs.ts';

const hosts = (stdout: string, scripts: string[] = []): DrillHosts => ({
  close: async () => undefined,
  run: async (host, text) => {
    scripts.push(text);
    if (host === 'ctl2') throw new Error('gone');
    return { code: 0, stdout, stderr: '' };
  },
});

describe('hostLogs', () => {
  it('asks for the units in the time wanted, and leaves passwords out', async () => {
    const scripts: string[] = [];
    const logs = await hostLogs({
      hosts: hosts('2026-01-01 mariadbd[1]: password=hunter2 refused\n', scripts),
      names: ['ctl1', 'ctl2'],
      units: ['mariadb.service', 'haproxy.service'],
      from: 41.2,
      to: 0,
    });
    expect(scripts[0]).toContain('--unit=mariadb.service --unit=haproxy.service --since=-42s --until=-0s');
    expect(logs).toEqual([
      { host: 'ctl1', lines: ['2026-01-01 mariadbd[1]: password=*** refused'], cut: false },
      { host: 'ctl2', lines: [], cut: false },
    ]);
  });

  it('keeps the first sixty lines and says that there were more', async () => {
    const many = Array.from({ length: 61 }, (_, n) => `line ${n}`).join('\n');
    const [log] = await hostLogs({ hosts: hosts(many), names: ['ctl1'], units: ['a.service'], from: 9, to: 0 });
    expect(log?.lines).toHaveLength(60);
    expect(log?.cut).toBe(true);
  });
});
