// The metadata agent of OVN on every compute host: instances ask 169.254.169.254, their host's agent adds who asks and
// passes it on to Nova through the internal VIP. Losing it loses metadata on its own host only.
// It knows instances from the southbound database: no account of Keystone, MariaDB or RabbitMQ on compute hosts.
// Manual: https://docs.openstack.org/neutron/2025.1/contributor/internals/ovn/metadata_api.html
import type { ConfigTree } from '../../formats/config-tree.ts';
import { component } from '../../model/component.ts';
import type { HostContext } from '../../model/component.ts';
import type { Resource } from '../../model/resource.ts';
import { configFile } from '../../resources/config-file.ts';
import { directory } from '../../resources/file.ts';
import { unit } from '../../resources/unit.ts';
import { withOvn } from '../oslo/networks.ts';
import { PROBE_INTERVAL_MS, ovnRemote, tlsFiles } from '../oslo/ovn.ts';
import { CA_FILE, concurrencySection, internalVip, lockDirectory } from '../oslo/sections.ts';

const UNIT = 'neutron-ovn-metadata-agent';
const NOTIFIES = [`unit:${UNIT}`];
const CERTIFICATE = 'neutron-ovn-metadata';
const METADATA_PORT = 8775;
/** Contributed here too, so that both sides have it whichever is deployed first. */
const SHARED_SECRET = 'nova/metadata';

export default component({
  id: 'neutron-ovn-metadata',
  title: 'OVN metadata agents',
  service: 'neutron',
  roles: ['compute'],
  after: ['ovn-host', 'neutron'],
  when: (cluster) => withOvn(cluster) && 'nova' in cluster.services,
  // The agent starts an haproxy per network and asks for the program only.
  packages: [UNIT, 'haproxy'],
  units: [`${UNIT}.service`, 'haproxy.service'],
  secrets: [{ name: SHARED_SECRET, kind: 'password' }],
  certificates: [{ name: CERTIFICATE, owner: 'root', group: 'root', uses: ['internal'], notifies: NOTIFIES }],
  steps: [{ on: 'each', resources: hostResources }],
  health: () => [
    {
      name: 'OVN metadata agent runs',
      script: `systemctl is-active ${UNIT}`,
    },
  ],
  // A part of what each compute host does for its own instances: counted there.
  failure: () => [],
});

function hostResources(ctx: HostContext): readonly Resource[] {
  const on = (id: string): boolean => ctx.members(id).some(({ name }) => name === ctx.host.name);
  return [
    // The agent reads it first. Where the API runs it is the API's.
    ...(on('neutron')
      ? []
      : [
          directory({ path: lockDirectory('neutron'), owner: 'neutron', group: 'neutron' }),
          configFile(ctx, {
            path: '/etc/neutron/neutron.conf',
            format: 'ini',
            tree: {
              DEFAULT: { log_dir: '/var/log/neutron', state_path: '/var/lib/neutron', core_plugin: 'ml2' },
              oslo_concurrency: concurrencySection('neutron'),
            },
            mode: '0640',
            group: 'neutron',
            notifies: NOTIFIES,
          }),
        ]),
    configFile(ctx, {
      path: '/etc/neutron/neutron_ovn_metadata_agent.ini',
      format: 'ini',
      tree: agentConf(ctx),
      mode: '0640',
      group: 'neutron',
      secrets: [ctx.secret(SHARED_SECRET)],
      notifies: NOTIFIES,
    }),
    configFile(ctx, {
      path: `/etc/systemd/system/${UNIT}.service.d/hastack.conf`,
      overrideAs: `${UNIT}.service`,
      format: 'systemd',
      tree: {
        Unit: { StartLimitIntervalSec: '0' },
        // The processes for instances outlive it, and other units share its directories under /run.
        Service: { Restart: 'always', RestartSec: '1s', KillMode: 'process', RuntimeDirectoryPreserve: 'yes' },
      },
      notifies: NOTIFIES,
    }),
    unit(UNIT),
    ...(on('haproxy') ? [] : [unit('haproxy', { enabled: false, active: false })]),
  ];
}

function agentConf(ctx: HostContext): ConfigTree {
  const { key, certificate, ca } = tlsFiles(CERTIFICATE);
  return {
    DEFAULT: {
      nova_metadata_host: internalVip(ctx),
      nova_metadata_port: METADATA_PORT,
      nova_metadata_protocol: 'https',
      auth_ca_cert: CA_FILE,
      metadata_proxy_shared_secret: ctx.secret(SHARED_SECRET),
      metadata_workers: 1,
    },
    agent: { root_helper: 'sudo neutron-rootwrap /etc/neutron/rootwrap.conf' },
    ovs: { ovsdb_connection: 'tcp:127.0.0.1:6640' },
    ovn: {
      ovn_nb_connection: ovnRemote(ctx, 'nb'),
      ovn_nb_private_key: key,
      ovn_nb_certificate: certificate,
      ovn_nb_ca_cert: ca,
      ovn_sb_connection: ovnRemote(ctx, 'sb'),
      ovn_sb_private_key: key,
      ovn_sb_certificate: certificate,
      ovn_sb_ca_cert: ca,
      ovsdb_probe_interval: PROBE_INTERVAL_MS,
    },
  };
}
