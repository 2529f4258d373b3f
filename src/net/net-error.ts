// The kind of a network failure in one short word, for counting: the same word whichever client met it.
// Unknown failures keep their own code, so that nothing is filed under a wrong name.
import { DeadlineError } from './deadline.ts';

const KINDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  PROTOCOL_CONNECTION_LOST: 'reset',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  ENOTFOUND: 'no-name',
  EAI_AGAIN: 'no-name',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
};

export function networkErrorKind(error: unknown): string {
  if (error instanceof DeadlineError) return 'timeout';
  const code = codeOf(error);
  if (code === undefined) return 'failed';
  return KINDS[code] ?? (/CERT|TLS|SSL|SELF_SIGNED|ISSUER/.test(code) ? 'tls' : code.toLowerCase());
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause) : undefined;
}
