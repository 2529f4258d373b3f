// hastack backup: databases, keys, definitions and the operator's state, encrypted, whole or not at all.
import { join } from 'node:path';
import { formatDuration } from '../lib/text.ts';
import type { BackupResult } from '../flows/backup.ts';
import { command, toggle } from './command.ts';
import type { Call } from './command.ts';
import { eventOutput } from './event-output.ts';
import { identityText } from './identity-text.ts';
import { prepareRun } from './run-input.ts';
import { specArgument } from './spec-argument.ts';
import { HastackError } from '../model/error.ts';

interface BackupFlags {
  readonly to?: string;
  readonly keep?: number;
  readonly verify?: boolean;
  readonly from?: string;
  readonly identity?: string;
}

const KEEP = 7;

export const backupCommand = command<BackupFlags, [string]>({
  brief: 'Back up databases, keys, definitions and the state',
  usage: '[--to DIR] [--keep N] [--verify [--from DIR]] [--lab] [SPEC]',
  description: [
    'Reads the databases on a member that is not the writer, the definitions of the message broker, the northbound',
    'database of OVN, the keys of Keystone and the state of the operator, and writes them into a new directory, encrypted',
    'with age for everybody who can read the secrets. A backup that was cut off is never taken for a whole one.',
    'With --verify it is restored into a MariaDB of its own on a host, compared table by table and checked.',
    'Exit 1 when a backup did not verify.',
  ].join('\n'),
  examples: [
    { command: 'hastack backup --to /srv/backups', does: 'takes one and keeps the last seven' },
    { command: 'hastack backup --verify', does: 'takes one and proves that it can be restored' },
    { command: 'hastack backup --verify --from /srv/backups', does: 'proves the newest one there and takes none' },
  ],
  uses: ['lab', 'state'],
  flags: {
    to: text('DIR', 'Where backups are; `backups` in the state directory unless given'),
    keep: {
      kind: 'parsed',
      parse: parseKeep,
      optional: true,
      placeholder: 'N',
      brief: `How many stay; ${KEEP} unless given`,
    },
    verify: toggle('Restore it into a place of its own and compare'),
    from: text('DIR', 'With --verify: this backup, or the newest in this directory; none is taken'),
    identity: text('FILE', 'age identity to read it with; that of the state directory unless given'),
  },
  positional: { kind: 'tuple', parameters: [specArgument] },
  run: backup,
});

async function backup(call: Call<BackupFlags>, spec: string): Promise<number> {
  const { flags, world } = call;
  if (flags.from !== undefined && flags.verify !== true) {
    throw new HastackError({
      code: 'usage',
      message: '--from names a backup to verify',
      hint: 'say --verify --from DIR; to bring one back: `hastack restore --from DIR`',
    });
  }
  const output = await eventOutput({ ...call, flags: { ...flags, json: false } });
  try {
    const emit = flags.json ? () => undefined : output.emit;
    const prepared = await prepareRun(call, { spec, command: 'backup', emit });
    if ('entered' in prepared) return prepared.entered;
    const { input } = prepared;
    const { backupFlow } = await import('../flows/backup.ts');
    const result = await backupFlow(input, {
      to: flags.to ?? join(input.stateRoot, 'backups'),
      keep: flags.keep ?? KEEP,
      verify: flags.verify ?? false,
      from: flags.from,
      // Made by the run itself when this is the first one of a cluster: there is nothing to verify then.
      identity: flags.verify ? await identityText(call, input.stateRoot) : '',
      version: await world.version(),
    });
    output.close();
    world.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : backupText(result));
    return result.ok ? 0 : 1;
  } finally {
    output.close();
  }
}

export function backupText({ directory, parts, verified, removed, seconds }: BackupResult): string {
  const size = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    ...parts.map(({ name, title, host, bytes, seconds: took }) => {
      const where = host === undefined ? '' : ` from ${host}`;
      return `${name.padEnd(12)} ${title}${where}, ${megabytes(bytes)}, ${formatDuration(took)}`;
    }),
    ...verified.map(({ name, ok, detail }) => `${ok ? 'verified' : 'FAILED  '} ${name}: ${detail}`),
    ...removed.map((name) => `removed an older one: ${name}`),
    `${directory}: ${megabytes(size)}, ${formatDuration(seconds)}`,
    '',
  ].join('\n');
}

function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function parseKeep(word: string): number {
  const count = Number(word);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new Error('a number of at least 1');
}

function text(placeholder: string, brief: string) {
  return { kind: 'parsed', parse: (word: string) => word, optional: true, placeholder, brief } as const;
}
