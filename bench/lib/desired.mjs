// What hastack wants on the hosts of a lab, as files and variables for the playbook in bench/ansible, and a count of
// what each of the two checks. Both then want the very same content, owner and mode: a run of either changes nothing.
// What modules of ansible-core cannot check is listed in NOT_CHECKED and counted, not imitated with commands.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  COMPONENTS,
  clusterComponents,
  desiredState,
  ensureIdentity,
  nftFile,
  openSecrets,
  openStateDirectory,
  systemClock,
  systemRandom,
} from './built.mjs';

/** What hastack checks on every run and the playbook does not, by kind of resource. */
export const NOT_CHECKED = {
  sysctl: 'values of the running kernel (ansible.posix); both check the file',
  nftables: 'that the loaded table is the one in the file; both check the file',
  run: 'commands that run once (schema, bootstrap, trust store)',
  mariadb: 'databases, users, grants (community.mysql)',
  keystone: 'services, endpoints, projects, users, role assignments (openstack.cloud)',
  rabbitmq: 'virtual hosts, users, policies (community.rabbitmq)',
  member: 'state and health of the members of Galera, RabbitMQ, Keystone',
};

export async function desiredOf(lab) {
  const { cluster } = await lab.open();
  const deployed = clusterComponents(cluster, COMPONENTS);
  const state = openStateDirectory(lab.directory);
  const { recipients } = cluster;
  const keeper = await openSecrets({
    secrets: state.secrets,
    identity: state.identity,
    recipients,
    random: systemRandom,
  });
  const identity = await ensureIdentity({ cluster, deployed, keeper, clock: systemClock });
  return { cluster, desired: desiredState(cluster, deployed, identity) };
}

/** Writes inventory.yml, host_vars and files into `directory` (0700: there are secrets in it). Returns the counts. */
export async function exportForAnsible(lab, directory) {
  const { cluster, desired } = await desiredOf(lab);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const counts = { hastack: {}, ansible: {} };
  const hosts = {};
  for (const { name, sshAddress } of cluster.hosts) {
    const managed = managedOn(desired, name, counts);
    for (const file of managed.managed_files) write(directory, name, file);
    // JSON is YAML.
    const shown = JSON.stringify(managed, (key, value) => (key === 'content' ? undefined : value), 1);
    save(join(directory, 'host_vars', `${name}.yml`), shown);
    hosts[name] = { ansible_host: sshAddress };
  }
  countShared(desired, counts);
  const { paths } = await lab.open();
  save(join(directory, 'id_ed25519'), readFileSync(paths.identity));
  save(join(directory, 'known_hosts'), readFileSync(paths.knownHosts));
  save(join(directory, 'inventory.yml'), JSON.stringify({ all: { hosts, vars: connection(cluster) } }, undefined, 1));
  return { hosts: cluster.hosts.length, ...counts };
}

function connection({ ssh }) {
  return {
    ansible_user: ssh.user,
    ansible_port: ssh.port,
    ansible_ssh_private_key_file: '{{ inventory_dir }}/id_ed25519',
    ansible_ssh_common_args: '-o UserKnownHostsFile={{ inventory_dir }}/known_hosts -o IdentitiesOnly=yes',
    managed_root: '{{ inventory_dir }}/files',
  };
}

/** The variables of the playbook for one host; what it takes and what hastack has is counted. */
function managedOn(desired, host, counts) {
  const resources = desired.components
    .flatMap(({ steps }) => steps)
    .flatMap((step) => (step.on === 'each' ? (step.resources.get(host) ?? []) : []));
  const units = new Map(resources.filter(({ kind }) => kind === 'unit').map((each) => [each.id, each.desired]));
  const managed = { managed_packages: [], managed_directories: [], managed_files: [], managed_units: [] };
  for (const resource of resources) {
    count(counts.hastack, resource.kind, resource.kind === 'packages' ? resource.desired.names.length : 1);
    const taken = translated(resource, units);
    if (taken === undefined) continue;
    const [variable, value] = taken;
    if (variable === 'managed_hostname') managed[variable] = value;
    else managed[variable].push(...value);
    count(counts.ansible, resource.kind, variable === 'managed_hostname' ? 1 : value.length);
  }
  return managed;
}

/** [variable, what is added to it] for a resource that the playbook checks. */
function translated({ kind, desired, notifies = [] }, units) {
  if (kind === 'packages') return ['managed_packages', desired.names];
  if (kind === 'hostname') return ['managed_hostname', desired.name];
  if (kind === 'nftables') {
    const about = { path: desired.path, content: nftFile(desired), ...ownedByRoot('0644') };
    return ['managed_files', [{ ...about, notify: ['Load the firewall'], reloads: [], restarts: [] }]];
  }
  if (kind === 'unit') {
    const { name, enabled, active } = desired;
    return ['managed_units', [{ name, ...(enabled ? { enabled } : {}), state: active ? 'started' : 'stopped' }]];
  }
  if (kind !== 'file') return undefined;
  const { type, path, owner, group, mode } = desired;
  if (type === 'directory') return ['managed_directories', [{ path, owner, group, mode }]];
  if (type !== 'file') throw new Error(`the playbook has no task for a ${type} (${path})`);
  const content = Buffer.from(desired.content, desired.encoding);
  return ['managed_files', [{ path, content, owner, group, mode, ...handlers(path, notifies, units) }]];
}

function ownedByRoot(mode) {
  return { owner: 'root', group: 'root', mode };
}

/** What a change of the file leads to. */
function handlers(path, notifies, units) {
  const named = notifies.flatMap((id) => units.get(id) ?? []);
  const reloads = named.filter(({ onChange }) => onChange === 'reload').map(({ name }) => name);
  const restarts = named.filter(({ onChange }) => onChange === 'restart').map(({ name }) => name);
  const notify = [
    ...(path.startsWith('/etc/systemd/system/') ? ['Read unit files again'] : []),
    ...(path.startsWith('/usr/local/share/ca-certificates/') ? ['Trust the certificates'] : []),
    ...(reloads.length > 0 ? ['Reload units whose files changed'] : []),
    ...(restarts.length > 0 ? ['Restart units whose files changed'] : []),
  ];
  return { notify, reloads, restarts };
}

/** Of the whole cluster, checked on one host or as members. */
function countShared(desired, counts) {
  for (const { steps } of desired.components) {
    for (const step of steps) {
      if (step.on === 'one') for (const { kind } of step.resources) count(counts.hastack, kind, 1);
      if (step.on === 'members') count(counts.hastack, 'member', step.group.hosts.length);
    }
  }
}

function count(counts, kind, by) {
  counts[kind] = (counts[kind] ?? 0) + by;
}

function write(directory, host, { path, content }) {
  save(join(directory, 'files', host, path), content);
}

function save(file, content) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, content, { mode: 0o600 });
}
