// All samples, by rule.
import { GALERA } from './galera.samples.ts';
import { HAPROXY } from './haproxy.samples.ts';
import { KEEPALIVED } from './keepalived.samples.ts';
import { MESSAGING } from './messaging.samples.ts';
import { OPENSTACK } from './openstack.samples.ts';
import { PACEMAKER } from './pacemaker.samples.ts';
import type { Samples } from './sample.ts';
import { STORAGE } from './storage.samples.ts';
import { TYPOS } from './typos.samples.ts';

export const SAMPLES: Samples = {
  ...KEEPALIVED,
  ...HAPROXY,
  ...GALERA,
  ...MESSAGING,
  ...PACEMAKER,
  ...OPENSTACK,
  ...STORAGE,
  ...TYPOS,
};
