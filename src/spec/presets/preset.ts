// What a preset is: which services run on which roles, and the commented spec that `hastack init` writes.
import type { Role, ServiceOptions } from '../../model/cluster.ts';
import { isDeployable } from '../services.ts';
import type { ServiceName } from '../services.ts';
import type { PresetName } from './names.ts';

/** What `hastack init` may ask; everything has a default. */
export interface InitAnswers {
  readonly cluster?: string;
  /** CIDR of the management network. */
  readonly management?: string;
  /** CIDR of the data network. */
  readonly data?: string;
  /** Name users type for the public VIP. */
  readonly publicName?: string;
  /** age recipients for secrets and state. */
  readonly recipients?: readonly string[];
}

/** Roles in order of preference: a service runs on the hosts with the first of them that any host has. */
export type Placement = readonly Role[];

export interface Preset {
  readonly name: PresetName;
  readonly title: string;
  readonly engine: 'keepalived' | 'pacemaker';
  readonly services: Readonly<Partial<Record<ServiceName, Placement>>>;
  /** Options its services have unless the spec says otherwise. */
  readonly options?: Readonly<Partial<Record<ServiceName, ServiceOptions>>>;
  /** Whether this version can `apply` it: at least its control plane. */
  readonly deployable: boolean;
  /** What it lacks besides services that are not deployable yet. */
  readonly lacks?: readonly string[];
  /** Rules whose findings in what is rendered are inherent to the shape, each with the reason. */
  readonly inherent?: Readonly<Record<string, string>>;
  readonly text: (answers: InitAnswers) => string;
}

export function servicesOf(preset: Preset): readonly ServiceName[] {
  return Object.keys(preset.services) as readonly ServiceName[];
}

/** Services of the preset that this version does not deploy. */
export function missingServices(preset: Preset): readonly ServiceName[] {
  return servicesOf(preset).filter((service) => !isDeployable(service));
}

const ON_CONTROL: Placement = ['control'];
const ON_BALANCERS: Placement = ['balancer', 'control'];

/** Where things run unless a preset says otherwise. */
export const CONTROL_PLANE = {
  galera: ['database', 'control'],
  rabbitmq: ['messaging', 'control'],
  memcached: ON_CONTROL,
  haproxy: ON_BALANCERS,
  keepalived: ON_BALANCERS,
  keystone: ON_CONTROL,
} as const satisfies Preset['services'];

export const CLOUD_SERVICES = {
  glance: ON_CONTROL,
  placement: ON_CONTROL,
  nova: ON_CONTROL,
  neutron: ['network', 'control'],
  cinder: ON_CONTROL,
  horizon: ON_CONTROL,
} as const satisfies Preset['services'];
