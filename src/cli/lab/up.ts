// hastack lab up: boots a twin of every host of the spec on this machine. Run again, it goes on where it stopped.
import type { Cluster } from '../../model/cluster.ts';
import { command, toggle } from '../command.ts';
import type { Call } from '../command.ts';
import { specArgument } from '../spec-argument.ts';
import { openTwins, report, statusText } from './twins.ts';

interface UpFlags {
  readonly bare?: boolean;
  readonly memory?: number;
  readonly disk?: number;
}

export const labUpCommand = command<UpFlags, [string]>({
  brief: 'Boot a twin of every host on this machine',
  usage: '[--bare] [--memory MIB] [--disk GIB] [SPEC]',
  description: [
    'Makes a network namespace with the networks of the spec and boots a twin of every host in it: a real systemd, the',
    'addresses of the spec, SSH with its own key. This machine and its networks stay as they are. Needs root.',
    'Where twins differ from real servers is printed.',
  ].join('\n'),
  examples: [
    { command: 'hastack lab up', does: 'twins of ./cluster.yaml, packages already in their image' },
    { command: 'hastack lab up --bare', does: 'empty Debian: the deployment installs everything from apt' },
  ],
  uses: ['state'],
  flags: {
    bare: toggle('Twins without packages: the deployment installs them from apt'),
    memory: { kind: 'parsed', parse: parseAmount, optional: true, placeholder: 'MIB', brief: 'Memory of each twin' },
    disk: { kind: 'parsed', parse: parseAmount, optional: true, placeholder: 'GIB', brief: 'Disk of each twin' },
  },
  positional: { kind: 'tuple', parameters: [specArgument] },
  run: labUpOf,
});

function parseAmount(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error('is not a whole number above 0');
  return Number(text);
}

async function labUpOf(call: Call<UpFlags>, spec: string): Promise<void> {
  const [{ labUp }, { labStatus }] = await Promise.all([import('../../lab/up.ts'), import('../../lab/status.ts')]);
  const { cluster, options } = await openTwins(call, spec);
  const { bare, memory, disk } = call.flags;
  const lab = await labUp({
    ...options,
    packages: await packagesOf(cluster),
    bare: bare ?? false,
    ...(memory === undefined ? {} : { memoryMiB: memory }),
    ...(disk === undefined ? {} : { diskGiB: disk }),
  });
  const status = await labStatus(lab);
  report(call, status, statusText(status));
}

/** Everything any host will need, so that the image has it and deployments are fast. */
export async function packagesOf(cluster: Cluster): Promise<readonly string[]> {
  const [{ allPackages, clusterComponents }, { COMPONENTS }] = await Promise.all([
    import('../../phases/desired.ts'),
    import('../../components/registry.gen.ts'),
  ]);
  return allPackages(clusterComponents(cluster, COMPONENTS));
}
