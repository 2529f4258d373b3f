// The management API of RabbitMQ by curl, as scripts. Everything that is secret is in curl's configuration, which it
// reads from stdin. Source: curl(1) (--config), RabbitMQ HTTP API.
import type { RabbitAdmin } from './rabbitmq.ts';
import { END_MARK, withInput } from './script.ts';

export interface Request {
  readonly method: 'PUT' | 'DELETE';
  /** Below /api/. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** 404 is fine. */
  readonly mayBeMissing?: boolean;
}

/** What is read, and under which word the status line of it is printed. */
const LISTS = {
  vhosts: 'vhosts?disable_stats=true',
  users: 'users',
  permissions: 'permissions',
  policies: 'policies',
} as const;

/** Administrators that differ are asked one after another; usually there is one. */
export function distinctAdmins(admins: readonly RabbitAdmin[]): readonly RabbitAdmin[] {
  return [...new Map(admins.map((admin) => [adminKey(admin), admin])).values()];
}

export function adminKey(admin: RabbitAdmin): string {
  return JSON.stringify([admin.adminUser, admin.adminPassword, admin.port]);
}

/** For every administrator `admin <number>`, then for every list its JSON and a line `<status> <list>`. */
export function readRabbitScript(admins: readonly RabbitAdmin[]): string {
  return `command -v curl >/dev/null || { echo 'absent curl is not installed yet'; echo ${END_MARK}; exit 0; }
${distinctAdmins(admins)
  .map(
    (admin, index) => `echo 'admin ${index}'\n${withInput('curl --config - 2>/dev/null', readConfig(admin), ' || :')}`,
  )
  .join('\n')}
echo ${END_MARK}
`;
}

function readConfig(admin: RabbitAdmin): string {
  return Object.entries(LISTS)
    .map(([word, path]) => [...common(admin, path), option('write-out', `\n%{http_code} ${word}\n`)].join('\n'))
    .join('\nnext\n');
}

/** Prints the answer of the request that failed, and stops there. */
export function applyRabbitScript(admin: RabbitAdmin, requests: readonly Request[]): string {
  return requests
    .map((request) => {
      const config = [
        ...common(admin, request.path),
        option('request', request.method),
        option('write-out', '\n%{http_code}'),
      ];
      if (request.body !== undefined)
        config.push(
          option('header', 'content-type: application/json'),
          option('data-raw', JSON.stringify(request.body)),
        );
      const accepted = request.mayBeMissing === true ? '2?? | 404' : '2??';
      return `${withInput('a=$(curl --config -', config.join('\n'))}
) || { echo 'the RabbitMQ management API does not answer' >&2; exit 1; }
case "\${a##*
}" in ${accepted}) ;; *) printf 'RabbitMQ refuses ${request.method} %s: %s\\n' '/api/${request.path}' "$(printf '%s' "$a" | tr '\\n' ' ')" >&2; exit 1 ;; esac
`;
    })
    .join('');
}

function common(admin: RabbitAdmin, path: string): string[] {
  return [
    option('url', `http://127.0.0.1:${admin.port ?? 15672}/api/${path}`),
    option('user', `${admin.adminUser}:${admin.adminPassword}`),
    'silent',
    'max-time = 20',
    // Never through a proxy that the environment names.
    'noproxy = "*"',
  ];
}

function option(name: string, value: string): string {
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `${name} = "${escaped}"`;
}
