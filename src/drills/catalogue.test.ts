// The golden list of drills: what each fails, on whom, and how it is measured. A change here is a change of the product.
import { describe, expect, it } from 'vitest';
import { DRILLS } from './catalogue/registry.gen.ts';
import type { Placement } from './drill.ts';

const apart: Placement = { hosts: ['ctl1', 'ctl2', 'ctl3'], vipHolder: 'ctl1', writer: 'ctl3', queueLeader: 'ctl2' };
const together: Placement = { hosts: ['ctl1', 'ctl2', 'ctl3'], vipHolder: 'ctl1', writer: 'ctl1', queueLeader: 'ctl2' };
const ALL = 'http-get token-validate token-issue mariadb-set';
const READS = 'http-get token-validate token-issue';
const QUEUE = 'rabbitmq-publish http-get token-issue';

/** name, fault, component, host hit when roles are apart, probes */
const GOLDEN = [
  ['certificate-expired', 'certificate-expired', 'haproxy', 'ctl1', READS],
  ['controller-off', 'host-power-off', undefined, 'ctl2', ALL],
  ['disk-full', 'disk-full', 'galera', 'ctl2', ALL],
  ['galera-minority-isolated', 'host-isolated', undefined, 'ctl2', ALL],
  ['galera-writer-deaf', 'partition-one-way', undefined, 'ctl3', ALL],
  ['galera-writer-frozen', 'unit-frozen', 'galera', 'ctl3', ALL],
  ['galera-writer-killed', 'process-killed', 'galera', 'ctl3', ALL],
  ['galera-writer-nic-cut', 'nic-cut', undefined, 'ctl3', ALL],
  ['galera-writer-off', 'host-power-off', undefined, 'ctl3', ALL],
  ['haproxy-frozen', 'unit-frozen', 'haproxy', 'ctl1', ALL],
  ['haproxy-killed', 'process-killed', 'haproxy', 'ctl1', ALL],
  ['keepalived-frozen', 'unit-frozen', 'keepalived', 'ctl1', ALL],
  ['keepalived-killed', 'process-killed', 'keepalived', 'ctl1', ALL],
  ['keepalived-stopped', 'unit-stopped', 'keepalived', 'ctl1', ALL],
  ['keystone-drained-stop', 'unit-drained-stopped', 'keystone', 'ctl2', READS],
  ['keystone-frozen', 'unit-frozen', 'keystone', 'ctl2', READS],
  ['keystone-killed', 'process-killed', 'keystone', 'ctl2', READS],
  ['keystone-stop', 'unit-stopped', 'keystone', 'ctl2', READS],
  ['memcached-frozen', 'unit-frozen', 'memcached', 'ctl2', READS],
  ['memcached-killed', 'process-killed', 'memcached', 'ctl2', READS],
  ['network-lossy', 'packet-loss', undefined, 'ctl2', ALL],
  ['rabbitmq-frozen', 'unit-frozen', 'rabbitmq', 'ctl2', QUEUE],
  ['rabbitmq-killed', 'process-killed', 'rabbitmq', 'ctl2', QUEUE],
  ['rabbitmq-leader-off', 'host-power-off', undefined, 'ctl2', `${QUEUE} mariadb-set`],
  ['rabbitmq-partition', 'partition', 'rabbitmq', 'ctl2', QUEUE],
  ['rolling-reboot', 'host-reboot', undefined, 'ctl1', ALL],
  ['vip-deleted', 'vip-deleted', 'keepalived', 'ctl1', ALL],
  ['vip-holder-off', 'host-power-off', undefined, 'ctl1', ALL],
];

describe('the catalogue', () => {
  it('has these drills', () => {
    const all = DRILLS.map(({ name, fault, component, target, probes }) => [
      name,
      fault,
      component,
      target(apart),
      probes.join(' '),
    ]);
    expect(all).toEqual(GOLDEN);
  });

  it.each(DRILLS.map((drill) => [drill.name, drill] as const))('%s is explained and bounded', (_name, drill) => {
    expect(drill.title.length).toBeGreaterThan(5);
    expect(drill.description).toMatch(/^[A-Z].{30,200}\.$/);
    expect(drill.holdAtMostSeconds).toBeGreaterThanOrEqual(drill.holdSeconds);
    expect(drill.healWithinSeconds).toBeLessThanOrEqual(240);
    for (const [probe, limit] of Object.entries(drill.limits({ suspectTimeout: 2 }))) {
      expect(drill.probes).toContain(probe);
      expect(limit.median).toBeLessThanOrEqual(limit.worst);
    }
  });

  it('hits the writer alone only when it is not also the holder of the VIP', () => {
    const writers = DRILLS.filter(({ name }) => name.startsWith('galera-writer'));
    expect(writers.map(({ target }) => target(together))).toEqual(writers.map(() => undefined));
  });
});
