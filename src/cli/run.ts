// Runs the program on a list of arguments and returns the exit code of ARCHITECTURE.md rule 6.
// stricli's own messages (unknown command, unknown flag) are caught and become HastackError `usage`, so that
// all errors look alike, in text and in JSON.
import { proposeCompletions, run } from '@stricli/core';
import type { Application } from '@stricli/core';

import { exitCodeOf, HastackError } from '../model/error.ts';
import { wantsColour } from '../render/style.ts';
import { buildApp } from './app.ts';
import { hoistGlobalFlags, presentationOf } from './arguments.ts';
import type { CliContext, Completion } from './command.ts';
import { errorDocument, errorText } from './errors.ts';
import type { World } from './world.ts';

export async function runCli(argv: readonly string[], world: World): Promise<number> {
  const presentation = presentationOf(argv);
  const color = wantsColor(world, presentation.noColor);
  const error = await runApp(argv, { world, color });
  if (typeof error === 'number') return error;
  const exitCode = presentation.everyErrorIsOne ? 1 : exitCodeOf(error);
  if (presentation.json) world.stdout.write(`${JSON.stringify(errorDocument(error, exitCode))}\n`);
  else world.stderr.write(errorText(error, { color, verbose: presentation.verbose }));
  return exitCode;
}

/** Completions for the last of `words` (may be empty), given those before it. */
async function complete(words: readonly string[], world: World): Promise<readonly Completion[]> {
  const context = contextOf(words, { world, color: false, stderr: { write: () => undefined } });
  const all = await proposeCompletions(buildApp({ color: false, version: world.version }), words, {
    ...context,
    words,
  });
  // Flags only when one is begun: they would hide hosts, presets and the shell's own file names.
  return (words.at(-1) ?? '').startsWith('-') ? all : all.filter(({ completion }) => !completion.startsWith('-'));
}

/** Colour on a terminal, unless the user does not want it (https://no-color.org). */
function wantsColor(world: World, noColor: boolean): boolean {
  const request = { isTty: world.stdout.isTTY, noColor: world.env['NO_COLOR'], off: noColor };
  return world.env['TERM'] !== 'dumb' && wantsColour(request);
}

interface Settings {
  readonly world: World;
  readonly color: boolean;
}

/** The exit code, or the error that ended the command. */
async function runApp(argv: readonly string[], settings: Settings): Promise<unknown> {
  const { world, color } = settings;
  const messages: string[] = [];
  const context = contextOf(argv, { ...settings, stderr: { write: (text: string) => void messages.push(text) } });
  const app: Application<CliContext> = buildApp({ color, version: world.version });
  await run(app, hoistGlobalFlags(argv), context);

  const { outcome } = context;
  if (outcome.error !== undefined) return outcome.error;
  const code = context.process.exitCode ?? 0;
  if (code === 0) return outcome.exitCode;
  const text = messages.join('').trim();
  if (code === UNKNOWN_COMMAND || code === INVALID_ARGUMENT) return usageError(text, argv);
  return new Error(text);
}

// Of stricli's ExitCode; its other negative codes are bugs of ours.
const UNKNOWN_COMMAND = -5;
const INVALID_ARGUMENT = -4;

function usageError(text: string, argv: readonly string[]): HastackError {
  const words = hoistGlobalFlags(argv).filter((word) => !word.startsWith('-'));
  const route = words[0] === 'lab' ? words.slice(0, 2) : words.slice(0, 1);
  const known = !text.startsWith('unknown command');
  const page = known ? ['hastack', ...route] : ['hastack', ...route.slice(0, -1)];
  return new HastackError({
    code: 'usage',
    message: text,
    hint: `\`${page.join(' ')} --help\` shows what can be written`,
  });
}

type Capture = { readonly stderr: { write(text: string): void } };

function contextOf(
  argv: readonly string[],
  settings: Settings & Capture,
): CliContext & { process: { exitCode?: number } } {
  const { world, color, stderr } = settings;
  const depth = () => (color ? 8 : 1);
  return {
    process: {
      stdout: { write: (text) => world.stdout.write(text), getColorDepth: depth },
      // Never coloured: what stricli says here becomes the message of a HastackError.
      stderr: { ...stderr, getColorDepth: () => 1 },
    },
    world,
    color,
    words: [],
    argv,
    complete: (words) => complete(words, world),
    outcome: { exitCode: 0 },
  };
}
