// The twins' BMCs: HTTPS servers on the addresses that the spec gives them, with a certificate of the lab's own
// CA. A reset is answered when it has happened (fence_redfish asks for the power state right afterwards).
// Sessions live in memory: after a restart of the supervisor clients log in again, as after a BMC reset.
// Manual: DSP0266, sections on authentication and sessions.
import { X509Certificate, createHash, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Server, createServer } from 'node:https';
import type { PemPair } from '../lib/x509.ts';
import type { Cluster, Host } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';
import { type Lab, readJson, writeWhole } from './context.ts';
import { type PowerAction, type PowerOrder, isOn, power } from './power.ts';
import { type RedfishAnswer, type ResetOrder, answerRedfish, unauthorized } from './redfish.ts';

const BODY_LIMIT = 64 * 1024;
const SESSIONS = '/redfish/v1/SessionService/Sessions';

interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly hosts: readonly Host[];
}

/** The password and certificate of the BMCs, made once per lab. */
export async function makeBmcSecrets(lab: Lab, password: string | undefined): Promise<void> {
  const { bmcCertificate, bmcPassword, root } = lab.paths;
  await mkdir(root, { recursive: true, mode: 0o700 });
  if (password !== undefined) await writeWhole(bmcPassword, password);
  else if (!existsSync(bmcPassword)) await writeWhole(bmcPassword, Buffer.from(lab.random(18)).toString('base64url'));
  const addresses = endpointsOf(lab.cluster).map((endpoint) => endpoint.address);
  if (existsSync(bmcCertificate) || addresses.length === 0) return;
  const { createCa, issueLeaf } = await import('../lib/x509.ts');
  const ca = await createCa(`lab BMCs of ${lab.cluster.name}`, lab.clock.now());
  const leaf = await issueLeaf(
    ca,
    { commonName: 'bmc', dnsNames: ['bmc'], addresses: [...new Set(addresses)] },
    lab.clock.now(),
  );
  await writeWhole(bmcCertificate, JSON.stringify(leaf));
}

export async function bmcPasswordOf(lab: Lab): Promise<string> {
  return (await readFile(lab.paths.bmcPassword, 'utf8')).trim();
}

/** How the boards are logged in to; their certificate is the lab's own, so it is pinned. */
export async function bmcAccess(lab: Lab): Promise<{ readonly password: string; readonly fingerprint256: string }> {
  const pair = await readJson<PemPair>(lab.paths.bmcCertificate);
  if (pair === undefined) throw new Error('the lab has no certificate for its boards');
  return { password: await bmcPasswordOf(lab), fingerprint256: new X509Certificate(pair.certificate).fingerprint256 };
}

/** One server per address and port; resolves when all listen. */
export async function serveBmcs(lab: Lab): Promise<readonly Server[]> {
  const endpoints = endpointsOf(lab.cluster);
  const pair = await readJson<PemPair>(lab.paths.bmcCertificate);
  if (pair === undefined) return [];
  const password = await bmcPasswordOf(lab);
  return Promise.all(endpoints.map(async (endpoint) => listen(lab, endpoint, { pair, password })));
}

function endpointsOf(cluster: Cluster): readonly Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const host of cluster.hosts) {
    if (host.bmc?.kind !== 'redfish') continue;
    const { address, port } = host.bmc;
    const key = `${address} ${port}`;
    found.set(key, { address, port, hosts: [...(found.get(key)?.hosts ?? []), host] });
  }
  return [...found.values()];
}

async function listen(lab: Lab, endpoint: Endpoint, secrets: { pair: PemPair; password: string }): Promise<Server> {
  const sessions = new Map<string, string>();
  const server = createServer({ cert: secrets.pair.certificate, key: secrets.pair.key }, (request, response) => {
    serve({ lab, endpoint, sessions, password: secrets.password }, request)
      .catch((error: unknown) => serverError(error))
      .then((answer) => send(response, answer))
      .catch(() => response.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new HastackError({
          code: 'environment',
          message: `the BMC at ${endpoint.address}:${endpoint.port} cannot listen: ${cause.message}`,
          hint: 'run `hastack lab heal`',
          cause,
        }),
      ),
    );
    server.listen(endpoint.port, endpoint.address, () => resolve(server));
  });
}

interface Serving {
  readonly lab: Lab;
  readonly endpoint: Endpoint;
  /** User by token. */
  readonly sessions: Map<string, string>;
  readonly password: string;
}

async function serve(serving: Serving, request: IncomingMessage): Promise<RedfishAnswer> {
  const { endpoint, lab } = serving;
  const body = await readBody(request);
  const systems = await Promise.all(endpoint.hosts.map(async ({ name }) => ({ name, on: await isOn(lab, name) })));
  const authenticated = isAuthenticated(serving, request);
  const answer = answerRedfish(
    { method: request.method ?? 'GET', path: request.url ?? '/', body, authenticated },
    systems,
  );
  if (answer.logIn !== undefined) return openSession(serving, answer.logIn);
  if (answer.logOut !== undefined) serving.sessions.delete(answer.logOut);
  if (answer.order !== undefined) await carryOut(lab, answer.order.host, answer.order.action);
  return answer;
}

async function carryOut(lab: Lab, host: string, action: ResetOrder): Promise<void> {
  // Nobody waits for the operating system: a BMC knows only about power.
  const order = (each: PowerAction): PowerOrder => ({ action: each, bootSeconds: 0 });
  if (action !== 'restart') return power(lab, host, order(action));
  await power(lab, host, order('shutdown'));
  await power(lab, host, order('on'));
}

function isAuthenticated(serving: Serving, request: IncomingMessage): boolean {
  const token = request.headers['x-auth-token'];
  if (typeof token === 'string' && serving.sessions.has(token)) return true;
  const [scheme, encoded] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic' || encoded === undefined) return false;
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':');
  return isUser(serving, user, password.join(':'));
}

function isUser(serving: Serving, user: string, password: string): boolean {
  const known = serving.endpoint.hosts.some((host) => host.bmc?.user === user);
  return same(password, serving.password) && known;
}

function openSession(serving: Serving, logIn: { readonly user: string; readonly password: string }): RedfishAnswer {
  if (!isUser(serving, logIn.user, logIn.password)) return unauthorized();
  // The id is the token: there is nobody in the lab to hide it from, and clients get it only by logging in.
  const token = Buffer.from(serving.lab.random(18)).toString('base64url');
  serving.sessions.set(token, logIn.user);
  const path = `${SESSIONS}/${token}`;
  return {
    status: 201,
    headers: { 'X-Auth-Token': token, Location: path },
    body: {
      '@odata.id': path,
      '@odata.type': '#Session.v1_6_0.Session',
      Id: token,
      Name: 'Session',
      UserName: logIn.user,
    },
  };
}

/** Compares in constant time, whatever the lengths. */
function same(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > BODY_LIMIT) throw new Error('the request is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function serverError(error: unknown): RedfishAnswer {
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, body: { error: { code: 'Base.1.0.InternalError', message } } };
}

function send(response: ServerResponse, answer: RedfishAnswer): void {
  const body = answer.body === undefined ? '' : JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    'Content-Type': 'application/json',
    'OData-Version': '4.0',
    'Content-Length': Buffer.byteLength(body),
    ...answer.headers,
  });
  response.end(body);
}
