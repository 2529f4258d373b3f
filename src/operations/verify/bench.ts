// What the steps of a verification share: sessions of the administrator and of the user it makes, what was made so
// far, and the ways out of this program (HTTP, ssh, websocket), which tests replace.
import type { DashboardLogin } from '../../openstack/dashboard.ts';
import { openSession } from '../../openstack/session.ts';
import type { Login, Session } from '../../openstack/session.ts';
import { notYet, ready, waitUntil } from '../../lib/poll.ts';
import type { Clock } from '../../model/clock.ts';
import type { HttpClient } from '../../net/http.ts';
import type { GuestAccess } from '../../remote/guest-ssh.ts';
import { verifyName } from './names.ts';

export interface VerifySettings {
  readonly runId: string;
  /** Ids of deployed services, as the spec names them. */
  readonly services: ReadonlySet<string>;
  readonly admin: Login;
  /** Of the user the verification makes. */
  readonly password: string;
  readonly image: GuestImage | undefined;
  /** An existing flavor instead of one of our own. */
  readonly flavor?: string;
  /** The external network to make where the cloud has none. */
  readonly external?: ExternalNetwork;
  readonly dashboardUrl?: string;
}

export interface GuestImage {
  readonly file: string;
  readonly format: 'raw' | 'qcow2';
  /** Who logs in; anybody but root needs sudo without a password. */
  readonly user: string;
}

export interface ExternalNetwork {
  readonly physicalNetwork: string;
  readonly cidr: string;
  readonly gateway: string;
  readonly first: string;
  readonly last: string;
}

export interface VerifyTools {
  readonly client: HttpClient;
  readonly clock: Clock;
  readonly guests: GuestAccess;
  readonly vnc: (url: string, signal: AbortSignal) => Promise<string>;
  readonly dashboard: (login: Omit<DashboardLogin, 'client'>) => Promise<string>;
}

export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly fixedAddress: string;
  readonly portId: string;
  readonly host: string;
}

/** Each is set by one step and used by later ones. */
export interface Made {
  admin?: Session;
  /** The user's, in its project. */
  user?: Session;
  networkId?: string;
  subnetId?: string;
  externalNetworkId?: string;
  externalGateway?: string;
  routerId?: string;
  securityGroupId?: string;
  imageId?: string;
  keyName?: string;
  flavorId?: string;
  instances?: readonly Instance[];
  floatingAddress?: string;
  volume?: { readonly id: string; readonly disk: string; readonly checksum: string };
}

export interface Bench {
  readonly settings: VerifySettings;
  readonly tools: VerifyTools;
  readonly made: Made;
  name(what: string): string;
}

export function benchFor(settings: VerifySettings, tools: VerifyTools): Bench {
  return { settings, tools, made: {}, name: (what) => verifyName(settings.runId, what) };
}

/** Steps name what they need, so a missing piece is a mistake in the list of steps. */
export function need<K extends keyof Made>(bench: Bench, what: K): NonNullable<Made[K]> {
  const found = bench.made[what];
  if (found === undefined || found === null) throw new Error(`a step before this one should have made ${what}`);
  return found;
}

export async function logIn(bench: Bench, signal: AbortSignal): Promise<Session> {
  const { admin, password } = bench.settings;
  const user = bench.name('user');
  return openSession(
    bench.tools.client,
    { ...admin, user, password, project: { name: bench.name('project') } },
    signal,
  );
}

export interface Awaited<T> {
  readonly what: string;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly look: () => Promise<T>;
  /** Undefined: wait on, the text says what for. Throw when it can no longer come true. */
  readonly until: (seen: T) => true | string;
}

export async function awaitState<T>(bench: Bench, awaited: Awaited<T>): Promise<T> {
  return waitUntil({
    clock: bench.tools.clock,
    deadlineMs: awaited.seconds * 1000,
    periodMs: 1000,
    signal: awaited.signal,
    what: awaited.what,
    probe: async () => {
      const seen = await awaited.look();
      const verdict = awaited.until(seen);
      return verdict === true ? ready(seen) : notYet(verdict);
    },
  });
}
