// systemd units: unmasked, enabled and running with the present configuration, or disabled and stopped.
// What proves "with the present configuration" is the stamp (see model/unit.ts). A unit of a member group is only
// unmasked and enabled here: its starts and restarts are the group's.
// On failure the last lines of its journal are shown. Source: systemctl(1), systemd.unit(5).
import type { Resource, ResourceId } from '../model/resource.ts';
import { UNIT_KIND } from '../model/unit.ts';
import type { UnitDesired } from '../model/unit.ts';

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
export function unitId(name: string): ResourceId {
  return `${UNIT_KIND}:${name}`;
}
