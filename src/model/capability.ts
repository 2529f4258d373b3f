// What a user of the cloud can do; used by simulate, drill and the dashboard.
export const CAPABILITIES = [
  'identity',
  'dashboard',
  'images',
  'instances',
  'volumes',
  'disk-io',
  'console',
  'north-south',
  'east-west',
  'orchestration',
  'object-storage',
  'metering',
  'load-balancer',
  'instance-survival',
] as const;

export type Capability = (typeof CAPABILITIES)[number];
