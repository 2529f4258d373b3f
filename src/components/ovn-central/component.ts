// The OVN databases (northbound: what Neutron wants, southbound: what the hosts do) and northd, which translates.
// Guarantees: two RAFT clusters over the same hosts, formed once and never over data; every connection TLS with a
// certificate of our CA on both sides; bound to the host's address. Without a majority nothing changes and what is
// forwarded goes on. Manual: ovn-architecture(7), ovsdb(7).
import { component } from '../../model/component.ts';
import type { ClusterContext, HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { file } from '../../resources/file.ts';
import { runOnce } from '../../resources/run.ts';
import { unit } from '../../resources/unit.ts';
import { sh } from '../../remote/shell.ts';
import { ovnDatabaseHosts, withOvn } from '../oslo/networks.ts';
import { OVN_DATABASES, OVN_DATABASE_NAMES, PROBE_INTERVAL_MS, ovnRemote, tlsOptions } from '../oslo/ovn.ts';
import { ovnBackup } from './backup.ts';
import {
  CERTIFICATE,
  NORTHD_DROP_IN,
  databaseDropIn,
  databaseUnit,
  northdOptions,
  serverConfig,
  serverConfigPath,
} from './databases.ts';
import { ovnCentralFailure } from './failure.ts';
import { HEALTH_SCRIPT, ovnCentralGroup } from './members.ts';

export default component({
  id: 'ovn-central',
  title: 'OVN databases',
  service: 'neutron',
  roles: ['network'],
  placedOn: ovnDatabaseHosts,
  after: ['certificates', 'firewall'],
  when: withOvn,
  packages: ['ovn-central'],
  units: [
    'ovn-central.service',
    'ovn-northd.service',
    ...OVN_DATABASE_NAMES.map((each) => `${databaseUnit(each)}.service`),
  ],
  // The servers read key and certificate again when the files change.
  certificates: [{ name: CERTIFICATE, owner: 'root', group: 'root', uses: ['internal'] }],
  ports: OVN_DATABASE_NAMES.flatMap((database) =>
    [OVN_DATABASES[database].port, OVN_DATABASES[database].raftPort].map((port) => ({
      port,
      protocol: 'tcp' as const,
      use: 'internal' as const,
      from: 'members' as const,
    })),
  ),
  steps: [
    { on: 'each', resources: databaseResources },
    { on: 'members', group: ovnCentralGroup },
    { on: 'one', resources: settings },
    { on: 'each', resources: northdResources },
  ],
  health: () => [
    { name: 'OVN databases have a leader and this member', script: HEALTH_SCRIPT },
    {
      name: 'ovn-northd runs',
      // `active` on one host, `standby` on the others.
      script: `timeout 5 ovn-appctl -t ovn-northd status | sed -n 's/^Status: //p' | grep -E 'active|standby'`,
    },
  ],
  backup: ovnBackup,
  failure: ovnCentralFailure,
});

function databaseResources(ctx: HostContext): readonly Resource[] {
  return OVN_DATABASE_NAMES.flatMap((database) => {
    const name = databaseUnit(database);
    return [
      file({ path: serverConfigPath(database), content: serverConfig(ctx, database), notifies: [`unit:${name}`] }),
      configFile(ctx, {
        path: `/etc/systemd/system/${name}.service.d/hastack.conf`,
        format: 'systemd',
        tree: databaseDropIn(database),
        notifies: [`unit:${name}`],
      }),
      unit(name, { group: 'ovn-central' }),
    ];
  });
}

/** In the databases: their schema, which belongs to the installed version, and the probes of northd. */
function settings(ctx: ClusterContext): readonly Resource[] {
  const tls = tlsOptions(CERTIFICATE);
  const schemas = OVN_DATABASE_NAMES.map((database) => {
    const source = `/usr/share/ovn/ovn-${database}.ovsschema`;
    const ask = (command: string): string =>
      `ovsdb-client --timeout=60 ${tls} ${sh`${command} ${ovnRemote(ctx, database)} ${source}`}`;
    return runOnce({
      name: `ovn-schema-${database}`,
      unless: `[ "$(${ask('needs-conversion')})" = no ]`,
      script: ask('convert'),
      timeout: 120,
    });
  });
  const northbound = `ovn-nbctl --timeout=30 ${sh`--db=${ovnRemote(ctx, 'nb')}`} ${tls}`;
  return [
    ...schemas,
    runOnce({
      name: 'ovn-northd-probe',
      unless: `[ "$(${northbound} --if-exists get NB_Global . options:northd_probe_interval)" = '"${PROBE_INTERVAL_MS}"' ]`,
      script: `${northbound} set NB_Global . options:northd_probe_interval=${PROBE_INTERVAL_MS}`,
      timeout: 60,
    }),
  ];
}

function northdResources(ctx: HostContext): readonly Resource[] {
  return [
    configFile(ctx, {
      path: '/etc/default/ovn-central',
      format: 'env',
      tree: northdOptions(ctx),
      notifies: ['unit:ovn-northd'],
    }),
    configFile(ctx, {
      path: '/etc/systemd/system/ovn-northd.service.d/hastack.conf',
      format: 'systemd',
      tree: NORTHD_DROP_IN,
      notifies: ['unit:ovn-northd'],
    }),
    unit('ovn-northd'),
    // Starts the others at boot. A restart of it would restart the databases too.
    unit('ovn-central', { onChange: 'nothing' }),
  ];
}
