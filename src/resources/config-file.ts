// A configuration file as data: what a component renders, with the user's overrides from `config:` laid over it.
// Overrides name a file by its base name (`nova.conf`) or, where several share one, by its path.
import { writeEnvFile } from '../formats/env-file-write.ts';
import type { ConfigTree } from '../formats/config-tree.ts';
import { writeLibvirtConf } from '../formats/libvirt-conf-write.ts';
import { writeLimitsConf } from '../formats/limits-conf-write.ts';
import { managedHeader } from '../formats/managed-header.ts';
import { writeMyCnf } from '../formats/my-cnf-write.ts';
import { writeIni } from '../formats/oslo-ini-write.ts';
import { mergeOverrides } from '../formats/overrides.ts';
import { writeRabbitmqConf } from '../formats/rabbitmq-conf-write.ts';
import { writeSystemdUnit } from '../formats/systemd-unit-write.ts';
import type { HostContext } from '../model/component.ts';
import type { Resource } from '../model/resource.ts';
import { file } from './file.ts';
import type { FileOptions } from './file.ts';

const WRITERS = {
  ini: writeIni,
  'my-cnf': writeMyCnf,
  rabbitmq: writeRabbitmqConf,
  systemd: writeSystemdUnit,
  env: writeEnvFile,
  limits: writeLimitsConf,
  libvirt: writeLibvirtConf,
} as const satisfies Record<string, (tree: ConfigTree) => string>;

export interface ConfigFileOptions extends Omit<FileOptions, 'content'> {
  readonly format: keyof typeof WRITERS;
  readonly tree: ConfigTree;
  /** Name by which `config:` overrides it; the file's base name unless given. */
  readonly overrideAs?: string;
}

export function configFile(ctx: HostContext, options: ConfigFileOptions): Resource {
  const { format, tree, overrideAs, ...rest } = options;
  const baseName = overrideAs ?? options.path.slice(options.path.lastIndexOf('/') + 1);
  const overrides = { ...ctx.overrides(baseName), ...ctx.overrides(options.path) };
  return file({ ...rest, content: managedHeader('#') + WRITERS[format](mergeOverrides(tree, overrides)) });
}
