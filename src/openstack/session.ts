// A log-in to the cloud as a user of it has one: a token for a project, the catalogue that came with it, and requests
// to the services it lists, through the public endpoints. Every request has a deadline and a connection of its own.
// Anything but 2xx rejects with ApiError; no answer rejects with a sentence that names service and address.
// Upstream: https://docs.openstack.org/api-ref/identity/v3/ (password authentication, catalogue)
import type { HttpAnswer, HttpClient, HttpRequest } from '../net/http.ts';
import { networkErrorKind } from '../net/net-error.ts';
import { ApiError } from './api-error.ts';

export interface Login {
  /** `https://cloud.example.org:5000/v3` */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** By name, or by id where the project's name is not yet known to be unique. */
  readonly project: { readonly name: string } | { readonly id: string };
  readonly region: string;
}

/** Service types by the word used here; the first that the catalogue has is taken. */
const TYPES = {
  identity: ['identity'],
  compute: ['compute'],
  network: ['network'],
  image: ['image'],
  volume: ['volumev3', 'block-storage'],
  orchestration: ['orchestration'],
} as const;

export type Service = keyof typeof TYPES;

export interface ApiCall {
  readonly method?: HttpRequest['method'];
  /** Below the service's versioned root: `/servers`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly bodyFile?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Microversion: `2.90`. */
  readonly version?: string;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Session {
  readonly projectId: string;
  readonly userId: string;
  has(service: Service): boolean;
  /** The parsed body; undefined when there is none. */
  request<T>(service: Service, call: ApiCall): Promise<T>;
}

const DEADLINE_MS = 60_000;

interface TokenBody {
  readonly token: {
    readonly user: { readonly id: string };
    readonly project: { readonly id: string };
    readonly catalog: readonly {
      readonly type: string;
      readonly endpoints: readonly { readonly interface: string; readonly region: string; readonly url: string }[];
    }[];
  };
}

export async function openSession(client: HttpClient, login: Login, signal?: AbortSignal): Promise<Session> {
  const answer = await exchange(client, `identity ${login.url}`, {
    method: 'POST',
    url: `${login.url}/auth/tokens`,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(passwordRequest(login)),
    deadlineMs: DEADLINE_MS,
    signal,
  });
  const token = answer.headers['x-subject-token'];
  if (token === undefined) throw new Error(`identity ${login.url}: the answer has no token`);
  const { token: content } = JSON.parse(answer.body) as TokenBody;
  const roots = rootsOf(content, login);
  return {
    projectId: content.project.id,
    userId: content.user.id,
    has: (service) => roots.has(service),
    request: async <T>(service: Service, call: ApiCall): Promise<T> => {
      const root = roots.get(service);
      if (root === undefined) throw new Error(`the catalogue has no public endpoint of ${TYPES[service].join(' or ')}`);
      const sent = await exchange(client, `${service} ${call.method ?? 'GET'} ${call.path.split('?')[0]}`, {
        method: call.method ?? 'GET',
        url: `${root}${call.path}`,
        headers: {
          accept: 'application/json',
          ...contentType(call),
          ...version(service, call),
          ...call.headers,
          'x-auth-token': token,
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        ...(call.bodyFile === undefined ? {} : { bodyFile: call.bodyFile }),
        deadlineMs: call.deadlineMs ?? DEADLINE_MS,
        signal: call.signal,
      });
      return (sent.body === '' ? undefined : JSON.parse(sent.body)) as T;
    },
  };
}

async function exchange(client: HttpClient, what: string, request: HttpRequest): Promise<HttpAnswer> {
  let answer: HttpAnswer;
  try {
    answer = await client.request(request);
  } catch (cause) {
    request.signal?.throwIfAborted();
    throw new Error(`${what}: no answer from ${new URL(request.url).host}: ${networkErrorKind(cause)}`, { cause });
  }
  if (answer.status < 200 || answer.status > 299) throw new ApiError(what, answer);
  return answer;
}

function passwordRequest({ user, password, project }: Login): unknown {
  const domain = { name: 'Default' };
  const scope = 'id' in project ? { id: project.id } : { name: project.name, domain };
  return {
    auth: {
      identity: { methods: ['password'], password: { user: { name: user, domain, password } } },
      scope: { project: scope },
    },
  };
}

function rootsOf({ catalog, project }: TokenBody['token'], { region }: Login): ReadonlyMap<Service, string> {
  const roots = new Map<Service, string>();
  for (const service of Object.keys(TYPES) as readonly Service[]) {
    const entry = TYPES[service].map((type) => catalog.find((each) => each.type === type)).find((each) => each);
    const url = entry?.endpoints.find((each) => each.interface === 'public' && each.region === region)?.url;
    if (url !== undefined) roots.set(service, rootOf(service, url.replace(/\/+$/, ''), project.id));
  }
  return roots;
}

/** Catalogues name the unversioned root of some services, and leave the project out where it is optional. */
function rootOf(service: Service, url: string, projectId: string): string {
  const wanted: Partial<Record<Service, string>> = {
    identity: '/v3',
    network: '/v2.0',
    image: '/v2',
    compute: '/v2.1',
  };
  const suffix = wanted[service];
  if (suffix !== undefined) return /\/v[\d.]+(\/|$)/.test(url) ? url : `${url}${suffix}`;
  return url.endsWith(`/${projectId}`) ? url : `${url}/${projectId}`;
}

function contentType({ body, bodyFile }: ApiCall): Readonly<Record<string, string>> {
  if (bodyFile !== undefined) return { 'content-type': 'application/octet-stream' };
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

function version(service: Service, call: ApiCall): Readonly<Record<string, string>> {
  return call.version === undefined ? {} : { 'openstack-api-version': `${service} ${call.version}` };
}
