// Into an instance over the system's OpenSSH client, as its user goes in: one command per connection, with the key
// that was made for it. The instance made its own host key when it booted, which nobody can know beforehand: it is
// taken as it comes, and never kept. Nothing of the user's own ssh configuration or agent is used.
// An unreachable instance is a value with ssh's words (exit status 255). Manuals: ssh(1), ssh-keygen(1).
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HastackError } from '../model/error.ts';

export interface GuestTarget {
  readonly address: string;
  readonly user: string;
  /** Address of an instance to go through. */
  readonly through?: string;
}

export interface GuestCommand {
  readonly text: string;
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

export interface GuestResult {
  /** Of the command; 255 when ssh did not get there, 124 when the time was up. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface GuestAccess {
  readonly publicKey: string;
  run(target: GuestTarget, command: GuestCommand): Promise<GuestResult>;
  /** Removes the key. */
  close(): void;
}

const CONNECT_SECONDS = 5;

/** Makes a key pair in a directory of its own. */
export async function guestAccess(directory: string, comment: string): Promise<GuestAccess> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const key = join(directory, 'id_ed25519');
  const made = await finish('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', key], {
    text: '',
    timeoutSeconds: 30,
  });
  if (made.code !== 0) {
    throw new HastackError({
      code: 'environment',
      message: `ssh-keygen made no key: ${made.stderr.trim()}`,
      hint: 'install openssh-client',
    });
  }
  return {
    publicKey: readFileSync(`${key}.pub`, 'utf8').trim(),
    run: (target, command) => finish('ssh', [...sshArguments(key, target), command.text], command),
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}

export function sshArguments(key: string, { address, user, through }: GuestTarget): readonly string[] {
  const options = ['-F', 'none', '-i', key, ...OPTIONS.flatMap((option) => ['-o', option])];
  // %-signs are ssh's own in a proxy command; the words are a path, numbers and names of our making.
  const jump = [...options, '-W', '[%h]:%p', '-l', user, through ?? ''].map(word).join(' ');
  return ['-T', ...options, ...(through === undefined ? [] : ['-o', `ProxyCommand=ssh ${jump}`]), '-l', user, address];
}

const OPTIONS = [
  'IdentitiesOnly=yes',
  'IdentityAgent=none',
  'BatchMode=yes',
  'StrictHostKeyChecking=no',
  'UserKnownHostsFile=/dev/null',
  'LogLevel=ERROR',
  'ForwardAgent=no',
  `ConnectTimeout=${CONNECT_SECONDS}`,
  'ServerAliveInterval=5',
  'ServerAliveCountMax=3',
] as const;

function word(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function finish(program: string, argv: readonly string[], command: GuestCommand): Promise<GuestResult> {
  command.signal?.throwIfAborted();
  const late = AbortSignal.timeout(command.timeoutSeconds * 1000);
  const end = command.signal === undefined ? late : AbortSignal.any([late, command.signal]);
  // A group of its own: a proxy command ends with it.
  const child = spawn(program, argv, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, LC_ALL: 'C' },
  });
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  end.addEventListener('abort', kill, { once: true });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text.stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text.stderr += part));
  return new Promise((resolve, reject) => {
    const settle = (code: number, said = text): void => {
      end.removeEventListener('abort', kill);
      if (command.signal?.aborted === true) reject(command.signal.reason as Error);
      else resolve({ ...said, code: late.aborted ? 124 : code });
    };
    child.once('error', (error) => settle(127, { ...text, stderr: error.message }));
    child.once('close', (code) => settle(code ?? 137));
  });
}
