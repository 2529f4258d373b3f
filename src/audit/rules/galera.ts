// DB: the Galera cluster. What survives a crash, who forms the quorum, what services may ask of it.
// Manuals: MariaDB and Galera system variables; facts of durability from Jepsen (2026) and crash tests.
import { parseProviderOptions } from '../../formats/wsrep-provider-options.ts';
import type { AuditFile, Estate, HostFacts, Placed } from '../estate.ts';
import { iniOption, lineOf } from '../estate.ts';
import { hit, needsLiveData } from '../rule.ts';
import type { Hit, Rule } from '../rule.ts';

const VARIABLES = 'MariaDB manual: InnoDB and Galera system variables';
const PROVIDER = 'Galera manual: wsrep_provider_options';
const DEFAULT_SUSPECT = 5;
const DEFAULT_INACTIVE = 15;
const DEFAULT_INSTALL = 7.5;
const DEFAULT_MAX_CONNECTIONS = 151;
const SMALL_GCACHE = 512 * 1024 * 1024;

const rules: readonly Rule[] = [
  {
    id: 'DB01', letter: 'C', effect: 'data', source: 'Jepsen, MariaDB Galera Cluster 12.1.2 (2026): committed transactions lost without flush',
    title: 'Commits are not flushed to disk',
    explanation: 'When all members lose power at once, transactions that users saw committed are gone.',
    remediation: 'Write `innodb_flush_log_at_trx_commit = 1`.',
    evaluate: (estate) => value(estate, 'innodb_flush_log_at_trx_commit', (text) => text !== '1' && { message: `innodb_flush_log_at_trx_commit is ${text}`, write: '1' }),
  },
  {
    id: 'DB02', letter: 'H', effect: 'outage', source: 'OpenStack HA guide: quorum; Galera manual: weighted quorum',
    title: 'An even number of members',
    explanation: 'Cut in two halves, no half has a majority: the database stops on both sides.',
    remediation: 'Run three members, or add a garbd as arbitrator.',
    evaluate: (estate) => perMember(estate, (host) => {
      const address = host.mycnf('wsrep_cluster_address');
      const members = membersOf(address);
      const arbitrator = estate.files.some(({ path }) => /garb/.test(path));
      return address === undefined || members.length === 0 || members.length % 2 === 1 || arbitrator ? [] : [at(address, `${members.length} members: ${members.join(', ')}`)];
    }),
  },
  {
    id: 'DB03', letter: 'H', effect: 'outage', source: 'Galera manual: wsrep_cluster_address; comparison of the hosts',
    title: 'Members list different members',
    explanation: 'A member that restarts while the only one it lists is off does not come back.',
    remediation: 'Write all members in wsrep_cluster_address, the same on every host.',
    evaluate: (estate) => {
      const [first, ...others] = addresses(estate);
      return others.filter((each) => membersOf(each).toSorted().join() !== membersOf(first).toSorted().join()).map((each) => at(each, `other members than in ${first?.file.path ?? ''}`));
    },
  },
  {
    id: 'DB04', letter: 'C', effect: 'data', source: 'Galera manual: "gcomm://" forms a new cluster; pc.bootstrap',
    title: 'Each start founds a new cluster',
    explanation: 'The next restart of this member makes a second, empty-handed cluster: data diverges.',
    remediation: 'List the members: `wsrep_cluster_address = gcomm://10.0.0.1,10.0.0.2,10.0.0.3`; bootstrap once by galera_new_cluster.',
    evaluate: (estate) => perMember(estate, (host) => {
      const address = host.mycnf('wsrep_cluster_address');
      const forced = provider(host).find(({ key, text }) => key === 'pc.bootstrap' && /^(?:1|true|yes|on)$/i.test(text));
      return [
        ...(address !== undefined && /^gcomm:\/\/\s*(?:\?|$)/.test(address.option.value) ? [at(address, 'gcomm:// without members')] : []),
        ...(forced === undefined ? [] : [hit(forced.file, forced, 'pc.bootstrap is on for good')]),
      ];
    }),
  },
  {
    id: 'DB05', letter: 'M', effect: 'slow', source: `${PROVIDER}: suspect_timeout <= inactive_timeout`,
    title: 'evs.suspect_timeout above evs.inactive_timeout',
    explanation: 'The suspicion never counts: a dead member is dropped at another time than the file says.',
    remediation: 'Keep keepalive_period <= inactive_check_period <= suspect_timeout <= inactive_timeout (defaults 1, 0.5, 5, 15 s).',
    evaluate: (estate) => perMember(estate, (host) => {
      const suspect = provider(host).find(({ key }) => key === 'evs.suspect_timeout');
      const inactive = duration(host, 'evs.inactive_timeout', DEFAULT_INACTIVE);
      return suspect === undefined || !(isoSeconds(suspect.text) > inactive) ? [] : [hit(suspect.file, suspect, `suspect_timeout ${suspect.text} is above inactive_timeout (${inactive} s)`)];
    }),
  },
  {
    id: 'DB06', letter: 'H', effect: 'outage', source: 'MDEV-38920',
    title: 'Equal suspect and inactive time-outs above the install time-out',
    explanation: 'One power failure can make every member non-primary: the database stops and does not heal.',
    remediation: 'Keep suspect_timeout well below inactive_timeout, and install_timeout above suspect_timeout.',
    evaluate: (estate) => perMember(estate, (host) => {
      const suspect = provider(host).find(({ key }) => key === 'evs.suspect_timeout');
      const seconds = duration(host, 'evs.suspect_timeout', DEFAULT_SUSPECT);
      const same = seconds === duration(host, 'evs.inactive_timeout', DEFAULT_INACTIVE);
      return suspect === undefined || !same || duration(host, 'evs.install_timeout', DEFAULT_INSTALL) >= seconds ? [] : [hit(suspect.file, suspect, 'suspect_timeout equals inactive_timeout and install_timeout is smaller')];
    }),
  },
  {
    id: 'DB07', letter: 'C', effect: 'outage', source: 'oslo.db max_pool_size, max_overflow; MariaDB max_connections',
    title: 'Fewer database connections than services may open',
    explanation: 'After a failover all services reconnect to one member: it refuses the rest with "Too many connections".',
    remediation: 'Raise max_connections above the sum, or lower max_pool_size, max_overflow and the workers.',
    evaluate: (estate) => poolFaults(estate),
  },
  {
    id: 'DB08', letter: 'H', effect: 'errors', source: 'MariaDB wait_timeout; oslo.db connection_recycle_time (3600 s)',
    title: 'The server closes connections that services still keep',
    explanation: 'Requests fail now and then with "MySQL server has gone away".',
    remediation: 'Write wait_timeout above the connection_recycle_time of all services.',
    evaluate: (estate) => estate.hosts.flatMap((host) => {
      const wait = host.mycnf('wait_timeout');
      const recycles = estate.of('oslo').flatMap((file) => iniOption(file.document, 'database', 'connection') === undefined ? [] : [Number(iniOption(file.document, 'database', 'connection_recycle_time')?.value ?? 3600)]);
      const longest = Math.max(...recycles);
      return wait === undefined || !(Number(wait.option.value) < longest) || recycles.length === 0 ? [] : [at(wait, `wait_timeout ${wait.option.value} s is below connection_recycle_time ${longest} s`)];
    }),
  },
  {
    id: 'DB09', letter: 'H', effect: 'errors', source: 'Galera manual: rsync and mysqldump block the donor',
    title: 'A blocked donor counts as available',
    explanation: 'While a member is rebuilt, the donor gets requests and does not answer them.',
    remediation: 'Use mariabackup, or call clustercheck with AVAILABLE_WHEN_DONOR=0.',
    evaluate: (estate) => estate.hosts.flatMap((host) => host.of('env').flatMap((file) => {
      const option = file.document.options.findLast(({ key, value: text }) => key === 'AVAILABLE_WHEN_DONOR' && text === '1');
      const method = host.mycnf('wsrep_sst_method')?.option.value ?? 'rsync';
      return option === undefined || /mariabackup|xtrabackup/.test(method) ? [] : [hit(file, option, `donors serve, and ${method} blocks them`)];
    })),
  },
  {
    id: 'DB10', letter: 'M', effect: 'slow', source: 'Galera manual: state snapshot transfers (blocking methods)',
    title: 'State transfer by rsync or mysqldump',
    explanation: 'The donor is blocked for as long as a member is rebuilt: of three members one serves.',
    remediation: 'Write `wsrep_sst_method = mariabackup`.',
    evaluate: (estate) => value(estate, 'wsrep_sst_method', (text) => /^(?:rsync|mysqldump)/.test(text) && { message: `wsrep_sst_method is ${text}`, write: 'mariabackup' }),
  },
  {
    id: 'DB11', letter: 'M', effect: 'slow',
    title: 'A small write-set cache',
    explanation: 'A member that was away for maintenance needs a full copy instead of the last changes.',
    remediation: 'Write gcache.size=1G or more in wsrep_provider_options.',
    evaluate: (estate) => perMember(estate, (host) => provider(host).filter(({ key, text }) => key === 'gcache.size' && bytes(text) < SMALL_GCACHE).map((option) => hit(option.file, option, `gcache.size is ${option.text}`))),
  },
  {
    id: 'DB12', letter: 'C', effect: 'data', source: `${VARIABLES}: innodb_doublewrite`,
    title: 'Doublewrite is off',
    explanation: 'A power failure in the middle of a write leaves a torn page that cannot be repaired.',
    remediation: 'Remove innodb_doublewrite, or write `innodb_doublewrite = ON`.',
    evaluate: (estate) => value(estate, 'innodb_doublewrite', (text) => /^(?:0|off)$/i.test(text) && { message: 'innodb_doublewrite is off', write: 'ON' }),
  },
  {
    id: 'DB13', letter: 'H', effect: 'errors', source: 'clustercheck asks the member it runs beside',
    title: 'clustercheck asks another host',
    explanation: 'The proxy learns the state of another member: a broken one gets requests.',
    remediation: 'Write MYSQL_HOST=localhost.',
    evaluate: (estate) => estate.of('env').filter(({ path }) => /clustercheck/.test(path)).flatMap((file) => file.document.options.filter(({ key, value: text }) => key === 'MYSQL_HOST' && !/^(?:localhost|127\.0\.0\.1|::1)$/.test(text)).map((option) => hit(file, option, `asks ${option.value}`))),
  },
  {
    id: 'DB14', letter: 'H', effect: 'data', source: 'Galera manual: system configuration (binlog_format=ROW, innodb_autoinc_lock_mode=2)',
    title: 'A setting that Galera does not support',
    explanation: 'Members diverge or stop with duplicate keys.',
    remediation: 'Write binlog_format = ROW, innodb_autoinc_lock_mode = 2, default_storage_engine = InnoDB.',
    evaluate: (estate) => Object.entries({ binlog_format: 'ROW', innodb_autoinc_lock_mode: '2', default_storage_engine: 'InnoDB' }).flatMap(([key, wanted]) => value(estate, key, (text) => text.toLowerCase() !== wanted.toLowerCase() && { message: `${key} is ${text}`, write: wanted }).filter(({ host }) => estate.hosts.some((each) => each.name === host && isMember(each)))),
  },
  {
    id: 'DB15', letter: 'M', effect: 'errors', source: 'Jepsen (2026): stale reads; oslo.db mysql_wsrep_sync_wait',
    title: 'Reads from other members without waiting for them',
    explanation: 'A service reads what it wrote a moment ago, and does not find it.',
    remediation: 'Write mysql_wsrep_sync_wait = 1 in [database], or remove slave_connection.',
    evaluate: (estate) => estate.of('oslo').flatMap((file) => {
      const reader = iniOption(file.document, 'database', 'slave_connection');
      return reader === undefined || iniOption(file.document, 'database', 'mysql_wsrep_sync_wait') !== undefined ? [] : [hit(file, reader, 'slave_connection without mysql_wsrep_sync_wait')];
    }),
  },
  needsLiveData({
    id: 'DB16', letter: 'C', effect: 'outage', source: 'common cause: one rack, one failure',
    title: 'All members in one failure domain',
    explanation: 'One power or switch failure stops all members.',
    remediation: 'Spread the members over racks.',
  }, 'where the hosts stand (racks, power): `hastack simulate` knows it from a spec', (estate) => addresses(estate).length > 1),
  {
    id: 'DB17', letter: 'M', effect: 'outage', source: 'MariaDB manual: open_files_limit; systemd.exec(5) LimitNOFILE',
    title: 'Too few open files for the connections',
    explanation: 'The server lowers max_connections by itself; after a failover it refuses services.',
    remediation: 'Write LimitNOFILE of at least 5 x max_connections in a drop-in of mariadb.service.',
    evaluate: (estate) => estate.hosts.flatMap((host) => {
      const most = host.mycnf('max_connections');
      const limit = host.of('unit').filter(({ path }) => /mariadb|mysql/.test(path)).map((unit) => iniOption(unit.document, 'Service', 'LimitNOFILE')).findLast((option) => option !== undefined);
      return most === undefined || limit === undefined || !(Number(limit.value.split(':')[0]) < Number(most.option.value) + 10) ? [] : [at(most, `max_connections ${most.option.value}, LimitNOFILE ${limit.value}`)];
    }),
  },
]; // prettier-ignore

export default rules;

function value(
  estate: Estate,
  key: string,
  check: (text: string) => false | { readonly message: string; readonly write: string },
): readonly Hit[] {
  return estate.hosts.flatMap((host) => {
    const found = host.mycnf(key);
    const fault = found !== undefined && check(found.option.value);
    if (found === undefined || fault === false) return [];
    const { file, option } = found;
    const before = lineOf(file, option.line);
    const after = `${before.slice(0, option.valueAt.column - 1)}${fault.write}`;
    const patch =
      option.bare === true || before.includes('#')
        ? {}
        : { patch: { file: file.path, line: option.line, before, after } };
    return [hit(file, option, { message: fault.message, write: `${option.key} = ${fault.write}`, ...patch })];
  });
}

function isMember(host: HostFacts): boolean {
  return host.mycnf('wsrep_cluster_address') !== undefined || host.mycnf('wsrep_on') !== undefined;
}

function perMember(estate: Estate, check: (host: HostFacts) => readonly Hit[]): readonly Hit[] {
  return estate.hosts.filter(isMember).flatMap(check);
}

function addresses(estate: Estate): readonly Placed<'mycnf'>[] {
  return estate.hosts.flatMap((host) => host.mycnf('wsrep_cluster_address') ?? []);
}

function membersOf(address: Placed | undefined): readonly string[] {
  const list = /^gcomm:\/\/([^?]*)/.exec(address?.option.value ?? '')?.[1] ?? '';
  return list.split(',').map((member) => member.trim()).filter((member) => member !== ''); // prettier-ignore
}

function at({ file, option }: Placed, message: string): Hit {
  return hit(file, option, message);
}

interface ProviderEntry {
  readonly file: AuditFile<'mycnf'>;
  readonly key: string;
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** Options of the provider with their places; a value in quotes starts one column later. */
function provider(host: HostFacts): readonly ProviderEntry[] {
  const found = host.mycnf('wsrep_provider_options');
  if (found === undefined) return [];
  const { file, option } = found;
  const quoted = /["']/.test(lineOf(file, option.line)[option.valueAt.column - 1] ?? '') ? 1 : 0;
  return parseProviderOptions(option.value).options.map((each) => ({
    file,
    key: each.key,
    text: each.value,
    line: option.valueAt.line,
    column: option.valueAt.column + quoted + each.offset,
  }));
}

function duration(host: HostFacts, key: string, otherwise: number): number {
  const found = provider(host).findLast((option) => option.key === key);
  return found === undefined ? otherwise : isoSeconds(found.text);
}

/** `PT1M30.5S` in seconds; NaN for anything else. */
function isoSeconds(text: string): number {
  const match = /^P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/i.exec(text);
  if (match === null) return Number(text);
  const [days, hours, minutes, rest] = match.slice(1).map((part) => Number(part ?? 0));
  return (days ?? 0) * 86_400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (rest ?? 0);
}

function bytes(text: string): number {
  const match = /^(\d+)([KMGT]?)$/i.exec(text);
  const power = ' KMGT'.indexOf((match?.[2] ?? '').toUpperCase() || ' ');
  return match === null ? Number.NaN : Number(match[1]) * 1024 ** power;
}

/** The sum over all services of workers x (pool + overflow), for services whose file says how many workers there are. */
function poolFaults(estate: Estate): readonly Hit[] {
  const limits = estate.hosts.flatMap((host) => host.mycnf('max_connections') ?? []);
  let sum = 0;
  for (const file of estate.of('oslo')) {
    if (iniOption(file.document, 'database', 'connection') === undefined) continue;
    const pool = Number(iniOption(file.document, 'database', 'max_pool_size')?.value ?? 5);
    const overflow = Number(iniOption(file.document, 'database', 'max_overflow')?.value ?? 50);
    const workers = [
      'osapi_compute_workers',
      'metadata_workers',
      'api_workers',
      'rpc_workers',
      'workers',
      'osapi_volume_workers',
    ].flatMap((key) => iniOption(file.document, 'DEFAULT', key) ?? []);
    sum +=
      Math.max(
        1,
        workers.reduce((total, option) => total + Number(option.value), 0),
      ) *
      (pool + overflow);
  }
  return limits
    .filter(({ option }) => Number(option.value || DEFAULT_MAX_CONNECTIONS) < sum)
    .map((limit) => at(limit, `max_connections is ${limit.option.value}; the services of these files may open ${sum}`));
}
