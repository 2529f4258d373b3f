// What ssh and sudo really print, and what we make of it.
import { expect, test } from 'vitest';
import { explainSshFailure, isBusy } from './ssh-failure.ts';

const target = { host: 'ctl1', address: '10.0.0.1', port: 2222, user: 'ops', knownHosts: '/s/known_hosts' };

test.each([
  ['ssh: connect to host 10.0.0.1 port 2222: Connection refused', /refuses the connection/, /ssh\.port/],
  ['ssh: connect to host 10.0.0.1 port 2222: Connection timed out', /does not answer/, /host on/],
  ['Timeout, server 10.0.0.1 not responding.', /does not answer/, /host on/],
  ['ssh: connect to host 10.0.0.1 port 2222: No route to host', /no way to/, /ssh\.jump/],
  ['ssh: Could not resolve hostname 10.0.0.1: Name or service not known', /is not known/, /address in the spec/],
  ['ops@10.0.0.1: Permission denied (publickey).', /does not accept our key/, /ssh -p 2222 ops@10\.0\.0\.1/],
  [
    'No ED25519 host key is known for [10.0.0.1]:2222 and you have requested strict checking.\nHost key verification failed.',
    /host key of 10\.0\.0\.1 is not known/,
    /ssh-keyscan -p 2222 10\.0\.0\.1 >> \/s\/known_hosts.*fingerprint/,
  ],
  [
    '@@@@@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n@@@@\nHost key verification failed.',
    /has CHANGED; nothing was sent/,
    /in between.*ssh-keygen -R '\[10\.0\.0\.1\]:2222'/,
  ],
  ['sudo: a password is required', /asks ops for a password/, /NOPASSWD/],
  ['ops is not in the sudoers file.', /may not use sudo/, /ssh\.user/],
  ['sh: 1: exec: sudo: not found', /no sudo on the host/, /ssh\.sudo: false/],
  ['sh: 1: exec: perl: not found', /no Debian/, /Debian 13/],
  ['/s/config: line 3: Bad configuration option: foo', /does not understand/, /ssh\.configFile/],
  ['spawn ssh ENOENT', /no ssh on this machine/, /openssh-client/],
  ['something new', /connection ended \(exit status 255\) \[something new\]/, /by hand/],
])('%s', (stderr, message, hint) => {
  const error = explainSshFailure(target, { stderr, code: 255 });
  expect(error).toMatchObject({ code: 'unreachable', host: 'ctl1' });
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(hint);
});

test('a connection that a busy sshd drops is worth another try, others are not', () => {
  expect(isBusy('kex_exchange_identification: Connection closed by remote host')).toBe(true);
  expect(isBusy('Connection reset by 10.0.0.1 port 22')).toBe(true);
  expect(isBusy('ops@10.0.0.1: Permission denied (publickey).')).toBe(false);
});
