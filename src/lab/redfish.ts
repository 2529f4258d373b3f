// A Redfish service with what operators and fencing agents use: service root, systems, managers, sessions and
// ComputerSystem.Reset. Pure: a request and the power states go in, an answer and an order come out; who carries
// the order out is bmc.ts. Written after DSP0266 (Redfish specification 1.20) and the ComputerSystem 1.22 schema.
export interface RedfishRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Logged in, by session or basic authentication. */
  readonly authenticated: boolean;
}

export interface RedfishSystem {
  readonly name: string;
  readonly on: boolean;
}

export type ResetOrder = 'on' | 'off' | 'reset' | 'shutdown' | 'restart';

export interface RedfishAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly order?: { readonly host: string; readonly action: ResetOrder };
  /** Asks the caller to check these and to open a session. */
  readonly logIn?: { readonly user: string; readonly password: string };
  /** Asks the caller to end this session. */
  readonly logOut?: string;
}

const ROOT = '/redfish/v1';
const SESSIONS = `${ROOT}/SessionService/Sessions`;
const RESETS: Readonly<Record<string, ResetOrder>> = {
  On: 'on',
  ForceOn: 'on',
  ForceOff: 'off',
  GracefulShutdown: 'shutdown',
  GracefulRestart: 'restart',
  ForceRestart: 'reset',
  PowerCycle: 'reset',
};

export function answerRedfish(request: RedfishRequest, systems: readonly RedfishSystem[]): RedfishAnswer {
  const path = request.path.replace(/[?#].*$/s, '').replace(/\/+$/, '');
  if (path === '/redfish') return ok({ v1: `${ROOT}/` });
  if (path === ROOT) return request.method === 'GET' ? ok(serviceRoot()) : notAllowed('GET');
  if (path === SESSIONS && request.method === 'POST') return openSession(request.body);
  if (!request.authenticated) return unauthorized();
  if (path.startsWith(`${SESSIONS}/`) && request.method === 'DELETE')
    return { status: 204, logOut: path.slice(SESSIONS.length + 1) };
  const reset = /^\/redfish\/v1\/Systems\/([^/]+)\/Actions\/ComputerSystem\.Reset$/.exec(path);
  if (reset !== null)
    return request.method === 'POST' ? resetSystem(reset[1] ?? '', request.body, systems) : notAllowed('POST');
  const resource = resourceAt(path, systems);
  if (resource === undefined) return failure(404, 'Base.1.0.ResourceMissingAtURI', `there is nothing at ${path}`);
  return request.method === 'GET' ? ok(resource) : notAllowed('GET');
}

export function unauthorized(): RedfishAnswer {
  return {
    ...failure(401, 'Base.1.0.NoValidSession', 'log in first'),
    headers: { 'WWW-Authenticate': 'Basic realm="redfish"' },
  };
}

function resourceAt(path: string, systems: readonly RedfishSystem[]): unknown {
  if (path === `${ROOT}/Systems`)
    return collection(
      path,
      'ComputerSystemCollection',
      systems.map(({ name }) => `${path}/${name}`),
    );
  if (path === `${ROOT}/Managers`) return collection(path, 'ManagerCollection', [`${path}/bmc`]);
  if (path === `${ROOT}/SessionService`)
    return {
      '@odata.id': path,
      '@odata.type': '#SessionService.v1_1_8.SessionService',
      Id: 'SessionService',
      Name: 'Sessions',
      ServiceEnabled: true,
      Sessions: link(SESSIONS),
    };
  if (path === SESSIONS) return collection(path, 'SessionCollection', []);
  if (path === `${ROOT}/Managers/bmc`) return manager(path, systems);
  const system = systems.find(({ name }) => path === `${ROOT}/Systems/${name}`);
  return system === undefined ? undefined : computerSystem(path, system);
}

function serviceRoot(): unknown {
  return {
    '@odata.id': ROOT,
    '@odata.type': '#ServiceRoot.v1_15_0.ServiceRoot',
    Id: 'RootService',
    Name: 'Twin host BMC',
    RedfishVersion: '1.20.0',
    Systems: link(`${ROOT}/Systems`),
    Managers: link(`${ROOT}/Managers`),
    SessionService: link(`${ROOT}/SessionService`),
    Links: { Sessions: link(SESSIONS) },
  };
}

function computerSystem(path: string, system: RedfishSystem): unknown {
  return {
    '@odata.id': path,
    '@odata.type': '#ComputerSystem.v1_22_0.ComputerSystem',
    Id: system.name,
    Name: system.name,
    HostName: system.name,
    SystemType: 'Physical',
    PowerState: system.on ? 'On' : 'Off',
    Status: { State: system.on ? 'Enabled' : 'Disabled', Health: 'OK' },
    Actions: {
      '#ComputerSystem.Reset': {
        target: `${path}/Actions/ComputerSystem.Reset`,
        'ResetType@Redfish.AllowableValues': Object.keys(RESETS),
      },
    },
    Links: { ManagedBy: [link(`${ROOT}/Managers/bmc`)] },
  };
}

function manager(path: string, systems: readonly RedfishSystem[]): unknown {
  return {
    '@odata.id': path,
    '@odata.type': '#Manager.v1_19_0.Manager',
    Id: 'bmc',
    Name: 'Twin host BMC',
    ManagerType: 'BMC',
    PowerState: 'On',
    Status: { State: 'Enabled', Health: 'OK' },
    Links: { ManagerForServers: systems.map(({ name }) => link(`${ROOT}/Systems/${name}`)) },
  };
}

function resetSystem(encoded: string, body: string, systems: readonly RedfishSystem[]): RedfishAnswer {
  const system = systems.find(({ name }) => name === encoded);
  if (system === undefined) return failure(404, 'Base.1.0.ResourceMissingAtURI', `there is no system ${encoded}`);
  const type = stringField(body, 'ResetType');
  const action = type === undefined || !Object.hasOwn(RESETS, type) ? undefined : RESETS[type];
  if (action === undefined) {
    return failure(
      400,
      'Base.1.0.ActionParameterNotSupported',
      `ResetType must be one of ${Object.keys(RESETS).join(', ')}`,
    );
  }
  return { status: 204, order: { host: system.name, action } };
}

function openSession(body: string): RedfishAnswer {
  const [user, password] = [stringField(body, 'UserName'), stringField(body, 'Password')];
  if (user === undefined || password === undefined)
    return failure(400, 'Base.1.0.PropertyMissing', 'UserName and Password are needed');
  return { status: 201, logIn: { user, password } };
}

function collection(path: string, type: string, members: readonly string[]): unknown {
  return {
    '@odata.id': path,
    '@odata.type': `#${type}.${type}`,
    Name: type,
    'Members@odata.count': members.length,
    Members: members.map(link),
  };
}

function link(path: string): { readonly '@odata.id': string } {
  return { '@odata.id': path };
}

function ok(body: unknown): RedfishAnswer {
  return { status: 200, body };
}

function notAllowed(allowed: string): RedfishAnswer {
  return { ...failure(405, 'Base.1.0.OperationNotAllowed', `only ${allowed}`), headers: { Allow: allowed } };
}

function failure(status: number, code: string, message: string): RedfishAnswer {
  return {
    status,
    body: { error: { code, message, '@Message.ExtendedInfo': [{ MessageId: code, Message: message }] } },
  };
}

function stringField(body: string, name: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const value: unknown = (parsed as Readonly<Record<string, unknown>>)[name];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
