// A VIP deleted, a certificate that has expired, a disk that is full, hosts rebooted: the scripts really run, on files
// of a directory of their own; programs that would touch this machine are played.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeClock } from '../../lib/fake-clock.ts';
import type { DrillHosts } from '../hosts.ts';
import { shellHosts } from '../testing/shell-hosts.ts';
import { expireCertificate } from './certificate-expired.ts';
import { fillDisk } from './disk-full.ts';
import { noticed, refusesWrites } from './evidence.ts';
import { rebootInTurn } from './rolling-reboot.ts';
import { deleteVip } from './vip-deleted.ts';

let calls: string[];
let folder: string;
beforeEach(() => {
  calls = [];
  folder = mkdtempSync(join(tmpdir(), 'hastack-faults-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SYSTEMCTL = 'systemctl() { log "systemctl $*"; [ "$1" != is-active ] || [ -z "$STOPPED" ]; }\n';

/** Paths of the host are paths in the folder of the test. */
function inFolder(hosts: DrillHosts, path: string): DrillHosts {
  return { ...hosts, run: (host, text, options) => hosts.run(host, text.replaceAll(path, folder), options) };
}

describe('deleteVip', () => {
  const shown = `ip() { log "ip $*"; [ "$2" != addr ] || [ -n "$GONE" ] || echo '2: eno1    inet 10.10.1.10/32 scope global eno1'; }\n`;

  it('deletes the address from the device that has it', async () => {
    const fault = deleteVip({ hosts: shellHosts(SYSTEMCTL + shown, calls), host: 'ctl1' }, '10.10.1.10');
    await fault.inject();
    expect(calls).toContain('ip addr del 10.10.1.10/32 dev eno1');
    expect(await fault.restored()).toBe(true);
    await fault.heal();
    expect(calls).not.toContain('systemctl start keepalived');
  });

  it('says so when the address is not there, and starts a Keepalived that has died', async () => {
    const gone = shellHosts(`GONE=1\nSTOPPED=1\n${SYSTEMCTL}${shown}`, calls);
    const fault = deleteVip({ hosts: gone, host: 'ctl1' }, '10.10.1.10');
    await expect(fault.inject()).rejects.toThrow(/not here/);
    await fault.heal();
    expect(calls).toContain('systemctl start keepalived');
  });
});

describe('expireCertificate', () => {
  it('puts one that has expired in its place, and the very same one back', async () => {
    const path = join(folder, 'haproxy-public.pem');
    writeFileSync(path, 'the good one\n', { mode: 0o640 });
    // Made by a real openssl where it can; the check of the date is played where it cannot.
    const openssl =
      'openssl() { case "$1" in req) echo expired >"$new/crt"; echo key >"$new/key" ;; x509) return 1 ;; esac; }\n';
    const hosts = inFolder(shellHosts(SYSTEMCTL + openssl, calls), '/etc/hastack/tls');
    const fault = expireCertificate({ hosts, host: 'ctl1' }, 'haproxy-public');
    await fault.inject();
    expect(readFileSync(path, 'utf8')).toBe('expired\nkey\n');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    // A second injection must not save the expired one over the good one.
    await fault.inject();
    await fault.heal();
    expect(readFileSync(path, 'utf8')).toBe('the good one\n');
    expect(existsSync(`${path}.before-drill`)).toBe(false);
    expect(calls.filter((call) => call === 'systemctl reload haproxy')).toHaveLength(3);
    await fault.heal();
    expect(readFileSync(path, 'utf8')).toBe('the good one\n');
  });

  it('does not reload when the new one has not expired', async () => {
    writeFileSync(join(folder, 'haproxy-public.pem'), 'the good one\n');
    const openssl = 'openssl() { [ "$1" != req ] || { echo new >"$new/crt"; echo key >"$new/key"; }; }\n';
    const hosts = inFolder(shellHosts(SYSTEMCTL + openssl, calls), '/etc/hastack/tls');
    await expect(expireCertificate({ hosts, host: 'ctl1' }, 'haproxy-public').inject()).rejects.toThrow(/not expired/);
    expect(calls).not.toContain('systemctl reload haproxy');
  });
});

describe('fillDisk', () => {
  const disk = (avail: number, after: number, type = 'ext2/ext3'): string => `
stat() { echo ${type}; }
df() { if [ -e ${folder}/.hastack-drill-fill ]; then echo ${folder} 1000 ${after}; else echo ${folder} 1000 ${avail}; fi; }
fallocate() { log "fallocate $*"; : >"$3"; }
${SYSTEMCTL}`;

  it('leaves a hundredth, and takes its file away again', async () => {
    const fault = fillDisk({ hosts: shellHosts(disk(700, 10), calls), host: 'ctl1' }, folder);
    await fault.guard(60);
    expect(calls.find((call) => call.startsWith('systemd-run'))).toContain('rm -f "$file"');
    await fault.inject();
    expect(calls).toContain(`fallocate -l 690 ${folder}/.hastack-drill-fill`);
    await fault.heal();
    expect(existsSync(join(folder, '.hastack-drill-fill'))).toBe(false);
  });

  it('fails when the disk did not become full', async () => {
    const fault = fillDisk({ hosts: shellHosts(disk(700, 400), calls), host: 'ctl1' }, folder);
    await expect(fault.inject()).rejects.toThrow(/still free/);
  });

  it('never fills memory', async () => {
    const fault = fillDisk({ hosts: shellHosts(disk(700, 10, 'tmpfs'), calls), host: 'ctl1' }, folder);
    await expect(fault.guard(60)).rejects.toThrow(/in memory/);
    expect(calls.some((call) => call.startsWith('systemd-run'))).toBe(false);
  });
});

describe('rebootInTurn', () => {
  it('reboots the next host only when all was healthy again', async () => {
    const boots = new Map<string, number>();
    const happened: string[] = [];
    const hosts: DrillHosts = {
      close: async () => undefined,
      run: async (host, text) => {
        if (text.includes('systemctl reboot')) {
          happened.push(host);
          boots.set(host, (boots.get(host) ?? 0) + 1);
        }
        return { code: 0, stdout: String(boots.get(host) ?? 0), stderr: '' };
      },
    };
    const health = async () => {
      happened.push('healthy');
      return { healthy: true, problems: [] };
    };
    const clock = fakeClock();
    const rebooting = rebootInTurn({ hosts, health, clock }, ['ctl1', 'ctl2']).inject();
    await clock.runAll(60_000);
    await rebooting;
    expect(happened).toEqual(['ctl1', 'healthy', 'ctl2', 'healthy']);
  });
});

describe('evidence', () => {
  it('objects to a write that a minority takes', async () => {
    const taken = shellHosts('timeout() { :; }\n', calls);
    const refused = shellHosts('timeout() { return 1; }\n', calls);
    expect(await refusesWrites(taken, 'ctl1')).toContain('without a majority');
    expect(await refusesWrites(refused, 'ctl1')).toBeUndefined();
  });

  it('objects when nobody noticed', async () => {
    const health = async () => ({ healthy: false, problems: ['ctl1: Certificate: expired'] });
    expect(await noticed(health, 'certificate')).toBeUndefined();
    expect(await noticed(async () => ({ healthy: true, problems: [] }), 'certificate')).toContain('no health check');
  });
});
