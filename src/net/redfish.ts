// A client for the few things asked of a server's baseboard controller: is it on, off with it, on, again.
// Trust is explicit: the certificate's fingerprint, or an authority. Power actions are confirmed by reading the
// power state back; what does not follow within the deadline is an error that names the controller.
// Upstream: https://www.dmtf.org/standards/redfish (DSP0266, ComputerSystem.Reset)
import { HastackError } from '../model/error.ts';
import type { Clock } from '../model/clock.ts';
import { httpClient, type HttpAnswer, type HttpClient, type HttpTrust } from './http.ts';
import { networkErrorKind } from './net-error.ts';

export type PowerState = 'On' | 'Off' | 'PoweringOn' | 'PoweringOff' | 'Unknown';
export type ResetType = 'On' | 'ForceOff' | 'ForceRestart';

export interface RedfishOptions {
  /** The host behind the controller, for messages. */
  readonly host: string;
  /** `https://10.10.9.21` */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly trust: HttpTrust;
  readonly clock: Clock;
  /** Per request; default 5 s. */
  readonly deadlineMs?: number;
}

export interface RedfishClient {
  powerState(signal?: AbortSignal): Promise<PowerState>;
  /** Asks, and returns when the controller has accepted. */
  reset(type: ResetType, signal?: AbortSignal): Promise<void>;
  /** ForceOff, and waits until the state is Off. */
  powerOff(deadlineMs: number, signal?: AbortSignal): Promise<void>;
  powerOn(deadlineMs: number, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export function redfishClient(options: RedfishOptions): RedfishClient {
  const http = httpClient({ clock: options.clock, connection: 'fresh', trust: options.trust });
  const call = caller(options, http);
  let systemPath: string | undefined;
  const system = async (signal?: AbortSignal): Promise<string> => {
    systemPath ??= firstMember(await call('/redfish/v1/Systems', { signal }));
    if (systemPath === undefined) throw failure(options, 'shows no system');
    return systemPath;
  };
  const powerState = async (signal?: AbortSignal): Promise<PowerState> =>
    parsePowerState(await call(await system(signal), { signal }));
  const reset = async (type: ResetType, signal?: AbortSignal): Promise<void> => {
    const path = await system(signal);
    const target = resetTarget(await call(path, { signal })) ?? `${path}/Actions/ComputerSystem.Reset`;
    await call(target, { body: { ResetType: type }, signal });
  };
  const reach = async (wanted: 'On' | 'Off', deadlineMs: number, signal?: AbortSignal): Promise<void> => {
    const end = options.clock.monotonic() + deadlineMs;
    if ((await powerState(signal)) === wanted) return;
    await reset(wanted === 'On' ? 'On' : 'ForceOff', signal);
    // oxlint-disable-next-line no-await-in-loop
    while ((await powerState(signal)) !== wanted) {
      if (options.clock.monotonic() > end)
        throw failure(options, `did not power ${wanted} within ${deadlineMs / 1000} s`);
      // oxlint-disable-next-line no-await-in-loop
      await options.clock.sleep(200, signal);
    }
  };
  return {
    powerState,
    reset,
    powerOff: (deadlineMs, signal) => reach('Off', deadlineMs, signal),
    powerOn: (deadlineMs, signal) => reach('On', deadlineMs, signal),
    close: () => http.close(),
  };
}

interface CallOptions {
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

function caller(options: RedfishOptions, http: HttpClient) {
  const credentials = Buffer.from(`${options.user}:${options.password}`).toString('base64');
  const headers = {
    authorization: `Basic ${credentials}`,
    accept: 'application/json',
    'content-type': 'application/json',
  };
  return async (path: string, { body, signal }: CallOptions): Promise<HttpAnswer> => {
    const answer = await http
      .request({
        method: body === undefined ? 'GET' : 'POST',
        url: new URL(path, options.url).href,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        deadlineMs: options.deadlineMs ?? 5000,
        signal,
      })
      .catch((error: unknown) => {
        signal?.throwIfAborted();
        throw failure(options, `cannot be reached: ${networkErrorKind(error)}`, error);
      });
    if (answer.status === 401 || answer.status === 403) throw failure(options, 'refuses the user or password');
    if (answer.status >= 400) throw failure(options, `answers ${answer.status} to ${path}`);
    return answer;
  };
}

function failure(options: RedfishOptions, message: string, cause?: unknown): HastackError {
  return new HastackError({
    code: 'environment',
    host: options.host,
    message: `the BMC of ${options.host} (${options.url}) ${message}`,
    hint: 'Check bmc.address, bmc.user, its password and certificate with: hastack check --hosts.',
    cause,
  });
}

function firstMember(answer: HttpAnswer): string | undefined {
  const members = field(parse(answer), 'Members');
  const path = Array.isArray(members) ? field(members[0], '@odata.id') : undefined;
  return typeof path === 'string' ? path : undefined;
}

function resetTarget(answer: HttpAnswer): string | undefined {
  const target = field(field(field(parse(answer), 'Actions'), '#ComputerSystem.Reset'), 'target');
  return typeof target === 'string' ? target : undefined;
}

const POWER_STATES: readonly PowerState[] = ['On', 'Off', 'PoweringOn', 'PoweringOff'];

function parsePowerState(answer: HttpAnswer): PowerState {
  const state = field(parse(answer), 'PowerState');
  return POWER_STATES.find((each) => each === state) ?? 'Unknown';
}

function parse(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(answer.body);
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
