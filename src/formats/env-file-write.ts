// Writes KEY="value" files (/etc/default/*, EnvironmentFile=, openrc) from the section '' of a ConfigTree.
//
// The quoting means the same to a shell and to systemd: double quotes, with \ before " \ ` and $.
// Manual: systemd.exec(5), EnvironmentFile=
import { flatOptions, onlySection, scalarText, unwritable } from './config-tree.ts';
import type { ConfigTree } from './config-tree.ts';

const FORMAT = 'an environment file';

export interface EnvFileStyle {
  /** `export KEY="value"`, for files that a shell reads (`openrc`); systemd refuses it. */
  readonly exported?: boolean;
}

export function writeEnvFile(tree: ConfigTree, style: EnvFileStyle = {}): string {
  const prefix = style.exported === true ? 'export ' : '';
  return flatOptions(onlySection(tree, FORMAT))
    .map(({ key, value }) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) {
        throw unwritable(FORMAT, `\`${key}\``, 'a variable has letters, digits and _ only');
      }
      const text = scalarText(value, { yes: 'yes', no: 'no' });
      if (/[\0\r]/.test(text)) throw unwritable(FORMAT, `\`${key}\``, 'the value has a control character');
      return `${prefix}${key}="${text.replaceAll(/["\\`$]/g, '\\$&')}"\n`;
    })
    .join('');
}
