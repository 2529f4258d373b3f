// Tuning profiles: `tuning: small | standard | large | vdi`. A profile is nothing but options that anybody could write
// under `services` and `config`, laid below what the spec says itself; `check --explain` lists each with its reason.
// `standard` is what the components render. Values without a stated reason do not belong here.
import type { FileOverrides, OptionValue, ServiceOptions } from '../model/cluster.ts';
import type { Defaults } from './defaults.ts';
import { own } from './lookup.ts';

export const PROFILES = ['small', 'standard', 'large', 'vdi'] as const;
export type Profile = (typeof PROFILES)[number];

interface Reasoned {
  readonly why: string;
  /** Manual that the option and its effect are described in. */
  readonly source: string;
}

export interface ServiceSetting extends Reasoned {
  readonly service: string;
  readonly option: string;
  readonly value: number;
}

export interface FileSetting extends Reasoned {
  readonly file: string;
  readonly section: string;
  readonly option: string;
  readonly value: OptionValue;
}

export interface ProfileSettings {
  readonly services: readonly ServiceSetting[];
  readonly files: readonly FileSetting[];
}

const UWSGI = 'https://uwsgi-docs.readthedocs.io/en/latest/ThingsToKnow.html';
const HAPROXY = 'https://docs.haproxy.org/3.0/management.html';
const MEMCACHED = 'memcached(1)';
const GCACHE = 'https://galeracluster.com/library/documentation/galera-parameters.html';
const BUFFER_POOL = 'https://mariadb.com/kb/en/innodb-buffer-pool/';
const SYSCTL = 'https://docs.kernel.org/networking/ip-sysctl.html';
const NOVA = 'https://docs.openstack.org/nova/2025.1/configuration/config.html';

function workers(count: number, why: string): readonly ServiceSetting[] {
  return ['glance', 'placement', 'nova', 'neutron', 'cinder', 'heat'].map((service) => ({
    service,
    option: 'workers',
    value: count,
    why,
    source: UWSGI,
  }));
}

const SMALL: ProfileSettings = {
  services: [
    ...workers(2, 'few users; every process keeps 100 to 200 MiB'),
    { service: 'memcached', option: 'memory', value: 128, why: 'few tokens at a time', source: MEMCACHED },
    {
      service: 'haproxy',
      option: 'maxConnections',
      value: 8000,
      why: 'few clients; HAProxy keeps buffers of 32 KiB for a connection',
      source: HAPROXY,
    },
  ],
  files: [
    {
      file: 'my.cnf',
      section: 'mariadbd',
      option: 'innodb_buffer_pool_size',
      value: '512M',
      why: 'the tables of a small cloud fit in it, and the services beside it need the memory',
      source: BUFFER_POOL,
    },
  ],
};

const MANY_NEIGHBOURS = 'hosts with many instances and routers know more neighbours than the default of 1024';

const LARGE: ProfileSettings = {
  services: [
    ...workers(8, 'many requests at a time; the pools of connections are shared out among all processes'),
    { service: 'memcached', option: 'memory', value: 2048, why: 'tokens of many users for an hour', source: MEMCACHED },
    {
      service: 'galera',
      option: 'gcache',
      value: 4096,
      why: 'more writes an hour; a member that was away for one still comes back without a full copy',
      source: GCACHE,
    },
    {
      service: 'haproxy',
      option: 'maxConnections',
      value: 40_000,
      why: 'many clients and every pool of every service go through one balancer',
      source: HAPROXY,
    },
  ],
  files: [
    {
      file: 'my.cnf',
      section: 'mariadbd',
      option: 'innodb_buffer_pool_size',
      value: '8G',
      why: 'the tables of thousands of instances stay in memory',
      source: BUFFER_POOL,
    },
    {
      file: 'nova.conf',
      section: 'scheduler',
      option: 'discover_hosts_in_cells_interval',
      value: 300,
      why: 'every scheduler looks through all compute hosts each time, and new ones are rare',
      source: NOVA,
    },
    {
      file: 'nova.conf',
      section: 'filter_scheduler',
      option: 'host_subset_size',
      value: 3,
      why: "several schedulers that all pick the best host get in each other's way",
      source: NOVA,
    },
    {
      file: 'nova.conf',
      section: 'filter_scheduler',
      option: 'shuffle_best_same_weighed_hosts',
      value: true,
      why: 'many hosts are alike: instances spread over all of the best instead of the first one',
      source: NOVA,
    },
    ...Object.entries({ gc_thresh1: 4096, gc_thresh2: 8192, gc_thresh3: 16_384 }).map(([name, value]) => ({
      file: 'sysctl.conf',
      section: '',
      option: `net.ipv4.neigh.default.${name}`,
      value,
      why: MANY_NEIGHBOURS,
      source: SYSCTL,
    })),
  ],
};

const VDI: ProfileSettings = {
  services: [
    ...workers(6, 'desktops are started in the morning, all at once'),
    { service: 'memcached', option: 'memory', value: 1024, why: 'as many log-ins at a time', source: MEMCACHED },
    {
      service: 'haproxy',
      option: 'maxConnections',
      value: 40_000,
      why: 'a console or a portal session is a connection that stays for hours',
      source: HAPROXY,
    },
  ],
  files: [
    {
      file: 'nova.conf',
      section: 'DEFAULT',
      option: 'cpu_allocation_ratio',
      value: 4,
      why: 'people feel it when a desktop waits for a processor; the default of 16 is for servers that idle',
      source: NOVA,
    },
    {
      file: 'nova.conf',
      section: 'DEFAULT',
      option: 'ram_allocation_ratio',
      value: 1,
      why: 'Windows guests use all memory that they have: a host that swaps is slow for all of its users',
      source: NOVA,
    },
    {
      file: 'nova.conf',
      section: 'filter_scheduler',
      option: 'shuffle_best_same_weighed_hosts',
      value: true,
      why: 'desktops that start together spread over all of the best hosts',
      source: NOVA,
    },
  ],
};

export const SETTINGS: Readonly<Record<Profile, ProfileSettings>> = {
  small: SMALL,
  standard: { services: [], files: [] },
  large: LARGE,
  vdi: VDI,
};

/** Options of a service that the profile gives and the spec does not. */
export function profileOptions(profile: Profile, service: string, asked: ServiceOptions): readonly ServiceSetting[] {
  return SETTINGS[profile].services
    .filter((each) => each.service === service && own(asked, each.option) === undefined)
    .map((each) => ({ ...each, why: reason(profile, each.why, each.source) }));
}

/** The files of the spec with the options of the profile that they do not set themselves. */
export function withProfile(profile: Profile, files: FileOverrides, defaults: Defaults): FileOverrides {
  return SETTINGS[profile].files.reduce<FileOverrides>((all, { file, section, option, value, why, source }) => {
    const options = own(own(all, file), section);
    if (options !== undefined && Object.hasOwn(options, option)) return all;
    const at = ['config', file, section, option].filter((part) => part !== '');
    defaults.take<OptionValue>(at, undefined, { value, why: reason(profile, why, source) });
    return { ...all, [file]: { ...own(all, file), [section]: { ...options, [option]: value } } };
  }, files);
}

function reason(profile: Profile, why: string, source: string): string {
  return `tuning ${profile}: ${why} (${source})`;
}
