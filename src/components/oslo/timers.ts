// Timers as the hosts will have them: what a component renders and, over it, what the spec says under `config:`.
// Failure rules read them here, so that a prediction changes with the option. Where hosts differ the largest value
// counts: whoever waits longest decides. A value that is no number is left to the service and not reckoned with.
import type { Cluster } from '../../model/cluster.ts';

/** nova.conf report_interval and service_down_time, seconds: six reports may be lost before a host counts as down. */
export const REPORTS = { interval: 10, downAfter: 60 } as const;

export interface OptionName {
  /** Base name, as under `config:`. */
  readonly file: string;
  readonly section: string;
  readonly option: string;
}

export interface TimerContext {
  readonly cluster: Pick<Cluster, 'overrides' | 'hosts'>;
}

/** The option as each host has it, where the spec changes it. `sameName`: spellings that mean the same option. */
export function overriddenValues(
  { cluster }: TimerContext,
  { file, section, option }: OptionName,
  sameName: (name: string) => string = (name) => name,
): readonly unknown[] {
  const { all, hosts } = cluster.overrides;
  const own = (files: typeof all | undefined): unknown =>
    Object.entries(files?.[file]?.[section] ?? {}).find(([name]) => sameName(name) === sameName(option))?.[1];
  const values = cluster.hosts.map(({ name }) => own(hosts[name]) ?? own(all));
  return [...new Set(values.filter((value) => value !== undefined && value !== null))];
}

/** Seconds, milliseconds or whatever the option counts in. */
export function timer(ctx: TimerContext, name: OptionName, rendered: number): number {
  const values = overriddenValues(ctx, name)
    .map((value) => (typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value)))
    .filter((value) => Number.isFinite(value) && value >= 0);
  const everywhere = Object.hasOwn(ctx.cluster.overrides.all[name.file]?.[name.section] ?? {}, name.option);
  return Math.max(...values, ...(everywhere && values.length > 0 ? [] : [rendered]));
}
