// Services on top: dashboard, orchestration, metering, load balancers.
import { atLeast } from '../../model/failure.ts';
import type { PlacedRule } from '../../model/failure.ts';
import { api, placed, worker } from './context.ts';
import type { RuleContext } from './context.ts';

export function gnocchi(ctx: RuleContext): readonly PlacedRule[] {
  return [
    api(
      ctx,
      { id: 'gnocchi', title: 'Gnocchi' },
      {
        requires: ['keystone', 'database', 'valkey'],
        capabilities: ['metering'],
      },
    ),
  ];
}

export function ceilometer(ctx: RuleContext): readonly PlacedRule[] {
  return [
    worker(
      ctx,
      { id: 'ceilometer', title: 'Ceilometer' },
      { requires: ['messaging', 'gnocchi'], capabilities: ['metering'] },
    ),
  ];
}

export function aodh(ctx: RuleContext): readonly PlacedRule[] {
  return [
    api(
      ctx,
      { id: 'aodh', title: 'Aodh' },
      { requires: ['keystone', 'database', 'gnocchi'], capabilities: ['metering'] },
    ),
  ];
}

export function octavia(ctx: RuleContext): readonly PlacedRule[] {
  return [
    api(
      ctx,
      { id: 'octavia-api', title: 'Octavia API' },
      {
        requires: ['keystone', 'database', 'messaging', 'octavia-worker', 'nova-boot'],
        capabilities: ['load-balancer'],
      },
    ),
    worker(ctx, { id: 'octavia-worker', title: 'Octavia worker and health manager' }, {}),
  ];
}

/** One of several keeps the store; who depends on it says so. */
export function valkey(ctx: RuleContext): readonly PlacedRule[] {
  return [
    placed(
      ctx,
      { id: 'valkey', title: 'Valkey' },
      {
        needs: atLeast(1),
        uses: ['internal'],
        interruption: { 'host-power': ctx.silentServer, 'process-frozen': ctx.silentServer },
      },
    ),
  ];
}
