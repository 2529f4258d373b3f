// How a unit is kept from starting before it is configured (decision 8): a drop-in whose condition is never true,
// written before the package is installed and removed by the unit kind. Not a mask: packages (keystone among them)
// call `systemctl enable` while they are installed, which fails for a masked unit and leaves dpkg half done.
// A start of a held unit does nothing and succeeds, also at boot. Source: systemd.unit(5), Conditions.
import { sh } from '../remote/shell.ts';

/** With the suffix that systemctl lets one leave out. */
export function fullUnitName(name: string): string {
  return /\.(service|socket|timer|target|mount|path|slice|device|automount|swap)$/.test(name)
    ? name
    : `${name}.service`;
}

export function holdPath(name: string): string {
  return `/etc/systemd/system/${fullUnitName(name)}.d/00-hastack-hold.conf`;
}

/** Shell function `hold_unit <unit>`. */
export const HOLD_FUNCTION = `hold_unit() {
  mkdir -p "/etc/systemd/system/$1.d"
  printf '%s\\n' '# Written by hastack, which removes it when the unit is configured.' '[Unit]' 'ConditionPathExists=!/' \\
    >"/etc/systemd/system/$1.d/00-hastack-hold.conf"
}`;

/** Lets a unit start; a mask goes as well. */
export function releaseScript(name: string): string {
  const path = holdPath(name);
  return sh`rm -f -- ${path}; rmdir -- ${path.slice(0, path.lastIndexOf('/'))} 2>/dev/null || :
systemctl --quiet unmask -- ${name} </dev/null 2>&1`;
}
