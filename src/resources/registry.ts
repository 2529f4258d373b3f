// Every kind of resource by name; the engine is given this map and knows no kind itself.
import type { ResourceKind } from '../model/resource.ts';
import { cephOsdKind } from './ceph-osd.ts';
import { cephKind } from './ceph.ts';
import { fileKind } from './file-kind.ts';
import { hostnameKind } from './hostname.ts';
import { keystoneKind } from './keystone-kind.ts';
import { mariadbKind } from './mariadb.ts';
import { nftablesKind } from './nftables.ts';
import { ovsKind } from './ovs.ts';
import { packagesKind } from './packages.ts';
import { rabbitKind } from './rabbitmq.ts';
import { runKind } from './run.ts';
import { sysctlKind } from './sysctl.ts';
import { unitKind } from './unit.ts';
import { virtTypeKind } from './virt-type.ts';

// A kind is only ever given the desired values of its own resources, so that the map may forget their types.
type AnyKind = ResourceKind<unknown, unknown>;

const KINDS = [
  cephKind as AnyKind,
  cephOsdKind as AnyKind,
  fileKind as AnyKind,
  hostnameKind as AnyKind,
  keystoneKind as AnyKind,
  mariadbKind as AnyKind,
  nftablesKind as AnyKind,
  ovsKind as AnyKind,
  packagesKind as AnyKind,
  rabbitKind as AnyKind,
  runKind as AnyKind,
  sysctlKind as AnyKind,
  unitKind as AnyKind,
  virtTypeKind as AnyKind,
];

export const resourceKinds: ReadonlyMap<string, AnyKind> = new Map(KINDS.map((kind) => [kind.kind, kind] as const));
