// `hastack verify`: leftovers of earlier runs go, then every step as a user of the cloud, then everything that was made.
// Speaks to the public endpoints only, from where this program runs: in the lab that is outside of the twins.
import { join } from 'node:path';
import { ADMIN_SECRET } from '../components/oslo/admin.ts';
import { regionOf } from '../components/oslo/identity.ts';
import type { Cluster } from '../model/cluster.ts';
import { HastackError } from '../model/error.ts';
import { httpClient } from '../net/http.ts';
import type { HttpTrust } from '../net/http.ts';
import { vncGreeting } from '../net/vnc.ts';
import { logInToDashboard } from '../openstack/dashboard.ts';
import { benchFor } from '../operations/verify/bench.ts';
import type { ExternalNetwork, GuestImage, VerifySettings, VerifyTools } from '../operations/verify/bench.ts';
import { verify } from '../operations/verify/engine.ts';
import { removeLeftovers } from '../operations/verify/leftovers.ts';
import type { VerifyReport } from '../operations/verify/report.ts';
import { VERIFY_STEPS } from '../operations/verify/steps.ts';
import { sweep } from '../operations/verify/sweep.ts';
import { clusterContext, contributionsOf } from '../phases/context.ts';
import { withRun } from '../phases/run.ts';
import type { Run, RunInput } from '../phases/run.ts';
import { guestAccess } from '../remote/guest-ssh.ts';
import { claimVerify } from '../store/verify-owner.ts';

export interface VerifyOptions {
  readonly image: GuestImage | undefined;
  readonly flavor?: string;
  /** Only remove what earlier runs left. */
  readonly clean: boolean;
}

const SWEEP_MS = 240_000;
const VNC_MS = 30_000;

export async function verifyFlow(input: RunInput, options: VerifyOptions): Promise<VerifyReport> {
  return withRun(input, async (run) => {
    const claim = claimVerify(run.state.root, run.id);
    const guests = await guestAccess(join(run.state.root, 'verify'), run.id);
    try {
      const report = await verifyRun(run, options, { guests, died: claim.died });
      // A run that left something is remembered as one that died: the next one removes it at once.
      if (report.leftBehind.length === 0) claim.release();
      const seconds = (run.engine.clock.monotonic() - run.started) / 1000;
      run.engine.emit({ event: 'run-finished', runId: run.id, ok: report.ok, changed: 0, seconds });
      return report;
    } finally {
      guests.close();
    }
  });
}

interface Parts {
  readonly guests: VerifyTools['guests'];
  readonly died: string | undefined;
}

async function verifyRun(run: Run, options: VerifyOptions, { guests, died }: Parts): Promise<VerifyReport> {
  const { clock, emit, signal } = run.engine;
  const settings = settingsOf(run, options);
  const tools = toolsOf(run, guests);
  const cleaning = { client: tools.client, clock, admin: settings.admin, deadlineMs: SWEEP_MS };
  const started = clock.monotonic();
  const before = await removeLeftovers({ ...cleaning, died, all: options.clean, signal });
  for (const earlier of before.removed) emit({ event: 'note', message: `removed what the run ${earlier} had left` });
  for (const other of before.leftAlone) {
    emit({
      event: 'warning',
      message: `the run ${other} left something or is running elsewhere; verify --clean removes it`,
    });
  }
  if (options.clean) {
    const seconds = Math.round(clock.monotonic() - started) / 1000;
    const ok = before.stuck.length === 0;
    const detail = `${before.removed.length} runs had left something`;
    const steps = [{ name: 'clean-up', ok, seconds, detail }];
    return { runId: run.id, ok, steps, skipped: [], leftBehind: [...before.stuck] };
  }
  const bench = benchFor(settings, tools);
  return verify({
    bench,
    steps: VERIFY_STEPS,
    // Without a log-in nothing was made. Cleaning up is not interrupted by what interrupted the run.
    sweep: async () =>
      bench.made.admin === undefined ? [] : sweep({ ...cleaning, which: (runId) => runId === run.id }),
    emit,
    signal,
  });
}

function settingsOf(run: Run, { image, flavor }: VerifyOptions): VerifySettings {
  const ctx = clusterContext(run.context);
  const { cluster } = run.input;
  if (!cluster.vips.some(({ name }) => name === 'public')) throw noPublicVip();
  const external = externalNetwork(cluster);
  const dashboardUrl = dashboardOf(run);
  return {
    runId: run.id,
    services: new Set(Object.keys(cluster.services)),
    admin: {
      url: ctx.endpointUrl('identity', 'public'),
      user: 'admin',
      password: ctx.secret(ADMIN_SECRET),
      project: { name: 'admin' },
      region: regionOf(ctx),
    },
    password: Buffer.from(run.engine.random(18)).toString('base64url'),
    image,
    ...(flavor === undefined ? {} : { flavor }),
    ...(external === undefined ? {} : { external }),
    ...(dashboardUrl === undefined ? {} : { dashboardUrl }),
  };
}

function toolsOf(run: Run, guests: VerifyTools['guests']): VerifyTools {
  const { clock } = run.engine;
  const trust = trustOf(run);
  const client = httpClient({ clock, connection: 'fresh', trust });
  return {
    client,
    clock,
    guests,
    vnc: (url, signal) => vncGreeting({ url, trust, clock, deadlineMs: VNC_MS, signal }),
    dashboard: (login) => logInToDashboard({ ...login, client }),
  };
}

/** The name of the cloud goes to the VIP of the spec, whatever the resolver of this machine says. */
function trustOf({ input, context }: Run): HttpTrust {
  const addresses = Object.fromEntries(
    input.cluster.vips.flatMap(({ dnsName, address }) => (dnsName === undefined ? [] : [[dnsName, address]])),
  );
  // The user's own certificate is not signed by the internal CA.
  return input.publicCertificate === undefined ? { addresses, ca: context.identity.caCertificate } : { addresses };
}

function externalNetwork({ networks }: Cluster): ExternalNetwork | undefined {
  const found = networks.find(({ zone, floating, gateway }) => zone === 'edge' && floating && gateway);
  if (found?.floating === undefined || found.gateway === undefined) return undefined;
  return { physicalNetwork: found.name, cidr: found.cidr, gateway: found.gateway, ...found.floating };
}

function dashboardOf({ context, input }: Run): string | undefined {
  const endpoint = contributionsOf('endpoint', input.cluster, context.deployed).find(({ name }) => name === 'horizon');
  if (endpoint === undefined) return undefined;
  const url = new URL(clusterContext(context).endpointUrl('identity', 'public'));
  url.protocol = endpoint.tls ? 'https:' : 'http:';
  url.port = String(endpoint.port);
  url.pathname = endpoint.path === '' ? '/' : endpoint.path;
  return url.href;
}

function noPublicVip(): HastackError {
  return new HastackError({
    code: 'refused',
    message: 'there is no public VIP, so users have no way to the cloud',
    hint: 'add vips.public to the spec',
  });
}
