// What the queue probe needs in RabbitMQ: a virtual host of its own and an account that may use nothing else.
// Through the management API on the member itself, all in one curl: RabbitMQ's own tools start a runtime each, which
// takes seconds. Passwords travel on stdin. Removed afterwards with everything in it.
// Manual: RabbitMQ HTTP API reference; curl(1) --config, --next
import { raw, sh } from '../remote/shell.ts';
import { mustRun, type DrillHosts } from './hosts.ts';

export interface QueueAccount {
  readonly user: string;
  readonly password: string;
  readonly vhost: string;
}

/** Who may make it. */
export interface QueueAdmin {
  readonly user: string;
  readonly password: string;
  readonly port: number;
}

interface Asked {
  readonly method: 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: Readonly<Record<string, string>>;
}

/** Safe to repeat. */
export async function prepareQueue(place: QueuePlace, account: QueueAccount): Promise<void> {
  const { user, password, vhost } = account;
  const all = { configure: '.*', write: '.*', read: '.*' };
  await ask(place, true, [
    { method: 'PUT', path: `vhosts/${vhost}`, body: { default_queue_type: 'quorum' } },
    { method: 'PUT', path: `users/${user}`, body: { password, tags: '' } },
    { method: 'PUT', path: `permissions/${vhost}/${user}`, body: all },
  ]);
}

export async function dropQueue(place: QueuePlace, { user, vhost }: QueueAccount): Promise<void> {
  await ask(place, false, [
    { method: 'DELETE', path: `vhosts/${vhost}` },
    { method: 'DELETE', path: `users/${user}` },
  ]);
}

export interface QueuePlace {
  readonly hosts: DrillHosts;
  readonly member: string;
  readonly admin: QueueAdmin;
}

async function ask({ hosts, member, admin }: QueuePlace, mustBeThere: boolean, asked: readonly Asked[]): Promise<void> {
  const requests = asked.map(({ method, path, body }) =>
    [
      option('user', `${admin.user}:${admin.password}`),
      option('request', method),
      option('header', 'content-type: application/json'),
      option('url', `http://127.0.0.1:${admin.port}/api/${path}`),
      ...(body === undefined ? [] : [option('data', JSON.stringify(body))]),
      option('max-time', '30'),
      'silent',
      'show-error',
      // What is not there needs no removing.
      ...(mustBeThere ? ['fail'] : []),
    ].join('\n'),
  );
  const text = [
    sh`curl --config - --fail-early >/dev/null ${raw("<<'END_OF_CONFIG'")}`,
    requests.join('\nnext\n'),
    'END_OF_CONFIG',
  ].join('\n');
  await mustRun(hosts, member, { text, timeout: 100 });
}

function option(name: string, value: string): string {
  return `${name} = "${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
