// RabbitMQ 4: quorum queues, one member per host, clients connect to all members directly (not through a VIP).
// Guarantees: formed once and never over data; a member without a majority stops serving; clients speak TLS.
// Manual: https://www.rabbitmq.com/docs/4.0
import { component } from '../../model/component.ts';
import type { ClusterContext, HostContext } from '../../model/component.ts';
import { majority } from '../../model/failure.ts';
import type { FailureRule, Interruption } from '../../model/failure.ts';
import type { Resource } from '../../model/resource.ts';
import { seconds } from '../../model/seconds.ts';
import { configFile } from '../../resources/config-file.ts';
import { file } from '../../resources/file.ts';
import { ALL_PERMISSIONS, rabbitAbsentUser, rabbitPolicy, rabbitUser, rabbitVhost } from '../../resources/rabbitmq.ts';
import { unit } from '../../resources/unit.ts';
import { overriddenValues } from '../oslo/timers.ts';
import { rabbitmqBackup } from './backup.ts';
import {
  ADMIN_SECRET,
  ADMIN_USER,
  AMQPS_PORT,
  DISTRIBUTION_PORT,
  STREAM_REPLICATION,
  INTER_NODE_TLS_PATH,
  NET_TICKTIME,
  epmdSocket,
  interNodeTls,
  rabbitmqConf,
  rabbitmqEnv,
} from './config.ts';
import { healthScript, rabbitmqGroup } from './members.ts';

const UNIT = 'unit:rabbitmq-server';
const COOKIE_SECRET = 'rabbitmq/cookie';

export default component({
  id: 'rabbitmq',
  title: 'RabbitMQ',
  roles: ['control', 'messaging'],
  after: ['certificates', 'firewall'],
  when: (cluster) => 'rabbitmq' in cluster.services,
  packages: ['rabbitmq-server'],
  units: ['rabbitmq-server.service', 'epmd.socket'],
  secrets: [
    { name: ADMIN_SECRET, kind: 'password' },
    { name: COOKIE_SECRET, kind: 'cookie' },
  ],
  certificates: [{ name: 'rabbitmq', owner: 'root', group: 'rabbitmq', uses: ['internal'], notifies: [UNIT] }],
  ports: [
    { port: AMQPS_PORT, protocol: 'tcp', use: 'internal', from: 'members' },
    { port: 4369, protocol: 'tcp', use: 'internal', from: 'members' },
    { port: DISTRIBUTION_PORT, protocol: 'tcp', use: 'internal', from: 'members' },
    // Copies of streams; encrypted like the members' other talk. Without it a stream is on one member only.
    {
      port: STREAM_REPLICATION.first,
      through: STREAM_REPLICATION.last,
      protocol: 'tcp',
      use: 'internal',
      from: 'members',
    },
  ],
  brokers: [{ port: AMQPS_PORT, use: 'internal' }],
  steps: [
    { on: 'each', resources: memberResources },
    { on: 'members', group: rabbitmqGroup },
    { on: 'one', resources: definitions },
  ],
  health: (ctx) => [
    {
      name: 'RabbitMQ serves with a majority and sees no partition',
      script: healthScript(ctx),
    },
  ],
  backup: rabbitmqBackup,
  failure,
});

function memberResources(ctx: HostContext): readonly Resource[] {
  return [
    configFile(ctx, {
      path: '/etc/rabbitmq/rabbitmq.conf',
      format: 'rabbitmq',
      tree: rabbitmqConf(ctx),
      mode: '0640',
      group: 'rabbitmq',
      secrets: [ctx.secret(ADMIN_SECRET)],
      notifies: [UNIT],
    }),
    configFile(ctx, {
      path: '/etc/rabbitmq/rabbitmq-env.conf',
      format: 'env',
      tree: rabbitmqEnv(ctx),
      notifies: [UNIT],
    }),
    file({ path: INTER_NODE_TLS_PATH, content: interNodeTls(), notifies: [UNIT] }),
    file({ path: '/etc/rabbitmq/enabled_plugins', content: '[rabbitmq_management].\n', notifies: [UNIT] }),
    file({
      path: '/var/lib/rabbitmq/.erlang.cookie',
      content: ctx.secret(COOKIE_SECRET),
      mode: '0400',
      owner: 'rabbitmq',
      group: 'rabbitmq',
      secret: true,
      notifies: [UNIT],
    }),
    configFile(ctx, {
      path: '/etc/systemd/system/epmd.socket.d/hastack.conf',
      format: 'systemd',
      tree: epmdSocket(ctx),
      notifies: ['unit:epmd.socket'],
    }),
    unit('epmd.socket'),
    unit('rabbitmq-server', { group: 'rabbitmq' }),
  ];
}

function definitions(ctx: ClusterContext): readonly Resource[] {
  const admin = { adminUser: ADMIN_USER, adminPassword: ctx.secret(ADMIN_SECRET) };
  const users = ctx.contributions('messageUser');
  const vhosts = [...new Set(['/', ...users.map((user) => user.vhost)])];
  return [
    ...vhosts.map((name) => rabbitVhost({ admin, name, defaultQueueType: 'quorum' })),
    rabbitAbsentUser({ admin, user: 'guest' }),
    ...users.map((wanted) =>
      rabbitUser({
        admin,
        user: wanted.user,
        password: ctx.secret(wanted.secret),
        tags: [],
        permissions: { [wanted.vhost]: ALL_PERMISSIONS },
      }),
    ),
    // Reply and fanout queues of clients that are gone are dropped after an hour. Source: oslo.messaging
    // rabbit_transient_queues_ttl is 1800 s; this is the safety net for clients that never come back.
    ...vhosts.map((vhost) =>
      rabbitPolicy({
        admin,
        vhost,
        name: 'expire-abandoned',
        pattern: '^(reply_|.*_fanout_)',
        applyTo: 'queues',
        priority: 1,
        definition: { expires: 3_600_000 },
      }),
    ),
    // One stream per topic for what all listeners read. A stream drops whole segments only, and of the default 500 MB
    // none is full before a disk of a small controller is. Must be there before the first stream is.
    ...[...new Set(users.map((user) => user.vhost))].map((vhost) =>
      rabbitPolicy({
        admin,
        vhost,
        name: 'short-streams',
        pattern: '_fanout$',
        applyTo: 'streams',
        priority: 1,
        definition: { 'max-age': '1800s', 'stream-max-segment-size-bytes': 10_000_000 },
      }),
    ),
  ];
}

function failure(ctx: ClusterContext): FailureRule {
  const tick = tickTime(ctx);
  const silent: Interruption = {
    terms: [
      {
        name: 'Erlang declares the silent member down',
        seconds: seconds(tick * 0.75, tick, tick * 1.25 + 1),
        source: 'rabbitmq-env.conf net_ticktime (new channels); measured 11.1 to 11.6 s with 10',
      },
    ],
  };
  const killed: Interruption = {
    terms: [{ name: 'a new leader is elected', seconds: seconds(0.2, 0.25, 2), source: 'measured: 0.22 to 0.24 s' }],
  };
  return {
    needs: majority,
    improve:
      'five members make the share of clients on a silent one smaller; a net_ticktime under 10 s would take stalls for deaths',
    interruption: {
      'process-killed': killed,
      'process-frozen': silent,
      'host-power': silent,
      'host-isolated': silent,
      'nic-cut': silent,
    },
  };
}

/** Erlang's own 60 s where the arguments of the runtime are replaced and say nothing. */
function tickTime(ctx: ClusterContext): number {
  const option = { file: 'rabbitmq-env.conf', section: '', option: 'SERVER_ADDITIONAL_ERL_ARGS' };
  const [given] = overriddenValues(ctx, option).map(String);
  if (given === undefined) return NET_TICKTIME;
  return Number(/-kernel\s+net_ticktime\s+(\d+)/.exec(given)?.[1] ?? 60);
}
