// Everything that is read of a host before it is deployed. `LOCAL` is about the host itself, one after another in one
// script; `PROBES` look at its networks and at the other hosts, and run side by side with it.
import type { Reading } from '../model/resource.ts';
import type { ClockFacts } from './clock.ts';
import { disk } from './disk.ts';
import type { Gatherer } from './gatherer.ts';
import { interfaces } from './interfaces.ts';
import { listeners } from './listeners.ts';
import { packageSource } from './package-source.ts';
import { reach } from './reach.ts';
import { resolvers } from './resolvers.ts';
import { system } from './system.ts';
import { vipNeighbours } from './vip-neighbours.ts';
import { vrrp } from './vrrp.ts';

export const LOCAL = { system, disk, interfaces, listeners, resolvers, packages: packageSource } as const;
export const PROBES = { reach, vips: vipNeighbours, vrrp } as const;

type Gatherers = typeof LOCAL & typeof PROBES;
type FactOf<G> = G extends Gatherer<infer T> ? T : never;

export type FactTypes = { readonly [K in keyof Gatherers]: FactOf<Gatherers[K]> } & { readonly clock: ClockFacts };

export type HostFacts = { readonly [K in keyof FactTypes]: Reading<FactTypes[K]> };
