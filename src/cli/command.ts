// How a command is declared: one object with flags, examples and a function that returns its exit code.
// Adds the global flags, puts the examples into the help page and hands errors to run.ts untouched, so that
// stricli neither prints nor maps them. Commands import what they need when they run: start-up stays fast.
import { buildCommand } from '@stricli/core';
import type {
  BaseArgs,
  Command,
  CommandContext,
  FlagParametersForType,
  TypedPositionalParameters,
} from '@stricli/core';

import { HastackError } from '../model/error.ts';
import type { World } from './world.ts';

/** Flags that every command takes. Those without meaning for a command are not shown in its help. */
export interface GlobalFlags {
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly lab?: boolean;
  readonly limit?: readonly string[];
  readonly verbose?: boolean;
  readonly noColor?: boolean;
  readonly state?: string;
}

export interface CliContext extends CommandContext {
  readonly world: World;
  /** Colour is wanted and the terminal can show it. */
  readonly color: boolean;
  /** Words of the command line that is being completed; empty otherwise. */
  readonly words: readonly string[];
  /** The arguments as the user gave them, to run the same command elsewhere. */
  readonly argv: readonly string[];
  /** Completions for the last of these words; how the completion scripts of shells are answered. */
  readonly complete: (words: readonly string[]) => Promise<readonly Completion[]>;
  /** Where a command leaves its outcome for run.ts. */
  readonly outcome: { exitCode: number; error?: unknown };
}

export interface Completion {
  readonly completion: string;
  readonly brief: string;
}

export interface Call<F> {
  readonly flags: F & GlobalFlags;
  readonly world: World;
  readonly color: boolean;
  readonly argv: readonly string[];
  readonly complete: CliContext['complete'];
}

export interface Example {
  readonly command: string;
  readonly does: string;
}

/** A command without flags of its own. */
export type NoFlags = GlobalFlags;

/** An interface with any named members; a record type would refuse interfaces. */
type Flags<F> = Readonly<Partial<Record<keyof F, unknown>>>;

export interface CommandDeclaration<F extends Flags<F>, A extends BaseArgs> {
  readonly brief: string;
  /** What follows the command in the usage line, as in `[--strict] [SPEC]`. */
  readonly usage: string;
  /** What the help page says below the usage line: what it does, what it changes, its exit codes. */
  readonly description: string;
  readonly examples: readonly [Example, ...Example[]];
  /** Global flags that mean something to this command, besides --json, --verbose and --no-color. */
  readonly uses?: readonly (keyof GlobalFlags)[];
  readonly flags?: FlagParametersForType<NoInfer<F>, CliContext>;
  readonly aliases?: Readonly<Record<string, keyof F & string>>;
  readonly positional?: TypedPositionalParameters<NoInfer<A>, CliContext>;
  /** Returns the exit code (0 when nothing is returned). Throws HastackError for what the user can mend. */
  readonly run: (call: Call<F>, ...args: A) => Promise<number | void>;
}

const ALWAYS_SHOWN: readonly (keyof GlobalFlags)[] = ['json', 'verbose', 'noColor'];

export function command<F extends Flags<F> = NoFlags, A extends BaseArgs = []>(
  declaration: CommandDeclaration<F, A>,
): Command<CliContext> {
  const shown = new Set([...ALWAYS_SHOWN, ...(declaration.uses ?? [])]);
  const parameters = {
    flags: { ...declaration.flags, ...globalFlags(shown) },
    aliases: declaration.aliases ?? {},
    positional: declaration.positional ?? { kind: 'tuple', parameters: [] },
  };
  return buildCommand<F & GlobalFlags, A, CliContext>({
    docs: { brief: declaration.brief, fullDescription: helpText(declaration), customUsage: [declaration.usage] },
    // The generic parameters cannot be merged with the global flags in a way the compiler follows.
    parameters: parameters as never,
    async func(flags, ...args) {
      const { world, color, argv, complete, outcome } = this;
      try {
        refuseWithoutEffect(flags, declaration.uses ?? []);
        outcome.exitCode = (await declaration.run({ flags, world, color, argv, complete }, ...args)) ?? 0;
      } catch (error) {
        outcome.error = error;
      }
    },
  });
}

/** Flags that say what is acted on are never ignored: the user meant less than the command would do. */
function refuseWithoutEffect(flags: GlobalFlags, uses: readonly (keyof GlobalFlags)[]): void {
  for (const name of ['lab', 'limit'] as const) {
    if (flags[name] === undefined || flags[name] === false || uses.includes(name)) continue;
    throw new HastackError({
      code: 'usage',
      message: `--${name} has no effect here`,
      hint: 'leave it out; `--help` lists the flags of this command',
    });
  }
}

/** A flag that is there or not; without the `--no-` form that says what is the default anyway. */
export function toggle(brief: string) {
  return { kind: 'boolean', optional: true, withNegated: false, brief } as const;
}

type HelpTexts = Pick<CommandDeclaration<NoFlags, []>, 'description' | 'examples'>;

function helpText(declaration: HelpTexts): string {
  const width = Math.max(...declaration.examples.map((example) => example.command.length));
  const examples = declaration.examples.map((example) => `  ${example.command.padEnd(width)}  ${example.does}`);
  return [declaration.description, '', 'EXAMPLES', ...examples].join('\n');
}

function globalFlags(shown: ReadonlySet<keyof GlobalFlags>): Readonly<Record<keyof GlobalFlags, unknown>> {
  const global = (name: keyof GlobalFlags, brief: string) => ({ ...toggle(brief), hidden: !shown.has(name) });
  return {
    json: global('json', 'Print JSON and nothing else on standard output'),
    yes: global('yes', 'Do not ask; answer yes to what would be asked'),
    lab: global('lab', 'Act on the twins of this spec instead of the real hosts'),
    limit: {
      kind: 'parsed',
      parse: parseNames,
      optional: true,
      hidden: !shown.has('limit'),
      placeholder: 'host,…',
      brief: 'Only these hosts',
      proposeCompletions: proposeHosts,
    },
    verbose: global('verbose', 'Say more about what is done'),
    noColor: global('noColor', 'No colour, also on a terminal'),
    state: {
      kind: 'parsed',
      parse: parseName,
      optional: true,
      hidden: !shown.has('state'),
      placeholder: 'DIR',
      brief: 'State directory instead of .hastack/ beside the spec',
    },
  };
}

/** A list in one word, split here and not by stricli, which completes only its last item. */
function parseNames(text: string): readonly string[] {
  return text.split(',').map(parseName);
}

function parseName(text: string): string {
  if (text.trim() === '') throw new Error('must not be empty');
  return text.trim();
}

async function proposeHosts(this: CliContext, partial: string): Promise<readonly string[]> {
  const { hostNames } = await import('./propose.ts');
  return hostNames(this, partial);
}
