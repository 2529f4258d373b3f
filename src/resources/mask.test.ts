import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { MASK_COMMAND, maskSecrets } from './mask.ts';

const cases: readonly [string, string][] = [
  [
    'connection = mysql+pymysql://nova:s3cr%40t@10.0.0.10/nova?ssl_ca=/etc/ca',
    'connection = mysql+pymysql://nova:***@10.0.0.10/nova?ssl_ca=/etc/ca',
  ],
  ['transport_url = rabbit://a:x@c1:5672,a:y@c2:5672//', 'transport_url = rabbit://a:***@c1:5672,a:***@c2:5672//'],
  ['password = abc def', 'password = ***'],
  ['Password=abc', 'Password=***'],
  ['  auth_pass 1234', '  auth_pass ***'],
  ['metadata_proxy_shared_secret = abc', 'metadata_proxy_shared_secret = ***'],
  ['wsrep_sst_auth=sst:pw', 'wsrep_sst_auth=***'],
  ['"adminPassword": "x",', '"adminPassword": ***'],
  ['  stats auth admin:pw', '  stats auth ***'],
  ['  user bob insecure-password pw groups g', '  user bob insecure-password *** groups g'],
  ['password_file = /etc/pw', 'password_file = /etc/pw'],
  ['key_repository = /etc/keystone/fernet-keys/', 'key_repository = /etc/keystone/fernet-keys/'],
  ['token: 1500', 'token: 1500'],
  ['# The password is elsewhere', '# The password is elsewhere'],
  ['www_authenticate_uri = https://10.0.0.10:5000', 'www_authenticate_uri = https://10.0.0.10:5000'],
  ['password =', 'password ='],
];

describe('what is masked', () => {
  it.each(cases)('%s', (line, masked) => {
    expect(maskSecrets(`x = 1\n${line}\ny = 2\n`)).toBe(`x = 1\n${masked}\ny = 2\n`);
  });

  it('masks alike on the host, with sed', () => {
    const text = cases.map(([line]) => `${line}\n`).join('');
    expect(execFileSync('sh', ['-c', MASK_COMMAND], { input: text, encoding: 'utf8' })).toBe(maskSecrets(text));
  });

  it('masks given values wherever they stand, longer ones first', () => {
    expect(maskSecrets('a=abcdef b=abc', ['abc', 'abcdef', ''])).toBe('a=*** b=***');
  });
});
