// Every kind of resource by name; the engine is given this map and knows no kind itself.
import type { ResourceKind } from '../model/resource.ts';

export const resourceKinds: ReadonlyMap<string, ResourceKind<unknown, unknown>> = new Map<
  string,
  ResourceKind<unknown, unknown>
>();
