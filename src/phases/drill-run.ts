// What the drill engine needs of a run: targets for the probes, the way to power, health, failure rules, versions.
// The same for twins and real servers: power goes through the hosts' BMCs, process faults over ssh.
import { evictionTimers } from '../components/galera/failure.ts';
import { ADMIN_SECRET, ADMIN_USER, AMQPS_PORT, MANAGEMENT_PORT } from '../components/rabbitmq/config.ts';
import { PROBE_SECRET, PROBE_USER } from '../components/keystone/objects.ts';
import type { MemberStep } from '../model/member-group.ts';
import type { Drill } from '../drills/drill.ts';
import { bmcActions } from '../drills/faults/bmc-actions.ts';
import { drillHosts } from '../drills/hosts.ts';
import type { DrillHosts } from '../drills/hosts.ts';
import type { ProbeTargets } from '../drills/probes/config.ts';
import type { DrillRun, HealthState } from '../drills/run-types.ts';
import { HastackError } from '../model/error.ts';
import { hostsWithRole } from '../model/cluster.ts';
import type { RedfishClient } from '../net/redfish.ts';
import { redfishClient } from '../net/redfish.ts';
import type { Session } from '../remote/transport.ts';
import { sh } from '../remote/shell.ts';
import { clusterContext } from './context.ts';
import { runHealthChecks, vipHolders } from './health.ts';
import { rulesOfDeployed } from './predict.ts';
import { notTolerated } from './redundancy.ts';
import type { Run } from './run.ts';

export interface DrillOptions {
  readonly drills: readonly Drill[];
  /** The command that runs this program: `[node, main.js]`. */
  readonly program: readonly [string, ...string[]];
  /** Factor on limits and predictions; 1 in campaigns. */
  readonly tolerance: number;
  readonly lab: boolean;
  /** What the user types to do this again. */
  readonly command: string;
}

const DRILL_ACCOUNT = 'hastack_drill';
const PROBED_VIP = 'public';
const PACKAGES = [
  'galera-4',
  'haproxy',
  'keepalived',
  'keystone',
  'mariadb-server',
  'memcached',
  'rabbitmq-server',
  'systemd',
];

/** `close` ends the sessions and BMC connections it opened. */
export async function drillRun(
  run: Run,
  options: DrillOptions,
): Promise<{ readonly drill: DrillRun; readonly close: () => Promise<void> }> {
  const { cluster } = run.input;
  const hosts = drillHosts(run.engine.transport);
  const bmcs = bmcClients(run);
  const members = (component: string) =>
    clusterContext(run.context)
      .members(component)
      .map(({ name }) => name);
  const drill: DrillRun = {
    cluster,
    runId: run.id,
    drills: options.drills,
    transport: run.engine.transport,
    probes: { command: [...options.program, 'internal-probe'], targets: probeTargets(run) },
    faultActions: { ...bmcActions(bmcs), ...drainActions(run, hosts) },
    health: (signal) => health(run, hosts, signal),
    rules: rulesOfDeployed(run.context),
    vipAddress: vipOf(run).address,
    controlHosts: hostsWithRole(cluster, 'control').map(({ name }) => name),
    galeraHosts: members('galera'),
    units: unitsOf(run),
    notTolerated: (component) => notTolerated(run.context, component),
    suspectTimeout: evictionTimers({ cluster }).suspect,
    tolerance: options.tolerance,
    versions: await versions(run, hosts),
    lab: options.lab,
    command: options.command,
    emit: run.engine.emit,
    clock: run.engine.clock,
    ...(run.engine.signal === undefined ? {} : { signal: run.engine.signal }),
  };
  const close = async (): Promise<void> => {
    await Promise.allSettled([hosts.close(), ...[...bmcs.values()].map((client) => client.close())]);
  };
  return { drill, close };
}

function unitsOf(run: Run): readonly string[] {
  return [...new Set(run.context.deployed.flatMap(({ component }) => component.units ?? []))];
}

function vipOf(run: Run) {
  const vip = run.input.cluster.vips.find(({ name }) => name === PROBED_VIP);
  if (vip !== undefined) return vip;
  throw new HastackError({
    code: 'refused',
    message: 'there is no public VIP to probe',
    hint: 'drills measure what users see through vips.public',
  });
}

function probeTargets(run: Run): ProbeTargets {
  const ctx = clusterContext(run.context);
  const vip = vipOf(run);
  const url = new URL(ctx.endpointUrl('identity', PROBED_VIP));
  // By address: what is measured is the VIP, not the resolver. The certificate is still checked for its name.
  url.hostname = vip.address;
  const database = run.input.cluster.vips.find(({ name }) => name === 'internal') ?? vip;
  return {
    vantage: 'outside',
    trust: {
      // The user's own certificate is not signed by the internal CA.
      ...(run.input.publicCertificate === undefined && { ca: ctx.caCertificate() }),
      ...(vip.dnsName === undefined ? {} : { servername: vip.dnsName }),
    },
    login: {
      url: url.toString(),
      user: PROBE_USER,
      userDomain: 'Default',
      password: ctx.secret(PROBE_SECRET),
      project: 'service',
      projectDomain: 'Default',
    },
    database: {
      host: database.address,
      port: 3306,
      user: DRILL_ACCOUNT,
      password: Buffer.from(run.engine.random(18)).toString('base64url'),
      ca: ctx.caCertificate(),
    },
    ...queueTarget(run),
  };
}

/** Messages go to the brokers' own addresses: there is no VIP in front of them. */
function queueTarget(run: Run): Pick<ProbeTargets, 'queue'> {
  const ctx = clusterContext(run.context);
  const members = ctx.members('rabbitmq');
  if (members.length === 0) return {};
  const password = Buffer.from(run.engine.random(18)).toString('base64url');
  const target = { port: AMQPS_PORT, user: DRILL_ACCOUNT, password, vhost: DRILL_ACCOUNT, ca: ctx.caCertificate() };
  return {
    queue: {
      target,
      admin: { user: ADMIN_USER, password: ctx.secret(ADMIN_SECRET), port: MANAGEMENT_PORT },
      addresses: Object.fromEntries(members.map(({ name }) => [name, ctx.addressOf(name, 'internal')])),
    },
  };
}

function bmcClients(run: Run): ReadonlyMap<string, RedfishClient> {
  const { cluster, access } = run.input;
  const entries = cluster.hosts.flatMap(({ name, bmc }) => {
    if (bmc?.kind !== 'redfish' || access?.bmc === undefined) return [];
    const { address, port, user } = bmc;
    const authority = address.includes(':') ? `[${address}]` : address;
    const { password, fingerprint256 } = access.bmc;
    const trust = fingerprint256 === undefined ? {} : { fingerprint256 };
    return [
      [
        name,
        redfishClient({
          host: name,
          url: `https://${authority}:${port}`,
          user,
          password,
          trust,
          clock: run.engine.clock,
        }),
      ] as const,
    ];
  });
  return new Map(entries);
}

/** Takes an instance out of the load balancers by its member group's own steps, as a rolling restart does. */
function drainActions(run: Run, hosts: DrillHosts) {
  const steps = (component: string, host: string, verb: 'drain' | 'undrain'): readonly MemberStep[] =>
    run.desired.components
      .filter(({ id }) => id === component)
      .flatMap((each) => each.steps.flatMap((step) => (step.on === 'members' ? (step.group[verb]?.(host) ?? []) : [])));
  const act = (verb: 'drain' | 'undrain') => async (component: string, host: string, signal?: AbortSignal) => {
    await Promise.all(
      steps(component, host, verb).map(async (step) => {
        const result = await hosts.run(step.host, step.script.text, { timeout: step.script.timeout ?? 60, signal });
        if (result.code !== 0) throw stepFailed(step, result.stderr);
      }),
    );
  };
  return { drain: act('drain'), undrain: act('undrain') };
}

function stepFailed(step: MemberStep, stderr: string): HastackError {
  return new HastackError({
    code: 'environment',
    host: step.host,
    message: `${step.host}: could not ${step.does}: ${stderr.trim()}`,
    hint: '`hastack status` shows the state of the balancers',
  });
}

async function health(run: Run, hosts: DrillHosts, signal?: AbortSignal): Promise<HealthState> {
  const sessions = new Map(run.desired.hosts.map((host) => [host, sessionOn(hosts, host)]));
  const [checks, vips] = await Promise.all([
    runHealthChecks(run.context, sessions, signal),
    vipHolders(run.context, sessions, signal),
  ]);
  const problems = [
    ...checks.filter(({ ok }) => !ok).map(({ host, name, detail }) => `${host}: ${name}: ${detail}`),
    ...vips
      .filter(({ holders }) => holders.length !== 1)
      .map(({ name, holders }) => `VIP ${name} is held by ${holders.join(' and ') || 'nobody'}`),
  ];
  return { healthy: problems.length === 0, problems };
}

/** A session that is opened again after its host was gone. */
function sessionOn(hosts: DrillHosts, host: string): Session {
  return {
    host,
    run: ({ text, timeout }, signal) =>
      hosts.run(host, text, { ...(timeout === undefined ? {} : { timeout }), signal }),
    close: () => Promise.resolve(),
  };
}

async function versions(run: Run, hosts: DrillHosts): Promise<Readonly<Record<string, string>>> {
  const [first = ''] = run.desired.hosts;
  const text = sh`dpkg-query -W -f '\${Package} \${Version}\n' ${PACKAGES} 2>/dev/null; . /etc/os-release; echo "debian $(cat /etc/debian_version)"; echo "kernel $(uname -r)"`;
  const { stdout } = await hosts.run(first, text, { signal: run.engine.signal });
  return Object.fromEntries(
    stdout
      .split('\n')
      .map((line) => line.split(' '))
      .flatMap(([name = '', version = '']) => (name === '' || version === '' ? [] : [[name, version] as const])),
  );
}
