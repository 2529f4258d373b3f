// HTTP with the cluster's own CA, deadlines on the whole exchange (connect, TLS, request and body), and a choice
// of connections: `fresh` opens one per request, as a command line client does and as only that sees where a
// virtual address went; `keep-alive` keeps a pool, as services among themselves do.
// Any answer is a value, whatever its status; rejects with DeadlineError or the socket's error.
// Upstream: https://undici.nodejs.org
import { createReadStream, statSync } from 'node:fs';
import { Agent, buildConnector, Client, type Dispatcher } from 'undici';
import type { Clock } from '../model/clock.ts';
import { withDeadline } from './deadline.ts';

export interface HttpTrust {
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: string;
  /** SHA-256 fingerprint (`AB:CD:…`) of the only certificate to accept, whatever signed it. */
  readonly fingerprint256?: string;
  /** Name to verify and to send, when the URL has an address. */
  readonly servername?: string;
  /** Addresses of names that need not be in DNS; certificates are still checked for the name. */
  readonly addresses?: Readonly<Record<string, string>>;
}

export interface HttpClientOptions {
  readonly clock: Clock;
  readonly connection: 'fresh' | 'keep-alive';
  readonly trust?: HttpTrust;
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Path of a file that is sent as the body. */
  readonly bodyFile?: string;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Each `set-cookie` by itself: they cannot be joined and parted again. */
  readonly setCookies?: readonly string[];
  readonly body: string;
}

export interface HttpClient {
  request(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export function httpClient(options: HttpClientOptions): HttpClient {
  const connect = connector(options.trust ?? {});
  // pipelining 1: a request never waits behind another one that hangs.
  const agent =
    options.connection === 'keep-alive' ? new Agent({ connect, pipelining: 1, keepAliveTimeout: 30_000 }) : undefined;
  return {
    request: (request) =>
      withDeadline({ clock: options.clock, milliseconds: request.deadlineMs, signal: request.signal }, (signal) =>
        agent ? exchange(agent, request, signal) : exchangeOnce(connect, request, signal),
      ),
    close: async () => agent?.destroy(),
  };
}

async function exchangeOnce(
  connect: buildConnector.connector,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const client = new Client(new URL(request.url).origin, { connect, pipelining: 1 });
  // Destroyed on the deadline too: a SYN to a dead address must not linger and be retried later.
  signal.addEventListener('abort', () => void client.destroy(), { once: true });
  try {
    return await exchange(client, request, signal);
  } finally {
    await client.destroy();
  }
}

async function exchange(dispatcher: Dispatcher, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const url = new URL(request.url);
  const answer = await dispatcher.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: request.method,
    signal,
    headers: {
      ...request.headers,
      ...(request.bodyFile !== undefined && { 'content-length': String(statSync(request.bodyFile).size) }),
    },
    ...(request.body !== undefined && { body: request.body }),
    ...(request.bodyFile !== undefined && { body: createReadStream(request.bodyFile) }),
  });
  const body = await answer.body.text();
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { status: answer.statusCode, headers, setCookies: [answer.headers['set-cookie'] ?? []].flat(), body };
}

/** How connections are opened, for clients that speak something else over them (websockets). */
export function connector(trust: HttpTrust): buildConnector.connector {
  const { addresses } = trust;
  const direct = tlsConnector(trust);
  if (addresses === undefined) return direct;
  return (options, callback) => {
    const address = addresses[options.hostname];
    if (address === undefined) return direct(options, callback);
    const servername = options.servername ?? options.hostname;
    return direct({ ...options, hostname: address, servername }, callback);
  };
}

function tlsConnector(trust: HttpTrust): buildConnector.connector {
  const base = buildConnector({
    // The exchange's own deadline decides; this only bounds what nobody waits for any more.
    timeout: 30_000,
    ...(trust.ca !== undefined && { ca: trust.ca }),
    ...(trust.servername !== undefined && { servername: trust.servername }),
    // A resumed session shows no certificate to compare.
    ...(trust.fingerprint256 !== undefined && { rejectUnauthorized: false, maxCachedSessions: 0 }),
  });
  const pinned = trust.fingerprint256;
  if (pinned === undefined) return base;
  return (options, callback) =>
    base(options, (...result) => {
      const [error, socket] = result;
      if (error) return callback(error, null);
      const seen = 'getPeerCertificate' in socket ? socket.getPeerCertificate().fingerprint256 : 'no TLS';
      if (seen === pinned) return callback(null, socket);
      socket.destroy();
      return callback(
        Object.assign(new Error(`the certificate is ${seen}, expected ${pinned}`), { code: 'CERT_PIN_MISMATCH' }),
        null,
      );
    });
}
