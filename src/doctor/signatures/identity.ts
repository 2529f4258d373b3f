// Keystone and whoever asks it.
import type { Signature } from '../signature.ts';

const MIDDLEWARE = 'keystonemiddleware: keystonemiddleware/auth_token';

const signatures: readonly Signature[] = [
  {
    id: 'keystone.fernet-unknown',
    severity: 'critical',
    layer: 'identity',
    title: 'Keystone meets tokens that it cannot read',
    pattern: /(?:Could not recognize Fernet token|This is not a recognized Fernet token)/,
    hints: ['recognize Fernet token', 'recognized Fernet token'],
    says: 'Keystone cannot read tokens of the other Keystones',
    symptom: 'Every second or third request answers 401, at random.',
    meaning: 'The fernet keys of the hosts differ: each reads only its own tokens.',
    now: [
      '`sha256sum /etc/keystone/fernet-keys/* | sort` on every control host: must be equal',
      'Copy the directory of one to all (owner keystone, 0600), no restart needed',
    ],
    prevent: 'Rotate in one place and distribute; never by cron on each host.',
    source: 'keystone: keystone/token/token_formatters.py; admin guide: Fernet token FAQ',
    audit: ['OS01', 'OS02'],
    atLeast: 2,
  },
  {
    id: 'keystone.no-keys',
    severity: 'critical',
    layer: 'identity',
    title: 'Keystone has no keys',
    pattern: /does not contain keys, use keystone-manage|No encryption keys found; run keystone-manage/,
    hints: ['does not contain keys', 'No encryption keys found'],
    says: 'Keystone has no keys here',
    symptom: 'Log in fails whenever this host is asked.',
    meaning: 'The key directory is empty or unreadable for the user keystone.',
    now: ['Copy /etc/keystone/fernet-keys from another control host; do not run fernet_setup on a host that joins'],
    prevent: 'Keys are part of the deployment and the backup.',
    source: 'keystone: keystone/exception.py, common/fernet_utils.py',
    audit: ['OS01'],
  },
  {
    id: 'keystone.many-401',
    severity: 'warning',
    layer: 'identity',
    title: 'Many requests are refused (401)',
    pattern:
      /"(?:GET|POST|HEAD|PUT|DELETE|PATCH) [^"]*"? ?(?:HTTP\/[\d.]+" )?401\b|\(HTTP\/1\.[01] 401\)|Authorization failed(?: for token|\. .* from (?<peer>\S+))|Identity server rejected authorization$/,
    hints: [' 401 ', ' 401)', 'Authorization failed', 'Identity server rejected authorization'],
    says: 'many requests are refused (401)',
    symptom: 'Users are logged out, or scripts fail.',
    meaning:
      'One client with an old password, expired tokens kept too long, caches of hosts that disagree, or clocks that differ.',
    now: [
      'Which client: `grep " 401 " ACCESS_LOG | awk "{print $1}" | sort | uniq -c | sort -n | tail -5`',
      'All at random: compare fernet keys, memcached lists and clocks of the control hosts',
    ],
    prevent: 'The same memcached_servers, in the same order, everywhere.',
    source: `${MIDDLEWARE}; keystone: server/flask/application.py`,
    audit: ['MC01', 'OS01', 'OS17'],
    atLeast: 20,
  },
  {
    id: 'keystone.cannot-validate',
    severity: 'critical',
    layer: 'identity',
    title: 'A service cannot reach Keystone',
    pattern:
      /Unable to validate token: (?<why>.*)|Bad response code while validating token: (?<code>\d+)|Unable to establish connection to \S+:(?:5000|35357)/,
    hints: ['Unable to validate token', 'while validating token', 'Unable to establish connection to'],
    says: 'tokens cannot be validated',
    symptom: 'All requests to this service answer 503.',
    meaning: 'Keystone or the VIP in front of it does not answer, or answers 5xx (its database?).',
    now: [
      '`curl -s -o /dev/null -w "%{http_code}\\n" http://VIP:5000/v3`',
      '`systemctl status keystone` on the control hosts; the database below it',
    ],
    prevent: 'auth_url at the internal VIP; caching on.',
    source: MIDDLEWARE,
    audit: ['OS14'],
    hastack: 'hastack status',
  },
  {
    id: 'keystone.service-password',
    severity: 'critical',
    layer: 'identity',
    title: "A service's own account is refused",
    pattern:
      /Identity server rejected authorization necessary to fetch token data|The request you have made requires authentication\. \(HTTP 401\)/,
    hints: ['rejected authorization necessary', 'requires authentication. (HTTP 401)'],
    says: "the service's own account is refused",
    symptom: 'The service answers 503 or its background jobs fail.',
    meaning: 'username or password in [keystone_authtoken] (or [service_user], [neutron], [placement]) does not fit.',
    now: [
      'With the values of that section: `openstack token issue`',
      '`openstack user show --domain Default NAME`: enabled?',
    ],
    prevent: 'Rotate in Keystone and in all files in one step.',
    source: `${MIDDLEWARE}/_identity.py`,
  },
];

export default signatures;
