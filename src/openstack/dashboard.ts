// Horizon as a browser without scripts uses it: the log-in form with its token against forged requests, cookies, and
// the page behind it. Rejects with a sentence that says at which of them it ended.
// Upstream: https://docs.openstack.org/horizon/2025.1/ , Django "Cross Site Request Forgery protection"
import type { HttpAnswer, HttpClient } from '../net/http.ts';

export interface DashboardLogin {
  readonly client: HttpClient;
  /** `https://cloud.example.org/` */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface Page {
  readonly url: string;
  readonly answer: HttpAnswer;
}

const REDIRECTS = 6;

/** The path of the page that a user sees first. */
export async function logInToDashboard(login: DashboardLogin): Promise<string> {
  const browser = new Browser(login);
  const form = await browser.open('GET', login.url);
  if (form.answer.status !== 200) throw new Error(`the log-in page answered ${form.answer.status}`);
  const fields = hiddenFields(form.answer.body);
  if (fields['csrfmiddlewaretoken'] === undefined) throw new Error(`${form.url} has no log-in form`);
  const body = new URLSearchParams({ ...fields, username: login.user, password: login.password });
  // With several domains the form asks for one.
  if (/name="domain"/.test(form.answer.body)) body.set('domain', 'Default');
  const page = await browser.open('POST', new URL(actionOf(form.answer.body), form.url).href, {
    body: body.toString(),
    referer: form.url,
  });
  const { status, body: html } = page.answer;
  if (status !== 200) throw new Error(`after the log-in ${new URL(page.url).pathname} answered ${status}`);
  if (!/auth\/logout/.test(html)) throw new Error(`the log-in was refused${reasonIn(html)}`);
  return new URL(page.url).pathname;
}

class Browser {
  private readonly login: DashboardLogin;
  private readonly cookies = new Map<string, string>();

  constructor(login: DashboardLogin) {
    this.login = login;
  }

  /** Follows redirects, as GET. */
  async open(
    method: 'GET' | 'POST',
    url: string,
    form?: { readonly body: string; readonly referer: string },
  ): Promise<Page> {
    let page = { url, answer: await this.send(method, url, form) };
    for (let left = REDIRECTS; left > 0 && page.answer.status >= 300 && page.answer.status < 400; left -= 1) {
      const next = new URL(page.answer.headers['location'] ?? '', page.url).href;
      if (new URL(next).origin !== new URL(url).origin) throw new Error(`${url} leads away to ${next}`);
      // oxlint-disable-next-line no-await-in-loop
      page = { url: next, answer: await this.send('GET', next) };
    }
    return page;
  }

  private async send(
    method: 'GET' | 'POST',
    url: string,
    form?: { readonly body: string; readonly referer: string },
  ): Promise<HttpAnswer> {
    const { client, deadlineMs, signal } = this.login;
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await client.request({
      method,
      url,
      headers: {
        accept: 'text/html',
        ...(cookie === '' ? {} : { cookie }),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded', referer: form.referer }),
      },
      ...(form && { body: form.body }),
      deadlineMs,
      signal,
    });
    for (const set of answer.setCookies ?? []) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(set) ?? [];
      if (name !== undefined && value !== undefined) this.cookies.set(name.trim(), value);
    }
    return answer;
  }
}

function hiddenFields(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [tag] of html.matchAll(/<input\b[^>]*>/gi)) {
    const name = attribute(tag, 'name');
    if (name !== undefined && attribute(tag, 'type') === 'hidden') fields[name] = attribute(tag, 'value') ?? '';
  }
  return fields;
}

function actionOf(html: string): string {
  const [tag = ''] = /<form\b[^>]*>/i.exec(html) ?? [];
  return attribute(tag, 'action') ?? '';
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\b${name}\\s*=\\s*("([^"]*)"|'([^']*)')`, 'i').exec(tag);
  return (found?.[2] ?? found?.[3])?.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#x27;', "'");
}

/** The page always has a hint for browsers without scripts, which is none. */
function reasonIn(html: string): string {
  const [, text] =
    /class="(?![^"]*javascript-disabled)[^"]*(?:alert-danger|errorlist|help-block)[^"]*"[^>]*>([\s\S]*?)<\/(?:div|ul|p|span)>/.exec(
      html,
    ) ?? [];
  const words = (text ?? '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return words === '' ? '' : `: ${words}`;
}
