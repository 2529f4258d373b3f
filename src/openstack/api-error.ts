// What an OpenStack API answered instead of what was asked for, in one sentence with the request's id, by which the
// line is found in the service's log. Each service wraps its message in another way; all are looked for.
import type { HttpAnswer } from '../net/http.ts';

export class ApiError extends Error {
  readonly status: number;

  constructor(what: string, answer: HttpAnswer) {
    const id = answer.headers['x-openstack-request-id'] ?? answer.headers['x-compute-request-id'];
    super(`${what} answered ${answer.status}: ${saidIn(answer.body)}${id === undefined ? '' : ` (request ${id})`}`);
    this.name = 'ApiError';
    this.status = answer.status;
  }
}

export function isStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof ApiError && statuses.includes(error.status);
}

const LONGEST = 300;

/** The message in a body: `{"badRequest":{"message":…}}`, `{"NeutronError":{…}}`, `{"error":{…}}`, a page, or text. */
function saidIn(body: string): string {
  const message = messageIn(parsed(body));
  const text = message ?? body.replaceAll(/<(style|title|script)[\s\S]*?<\/\1>/g, ' ').replaceAll(/<[^>]*>/g, ' ');
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line === '') return 'nothing more';
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

function messageIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('message' in value && typeof value.message === 'string') return value.message;
  for (const inner of Object.values(value)) {
    const found = messageIn(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
