// Services of a cluster: those of its preset that can be deployed, with the user's options and the hosts each runs
// on, and the overrides of configuration files.
import type { Cluster, FileOverrides, Host, OptionValue, ServiceOptions } from '../model/cluster.ts';
import type { Defaults } from './defaults.ts';
import { entriesOf, own, withoutUndefined } from './lookup.ts';
import { servicesOf } from './presets/preset.ts';
import type { Placement, Preset } from './presets/preset.ts';
import { CLOUD_SERVICES, HOST_SERVICES, SERVICE_NAMES, isDeployable } from './services.ts';
import type { ServiceName } from './services.ts';
import type { ClusterSpec, FilesSpec } from './schema.ts';
import { profileOptions } from './tuning.ts';
import type { Profile } from './tuning.ts';

export interface ServicesInput {
  readonly spec: ClusterSpec;
  readonly preset: Preset;
  readonly hosts: readonly Host[];
  readonly tuning: Profile;
  readonly defaults: Defaults;
  /** Also those that this version does not deploy: for what is asked before anything is installed. */
  readonly planned?: boolean;
}

export function resolveServices(input: ServicesInput): Cluster['services'] {
  const { spec, preset, hosts, tuning, defaults, planned } = input;
  const forHosts = HOST_SERVICES.map((name) => [name, optionsOf(spec, name)] as const);
  const placed = wantedServices(spec, preset)
    .filter(
      (name) =>
        planned === true ||
        (isDeployable(name) && !waitsForCompute(spec, hosts, name) && !waitsForStore(spec, preset, name)),
    )
    .map((name): readonly [string, ServiceOptions] => {
      const asked = { ...own(preset.options, name), ...optionsOf(spec, name) };
      const tuned = profileOptions(tuning, name, asked).map(({ option, ...fallback }) => [
        option,
        defaults.take(['services', name, option], undefined, fallback),
      ]);
      const options = { ...asked, ...Object.fromEntries(tuned) };
      const placement = own<Placement>(preset.services, name) ?? ['control'];
      const why = `the preset ${preset.name} runs it on ${placement.join(', else ')} hosts`;
      const listed = defaults.take(['services', name, 'hosts'], listOf(options['hosts']), {
        value: placedOn(placement, hosts),
        why,
      });
      // In the order of the spec: member lists in files must not depend on how the user sorted this list.
      return [name, { ...options, hosts: hosts.map((host) => host.name).filter((host) => listed.includes(host)) }];
    });
  return Object.fromEntries([...forHosts, ...placed]);
}

/** Every service the spec asks for, by its preset or by name, whether this version deploys it or not. */
function wantedServices(spec: ClusterSpec, preset: Preset): readonly ServiceName[] {
  const inPreset = new Set<string>(servicesOf(preset));
  return SERVICE_NAMES.filter((name) => {
    if ((HOST_SERVICES as readonly string[]).includes(name)) return false;
    const asked = own(spec.services, name);
    return asked === undefined ? inPreset.has(name) : asked !== false;
  });
}

/** Instances need hosts: without any the preset's services for them are left out, unless the spec names them. */
export function waitsForCompute(spec: ClusterSpec, hosts: readonly Host[], name: ServiceName): boolean {
  const named = own(spec.services, name) !== undefined;
  const forInstances = (CLOUD_SERVICES as readonly ServiceName[]).includes(name);
  return forInstances && !named && !hosts.some(({ roles }) => roles.includes('compute'));
}

/** Volumes need a place: without Ceph, a preset's Cinder is left out until the spec says where they are kept. */
export function waitsForStore(spec: ClusterSpec, preset: Preset, name: ServiceName): boolean {
  if (name !== 'cinder' || own(spec.services, name) !== undefined) return false;
  const ceph = own(spec.services, 'ceph');
  return ceph === undefined ? !servicesOf(preset).includes('ceph') : ceph === false;
}

/** Hosts with the first of the roles that any host has. */
function placedOn(placement: Placement, hosts: readonly Host[]): readonly string[] {
  const role = placement.find((candidate) => hosts.some((host) => host.roles.includes(candidate)));
  return hosts.filter((host) => role !== undefined && host.roles.includes(role)).map((host) => host.name);
}

function optionsOf(spec: ClusterSpec, name: ServiceName): ServiceOptions {
  const asked = own(spec.services, name);
  return typeof asked === 'object' ? withoutUndefined(asked) : {};
}

function listOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

export function resolveFiles(config: ClusterSpec['config']): Cluster['overrides'] {
  const { hosts, ...all } = config ?? {};
  const byHost = entriesOf(hosts).map(([host, files]) => [host, filesOf(files)] as const);
  return { all: filesOf(all), hosts: Object.fromEntries(byHost) };
}

export function filesOf(files: FilesSpec): FileOverrides {
  return Object.fromEntries(entriesOf(files).map(([file, sections]) => [file, sectionsOf(sections)]));
}

/** An option that stands where a section would belongs to a file without sections: the section ''. */
function sectionsOf(sections: FilesSpec[string]): FileOverrides[string] {
  const named: Record<string, Record<string, OptionValue | null>> = {};
  const flat: Record<string, OptionValue | null> = {};
  for (const [name, value] of entriesOf(sections)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) named[name] = value;
    else flat[name] = value;
  }
  return Object.keys(flat).length === 0 ? named : { ...named, '': { ...flat, ...named[''] } };
}
