// The ssh configuration, as OpenSSH itself reads it (`ssh -G`): what the user's file cannot undo, and what it adds.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { renderSshConfig } from './ssh-config.ts';

const directory = mkdtempSync(join(tmpdir(), 'hastack ssh '));
afterAll(() => rmSync(directory, { recursive: true }));

function resolved(host: string, userConfig: string): ReadonlyMap<string, string> {
  const [ours, theirs] = [join(directory, 'config'), join(directory, 'user config')];
  writeFileSync(theirs, userConfig);
  const text = renderSshConfig({
    hosts: [{ name: 'ctl1', address: '10.0.0.1' }],
    ssh: { user: 'ops', port: 2222, sudo: true, jump: 'bastion' },
    knownHosts: join(directory, 'known_hosts'),
    includes: [theirs],
    connectTimeoutSeconds: 7,
  });
  writeFileSync(ours, text);
  const lines = execFileSync('ssh', ['-G', '-F', ours, host], { encoding: 'utf8' }).split('\n');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
}

test('a careless user file cannot switch safety off, and adds what it is for', () => {
  const careless =
    'Host *\n StrictHostKeyChecking no\n UserKnownHostsFile /dev/null\n BatchMode no\n ForwardAgent yes\n' +
    ' ControlMaster auto\n RemoteCommand bash\n RequestTTY yes\n HostName evil\n CertificateFile /c/cert\n';
  expect(Object.fromEntries(resolved('ctl1', careless))).toMatchObject({
    hostname: '10.0.0.1',
    user: 'ops',
    port: '2222',
    proxyjump: 'bastion',
    stricthostkeychecking: 'true',
    batchmode: 'yes',
    forwardagent: 'no',
    controlmaster: 'false',
    requesttty: 'false',
    serveraliveinterval: '5',
    serveralivecountmax: '3',
    connecttimeout: '7',
    loglevel: 'ERROR',
    certificatefile: '/c/cert',
  });
  expect(resolved('ctl1', careless).get('userknownhostsfile')).toContain(join(directory, 'known_hosts'));
});

test('the jump host keeps its own user and port, and is checked as strictly', () => {
  const user = 'Host bastion\n HostName b.example.org\n User jumper\n';
  expect(Object.fromEntries(resolved('bastion', user))).toMatchObject({
    hostname: 'b.example.org',
    user: 'jumper',
    port: '22',
    stricthostkeychecking: 'true',
    batchmode: 'yes',
  });
});

test('names that would break out of a line are refused', () => {
  expect(() =>
    renderSshConfig({
      hosts: [{ name: 'a\nProxyCommand x', address: '::1' }],
      ssh: { user: 'u', port: 22, sudo: false },
      knownHosts: '/k',
      includes: [],
      connectTimeoutSeconds: 1,
    }),
  ).toThrow(/line ends/);
});
