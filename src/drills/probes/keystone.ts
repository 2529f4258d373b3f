// The three requests the identity probes make. Anything but the documented answer is a failure, named by its status.
// Upstream: https://docs.openstack.org/api-ref/identity/v3/ (password authentication, validate token)
import type { HttpClient } from '../../net/http.ts';
import type { KeystoneLogin } from './config.ts';

/** A failed request's kind; undefined: it succeeded. */
export type Outcome = string | undefined;

interface Exchange {
  readonly client: HttpClient;
  readonly deadlineMs: number;
}

export async function getVersion({ client, deadlineMs }: Exchange, url: string): Promise<Outcome> {
  const answer = await client.request({ method: 'GET', url, deadlineMs });
  return answer.status === 200 ? undefined : `http-${answer.status}`;
}

export async function issueToken(
  { client, deadlineMs }: Exchange,
  login: KeystoneLogin,
): Promise<{ readonly token: string } | { readonly error: string }> {
  const answer = await client.request({
    method: 'POST',
    url: `${login.url}/auth/tokens`,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(passwordRequest(login)),
    deadlineMs,
  });
  const token = answer.headers['x-subject-token'];
  if (answer.status !== 201) return { error: `http-${answer.status}` };
  return token === undefined ? { error: 'no-token' } : { token };
}

export async function validateToken(
  { client, deadlineMs }: Exchange,
  login: KeystoneLogin,
  token: string,
): Promise<Outcome> {
  const answer = await client.request({
    method: 'GET',
    url: `${login.url}/auth/tokens`,
    headers: { 'x-auth-token': token, 'x-subject-token': token, accept: 'application/json' },
    deadlineMs,
  });
  return answer.status === 200 ? undefined : `http-${answer.status}`;
}

function passwordRequest(login: KeystoneLogin): unknown {
  const user = { name: login.user, domain: { name: login.userDomain }, password: login.password };
  return {
    auth: {
      identity: { methods: ['password'], password: { user } },
      scope: { project: { name: login.project, domain: { name: login.projectDomain } } },
    },
  };
}
