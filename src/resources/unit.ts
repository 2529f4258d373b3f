// systemd units: released, enabled and running with the present configuration, or disabled and stopped.
// What proves "with the present configuration" is the stamp (see model/unit.ts). A unit of a member group is only
// released and enabled here: its starts and restarts are the group's.
// On failure the last lines of its journal are shown. Source: systemctl(1), systemd.unit(5).
import type { Difference, Reading, Resource, ResourceId, ResourceKind } from '../model/resource.ts';
import { UNIT_KIND } from '../model/unit.ts';
import type { UnitDesired } from '../model/unit.ts';
import { known, unknown, whole } from './reading.ts';
import { applyUnitScript, readUnitsScript, unitTimeout } from './unit-scripts.ts';

export interface UnitState {
  readonly loadState: string;
  readonly activeState: string;
  readonly subState: string;
  readonly unitFileState: string;
  readonly invocationId: string;
  readonly needDaemonReload: boolean;
  /** Kept from starting until it is configured. */
  readonly held: boolean;
  /** Content of the stamp; absent: never started by hastack, or changed since. */
  readonly stamp?: string;
}

/** Enabled, active and restarted when its configuration changes, unless the options say otherwise. */
export function unit(
  name: string,
  options: Partial<Pick<UnitDesired, 'enabled' | 'active' | 'onChange' | 'group' | 'startTimeout'>> = {},
): Resource<UnitDesired> {
  return {
    id: unitId(name),
    kind: UNIT_KIND,
    desired: { name, enabled: true, active: true, onChange: 'restart', ...options },
  };
}

/** What `notifies` of other resources names. */
function unitId(name: string): ResourceId {
  return `${UNIT_KIND}:${name}`;
}

export const unitKind: ResourceKind<UnitDesired, UnitState> = {
  kind: UNIT_KIND,
  read: (items) => ({ text: readUnitsScript(items), timeout: 30 }),
  parse(output, items) {
    if (!whole(output)) return items.map(() => unknown('systemd could not be asked'));
    const blocks = output.split(/^unit .*\n/m).slice(1);
    return items.map((_item, index) => parseUnit(blocks[index] ?? ''));
  },
  diff: diffUnit,
  apply: (desired, _reading, { action }) => ({
    text: applyUnitScript(desired, action),
    timeout: 2 * unitTimeout(desired) + 30,
  }),
};

function parseUnit(block: string): Reading<UnitState> {
  const properties = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  );
  const loadState = properties.get('LoadState');
  if (loadState === undefined) return unknown('systemd did not answer for this unit');
  const stamp = properties.get('Stamp');
  return known({
    loadState,
    activeState: properties.get('ActiveState') ?? 'unknown',
    subState: properties.get('SubState') ?? '',
    unitFileState: properties.get('UnitFileState') ?? '',
    invocationId: properties.get('InvocationID') ?? '',
    needDaemonReload: properties.get('NeedDaemonReload') === 'yes',
    held: properties.get('Held') === 'yes',
    ...(stamp === undefined || stamp === '' ? {} : { stamp }),
  });
}

function diffUnit(desired: UnitDesired, reading: Reading<UnitState>): Difference | undefined {
  if (!reading.known) return { action: 'create', reason: reading.reason };
  const state = reading.state;
  const wanted = desired.enabled || desired.active;
  if (state.loadState === 'not-found') return wanted ? { action: 'create', reason: 'not installed yet' } : undefined;
  const masked = state.loadState === 'masked' || state.unitFileState.startsWith('masked');
  if (masked && wanted) return { action: 'create', reason: 'masked' };
  if (state.held && wanted) return { action: 'create', reason: 'held until it is configured' };
  const reasons = [...enabledReasons(desired, state, masked), ...activeReasons(desired, state)];
  if (state.needDaemonReload) reasons.push('its unit file changed since systemd read it');
  const stale = staleReason(desired, state);
  if (stale !== undefined) {
    const action = desired.onChange === 'reload' ? 'update' : 'restart';
    return { action, reason: [...reasons, stale].join(', ') };
  }
  return reasons.length === 0 ? undefined : { action: 'update', reason: reasons.join(', ') };
}

/** States other than these (static, indirect, generated, alias) cannot be changed by enable and disable. */
function enabledReasons(desired: UnitDesired, state: UnitState, masked: boolean): readonly string[] {
  const file = state.unitFileState;
  if (desired.enabled) return file === 'disabled' || file === 'enabled-runtime' ? ['not enabled at boot'] : [];
  return !masked && (file === 'enabled' || file === 'enabled-runtime') ? ['enabled at boot'] : [];
}

function activeReasons(desired: UnitDesired, state: UnitState): string[] {
  const active =
    state.activeState === 'active' || state.activeState === 'reloading' || state.activeState === 'refreshing';
  if (desired.active === active) return [];
  if (!desired.active && (state.activeState === 'inactive' || state.activeState === 'failed')) return [];
  return [
    state.subState === '' || state.subState === state.activeState
      ? state.activeState
      : `${state.activeState} (${state.subState})`,
  ];
}

/** Running, but with an older configuration. A unit that does not run is started anyway. */
function staleReason(desired: UnitDesired, state: UnitState): string | undefined {
  const running = desired.active && state.activeState === 'active';
  if (!running || desired.onChange === 'nothing' || desired.configHash === undefined) return undefined;
  if (state.stamp === desired.configHash) return undefined;
  const verb = desired.onChange === 'reload' ? 'reload' : 'restart';
  return state.stamp === undefined
    ? `${verb}: not known to run with the present configuration`
    : `${verb}: configuration changed`;
}
