// Every kind of resource by name; the engine is given this map and knows no kind itself.
import type { ResourceKind } from '../model/resource.ts';
import { fileKind } from './file-kind.ts';
import { hostnameKind } from './hostname.ts';
import { packagesKind } from './packages.ts';
import { runKind } from './run.ts';
import { sysctlKind } from './sysctl.ts';
import { unitKind } from './unit.ts';

// A kind is only ever given the desired values of its own resources, so that the map may forget their types.
type AnyKind = ResourceKind<unknown, unknown>;

export const resourceKinds: ReadonlyMap<string, AnyKind> = new Map(
  [
    fileKind as AnyKind,
    hostnameKind as AnyKind,
    packagesKind as AnyKind,
    runKind as AnyKind,
    sysctlKind as AnyKind,
    unitKind as AnyKind,
  ].map((kind) => [kind.kind, kind] as const),
);
