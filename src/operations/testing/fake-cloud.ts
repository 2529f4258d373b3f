// A small cloud for tests: a real HTTP server with the calls that a verification makes, and the rules that make its
// order matter (a network with ports stays, a volume in use stays, members may not make flavors, a token is for one
// project, an instance takes a while to come and to go). Requests can be made to fail or to hang.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ROUTES } from './fake-routes.ts';
import { ALL_SERVICES, insert, Refusal, table } from './fake-state.ts';
import type { Answer, Asked, CloudState } from './fake-state.ts';

export interface FakeCloud {
  readonly url: string;
  readonly state: CloudState;
  /** `METHOD /service/path` of every request that changes something, in order. */
  readonly changes: readonly string[];
  /** Answers 500 to what matches, so many times. */
  fail(request: RegExp, times?: number): void;
  /** Never answers what matches. */
  hang(request: RegExp): void;
  /** What is there that was not at the beginning. */
  left(): readonly string[];
  close(): Promise<void>;
}

export interface FakeCloudOptions {
  readonly services?: readonly string[];
  readonly computeHosts?: readonly string[];
}

export async function fakeCloud(options: FakeCloudOptions = {}): Promise<FakeCloud> {
  const state = newState(options);
  const changes: string[] = [];
  const failing: { readonly request: RegExp; times: number }[] = [];
  const hanging: RegExp[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const what = `${request.method} ${request.url}`;
      if (request.method !== 'GET' && !what.includes('/auth/tokens')) changes.push(what);
      if (hanging.some((each) => each.test(what))) return;
      const failure = failing.find((each) => each.times > 0 && each.request.test(what));
      if (failure !== undefined) failure.times -= 1;
      const answer =
        failure === undefined
          ? answerTo(state, request, Buffer.concat(parts))
          : { status: 500, body: { error: { message: 'broken for the test' } } };
      send(response, answer);
    });
  });
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    socket.write(
      `${[...lines, `Sec-WebSocket-Accept: ${accept}`, 'Sec-WebSocket-Protocol: binary'].join('\r\n')}\r\n\r\n`,
    );
    const known = [...table(state, 'servers').values()].some(({ id }) => request.url === `/?token=${id}`);
    const text = known ? 'RFB 003.008\n' : 'no such console\n';
    socket.write(Buffer.concat([Buffer.from([0x82, text.length]), Buffer.from(text)]));
    socket.on('error', () => undefined);
    socket.on('data', () => socket.end());
  });
  state.url = await listen(server);
  const before = new Set(everything(state));
  return {
    url: state.url,
    state,
    changes,
    fail: (request, times = Number.POSITIVE_INFINITY) => void failing.push({ request, times }),
    hang: (request) => void hanging.push(request),
    left: () => everything(state).filter((each) => !before.has(each)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function everything(state: CloudState): readonly string[] {
  return [...state.tables].flatMap(([name, rows]) => [...rows.values()].map((row) => `${name} ${row.name}`));
}

function newState(options: FakeCloudOptions): CloudState {
  const state: CloudState = {
    tables: new Map(),
    passwords: new Map([['admin', 'secret']]),
    tokens: new Map(),
    services: new Set(options.services ?? ALL_SERVICES),
    computeHosts: options.computeHosts ?? ['cmp1', 'cmp2'],
    url: '',
  };
  insert(state, 'users', { name: 'admin' });
  const admin = insert(state, 'projects', { name: 'admin' });
  for (const name of ['admin', 'member', 'reader']) insert(state, 'roles', { name });
  insert(state, 'grants', { name: `${admin.id} admin admin` });
  // Neutron makes one for each project that it meets.
  insert(state, 'security_groups', { name: 'default', project_id: admin.id });
  return state;
}

function answerTo(state: CloudState, request: IncomingMessage, raw: Buffer): Answer {
  const url = new URL(request.url ?? '/', 'http://cloud');
  const json = request.headers['content-type'] === 'application/json';
  const token = request.headers['x-auth-token'];
  const asked: Asked = {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    body: json ? (JSON.parse(raw.toString('utf8')) as Asked['body']) : {},
    raw,
    who: typeof token === 'string' ? state.tokens.get(token) : undefined,
    state,
    headers: request.headers,
  };
  for (const [pattern, handler] of ROUTES) {
    const match = new RegExp(`^${pattern}$`).exec(`${asked.method} ${asked.path}`);
    if (match === null) continue;
    const open = /auth\/tokens|dashboard/.test(asked.path);
    if (!open && asked.who === undefined) return { status: 401, body: { error: { message: 'no valid token' } } };
    try {
      return handler(asked, ...match.slice(1));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: { error: { message: error.message } } };
    }
  }
  return { status: 501, body: { error: { message: `the fake has no ${asked.method} ${asked.path}` } } };
}

function send(response: ServerResponse, { status, body, html, headers }: Answer): void {
  const type = html === undefined ? 'application/json' : 'text/html';
  response.writeHead(status, { 'content-type': type, 'x-openstack-request-id': 'req-1', ...headers } as never);
  response.end(html ?? (body === undefined ? undefined : JSON.stringify(body)));
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
    });
  });
}
