// What is done to the arguments before stricli sees them: global flags may stand before the command
// (`hastack --json check`), which stricli does not know, so they are moved behind it.
// Also reads the few flags that decide how an error is shown, even when the rest cannot be parsed.

const TOGGLES = ['--json', '--yes', '--lab', '--verbose', '--no-color'];
const WITH_VALUE = ['--limit', '--state'];

/** `--json check x -- y` → `check x --json -- y`. Arguments that begin with a command are returned as they are. */
export function hoistGlobalFlags(argv: readonly string[]): readonly string[] {
  let index = 0;
  for (; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (WITH_VALUE.includes(word)) index += 1;
    else if (!TOGGLES.includes(word) && !WITH_VALUE.some((flag) => word.startsWith(`${flag}=`))) break;
  }
  const leading = argv.slice(0, index);
  const rest = argv.slice(index);
  const escape = rest.indexOf('--');
  if (escape === -1) return [...rest, ...leading];
  return [...rest.slice(0, escape), ...leading, ...rest.slice(escape)];
}

export interface Presentation {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly noColor: boolean;
  /** `plan --detailed-exitcode`: 2 means changes, so that every error is 1. */
  readonly everyErrorIsOne: boolean;
}

/** The flags that decide about presentation; words after `--` belong to another program. */
export function presentationOf(argv: readonly string[]): Presentation {
  const escape = argv.indexOf('--');
  const own = escape === -1 ? argv : argv.slice(0, escape);
  return {
    json: own.includes('--json'),
    verbose: own.includes('--verbose'),
    noColor: own.includes('--no-color'),
    everyErrorIsOne: own.includes('--detailed-exitcode'),
  };
}
