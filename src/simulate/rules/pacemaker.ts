// Pacemaker and Corosync as the mover of VIPs and of services that run once, and the pair with mirrored disks.
// A lost host must be fenced before anything of it is started elsewhere; without a majority nothing is started at all.
// Manuals: corosync.conf(5), https://clusterlabs.org/projects/pacemaker/doc/, https://linbit.com/drbd-user-guide/
import { atLeast, majority } from '../../model/failure.ts';
import type { FailureRule, FaultKind, Interruption, Need, PlacedRule, Term } from '../../model/failure.ts';
import { seconds } from '../../model/seconds.ts';
import { interruption, placed, textOption } from './context.ts';
import type { RuleContext } from './context.ts';

const ADD_FENCING =
  'a bmc for every host, so that a lost one can be fenced: hosts: { srv1: { bmc: { kind: redfish, address: ... } } }';

export function pacemaker(ctx: RuleContext): readonly PlacedRule[] {
  const votes = [...new Set([...ctx.hosts, ...arbiters(ctx)])];
  return [quorum(ctx, votes), vipMover(ctx)];
}

function arbiters(ctx: RuleContext): readonly string[] {
  const listed = ctx.cluster.services['qdevice']?.['hosts'];
  return Array.isArray(listed) ? listed.map(String) : [];
}

/** Members and quorum device vote. Two without one: `two_node` gives either the right to go on once the other is fenced. */
function quorum(ctx: RuleContext, votes: readonly string[]): PlacedRule {
  const pair = votes.length === 2;
  const need: Need = pair ? atLeast(1) : majority;
  return {
    ...placed(
      ctx,
      { id: 'pacemaker', title: 'Pacemaker' },
      {
        needs: need,
        // Two rings: only a host that lost both is lost.
        usesAny: ['management', 'internal'],
        interruption: {},
        survives: ['process-killed'],
        improve: 'a third vote: a small host with the role arbiter as quorum device',
      },
    ),
    hosts: votes,
  };
}

function vipMover(ctx: RuleContext): PlacedRule {
  return placed(
    ctx,
    { id: 'vip-mover', title: 'Pacemaker IPaddr2' },
    {
      ...takeover(ctx, {
        name: 'the address is taken and announced',
        seconds: seconds(0.2, 0.5, 2),
        source: 'ocf:heartbeat:IPaddr2',
      }),
      passive: true,
      requires: ['pacemaker'],
      uses: ['internal'],
    },
  );
}

/** One of two, started elsewhere after fencing; no data of its own that would have to be mirrored. */
export function singleUnderPacemaker(
  ctx: RuleContext,
  named: { readonly id: string; readonly title: string },
  step: Term,
): PlacedRule {
  return placed(ctx, named, {
    ...takeover(ctx, step),
    requires: ['pacemaker'],
    uses: ['internal'],
    survives: ['process-killed'],
  });
}

/** What a service costs that Pacemaker starts elsewhere: notice, fence, then the steps that bring it up. */
function takeover(ctx: RuleContext, ...steps: readonly Term[]): FailureRule {
  const gone = interruption(...lostHost(ctx), ...steps);
  const monitored = interruption(
    { name: 'the monitor sees it', seconds: seconds(0, 5, 30), source: 'op monitor interval (10 s), timeout' },
    ...steps,
  );
  return {
    needs: atLeast(1),
    serves: 'one',
    fenced: true,
    interruption: {
      'host-power': gone,
      'host-isolated': gone,
      'disk-failed': gone,
      'nic-cut': interruption(
        {
          name: 'ethmonitor sees the cut interface',
          seconds: seconds(5, 10, 20),
          source: 'ocf:heartbeat:ethmonitor, op monitor interval (10 s)',
        },
        ...steps,
      ),
      'process-killed': monitored,
      'process-frozen': monitored,
    },
    improve: ADD_FENCING,
  };
}

const TOKEN = 3;
const TOKEN_PER_NODE = 0.65;
const CONSENSUS = 1.2;

function lostHost(ctx: RuleContext): readonly Term[] {
  const token = TOKEN + Math.max(0, ctx.hosts.length - 2) * TOKEN_PER_NODE;
  const declared = Number((token * (1 + CONSENSUS)).toFixed(2));
  return [
    {
      name: 'Corosync declares the silent host lost',
      seconds: seconds(declared, declared, declared + 0.1),
      source: 'corosync.conf token, token_coefficient, consensus',
    },
    { name: 'the host is fenced and known to be off', seconds: seconds(2, 5, 20), source: 'fence agent; op timeout' },
  ];
}

const MIRROR: readonly Term[] = [
  {
    name: 'DRBD outdates the lost peer',
    seconds: seconds(1, 7, 10),
    source: 'drbd.conf fence-peer --timeout 5; measured 7 s',
  },
  {
    name: 'the mirror is promoted and mounted',
    seconds: seconds(1, 3, 10),
    source: 'ocf:linbit:drbd, ocf:heartbeat:Filesystem',
  },
];
const DATABASE: Term = {
  name: 'MariaDB replays its log and starts',
  seconds: seconds(2, 5, 30),
  source: 'innodb_log_file_size',
};

/** The group of a pair: mirror, file system, and what is started on it, one after the other. */
export function drbd(ctx: RuleContext): readonly PlacedRule[] {
  const alone = interruption({
    name: 'writes wait until the lost mirror is outdated',
    seconds: seconds(1, 7, 10),
    source: 'drbd.conf fence-peer --timeout 5; measured 7 s',
  });
  return [
    placed(
      ctx,
      { id: 'drbd', title: 'mirrored file system' },
      {
        ...takeover(ctx, ...MIRROR),
        passive: true,
        requires: ['pacemaker', 'drbd-mirror'],
      },
    ),
    placed(
      ctx,
      { id: 'drbd-mirror', title: 'mirrored disks' },
      {
        // Without its own disk the primary reads and writes that of the other one.
        needs: atLeast(1),
        passive: true,
        dataDisk: true,
        uses: ['replication'],
        interruption: { 'host-power': alone, 'disk-failed': alone },
        survives: ['nic-cut', 'network-down'],
        improve: 'a RAID 1 under each mirror: a failed disk then costs nobody anything',
      },
    ),
  ];
}

export function mariadb(ctx: RuleContext): readonly PlacedRule[] {
  return [
    standby(ctx, { id: 'mariadb', title: 'MariaDB', requires: ['pacemaker', 'drbd'], vip: 'internal' }, [
      ...MIRROR,
      DATABASE,
    ]),
  ];
}

/** Services of which one runs, with the data: MariaDB, RabbitMQ, Keystone, Glance of a pair. */
export function activeStandby(ctx: RuleContext): readonly PlacedRule[] | undefined {
  const started = STANDBY[ctx.service];
  if (started === undefined) return undefined;
  const vip = textOption(ctx, 'vip') ?? started.vip;
  return [standby(ctx, { ...started, id: ctx.service, vip }, [...MIRROR, DATABASE, ...started.steps])];
}

interface Standby {
  readonly id: string;
  readonly title: string;
  readonly requires: readonly string[];
  readonly vip: string;
}

function standby(
  ctx: RuleContext,
  { id, title, requires, vip, ...rest }: Standby & Partial<FailureRule>,
  steps: readonly Term[],
): PlacedRule {
  const own = steps.at(-1);
  const rule = takeover(ctx, ...steps);
  const restarted = interruption(
    { name: 'the monitor sees it', seconds: seconds(0, 5, 30), source: 'op monitor interval (10 s), timeout' },
    ...(own === undefined ? [] : [own]),
  );
  const inPlace: Readonly<Partial<Record<FaultKind, Interruption>>> = {
    'process-killed': restarted,
    'process-frozen': restarted,
  };
  return placed(
    ctx,
    { id, title },
    {
      ...rule,
      ...rest,
      requires,
      vip,
      uses: ['internal'],
      interruption: { ...rule.interruption, ...inPlace },
      // Started again where it was.
      survives: ['process-killed', 'process-frozen'],
    },
  );
}

const STANDBY: Readonly<
  Record<string, Omit<Standby, 'id'> & { readonly steps: readonly Term[] } & Partial<FailureRule>>
> = {
  rabbitmq: {
    title: 'RabbitMQ',
    requires: ['pacemaker', 'drbd'],
    vip: 'internal',
    steps: [
      { name: 'RabbitMQ starts', seconds: seconds(4, 8, 30), source: 'rabbitmq-server start; clients reconnect' },
    ],
  },
  keystone: {
    title: 'Keystone',
    requires: ['pacemaker', 'database'],
    readsOnly: ['database'],
    vip: 'public',
    capabilities: ['identity'],
    steps: [{ name: 'Keystone starts', seconds: seconds(2, 4, 15), source: 'keystone.service' }],
  },
  glance: {
    title: 'Glance',
    requires: ['pacemaker', 'keystone', 'database', 'drbd'],
    vip: 'public',
    capabilities: ['images'],
    steps: [{ name: 'Glance starts', seconds: seconds(2, 4, 15), source: 'glance-api.service' }],
  },
};
