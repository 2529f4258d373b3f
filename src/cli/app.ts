// The table of contents of the command line: every command, in the order the help page shows them.
// Commands whose name begins with `internal-` are how hastack calls itself; they are not for people.
import { buildApplication, buildRouteMap, formatMessageForArgumentScannerError, text_en } from '@stricli/core';
import type { Application, ApplicationText, ArgumentScannerError } from '@stricli/core';

import { applyCommand } from './apply.ts';
import { auditCommand } from './audit.ts';
import { backupCommand } from './backup.ts';
import { checkCommand } from './check.ts';
import type { CliContext } from './command.ts';
import { completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { drillCommand } from './drill.ts';
import { initCommand } from './init.ts';
import { internalCompleteCommand } from './internal-complete.ts';
import { internalProbeCommand } from './internal-probe.ts';
import { labRoutes } from './lab/routes.ts';
import { planCommand } from './plan.ts';
import { recoverCommand } from './recover.ts';
import { internalRehearseCommand, rehearseCommand } from './rehearse.ts';
import { restoreCommand } from './restore.ts';
import { schemaCommand } from './schema.ts';
import { stateRoutes } from './state/routes.ts';
import { simulateCommand } from './simulate.ts';
import { statusCommand } from './status.ts';
import { verifyCommand } from './verify.ts';

export interface AppSettings {
  readonly color: boolean;
  readonly version: () => Promise<string>;
}

export function buildApp({ color, version }: AppSettings): Application<CliContext> {
  return buildApplication(rootRoutes(), {
    name: 'hastack',
    versionInfo: { getCurrentVersion: version },
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    documentation: { disableAnsiColor: !color, caseStyle: 'convert-camel-to-kebab', onlyRequiredInUsageLine: true },
    localization: { text: TEXT },
    // Never used: commands keep their errors for run.ts. A throw that gets here is a bug.
    determineExitCode: () => 70,
  });
}

function rootRoutes() {
  return buildRouteMap({
    routes: {
      init: initCommand,
      schema: schemaCommand,
      check: checkCommand,
      simulate: simulateCommand,
      lab: labRoutes,
      plan: planCommand,
      apply: applyCommand,
      status: statusCommand,
      verify: verifyCommand,
      recover: recoverCommand,
      backup: backupCommand,
      restore: restoreCommand,
      state: stateRoutes,
      drill: drillCommand,
      rehearse: rehearseCommand,
      audit: auditCommand,
      doctor: doctorCommand,
      completion: completionCommand,
      'internal-complete': internalCompleteCommand,
      'internal-probe': internalProbeCommand,
      'internal-rehearse': internalRehearseCommand,
    },
    docs: {
      brief: BRIEF,
      fullDescription: DESCRIPTION,
      hideRoute: { 'internal-complete': true, 'internal-probe': true, 'internal-rehearse': true },
    },
  });
}

const BRIEF = 'A highly available OpenStack on plain Debian: rehearsed, deployed, drilled, recovered';

const DESCRIPTION = `${BRIEF}.

One file, the spec, describes the cluster. Commands that take it use ./cluster.yaml unless another is given.

EXAMPLES
  hastack init --preset three-controllers  writes a commented cluster.yaml
  hastack check                            says what is wrong in it, with line and remedy
  hastack lab up && hastack apply --lab    boots twins of its hosts and deploys to them
  hastack plan && hastack apply            the same on the real servers

EXIT CODES
  0 ok · 1 findings, or a failed, refused or inconclusive verdict · 2 usage or invalid spec
  3 no needed host could be reached · 4 apply failed or stopped, run it again · 5 another run holds the lock
  70 bug · 130 interrupted`;

const TEXT: ApplicationText = {
  ...text_en,
  briefs: {
    ...text_en.briefs,
    help: 'Print this page and exit',
    helpAll: 'Print this page with everything that is hidden, and exit',
    version: 'Print the version and exit',
    argumentEscapeSequence: 'What follows is an argument, even when it begins with a dash',
  },
  noCommandRegisteredForInput: ({ input, corrections }) =>
    `unknown command \`${input}\`${didYouMean(corrections.map((name) => name.replaceAll('`', '')))}`,
  exceptionWhileParsingArguments: (error) => describe(error),
};

function describe(error: unknown): string {
  return formatMessageForArgumentScannerError(error as ArgumentScannerError, {
    FlagNotFoundError: ({ input, corrections }) =>
      `unknown flag \`--${input.replace(/^--/, '')}\`${didYouMean(corrections, '--')}`,
    AliasNotFoundError: ({ input }) => `unknown flag \`-${input}\``,
    ArgumentParseError: ({ externalFlagNameOrPlaceholder, input, exception }) =>
      `${externalFlagNameOrPlaceholder} \`${input}\`: ${exception instanceof Error ? exception.message : String(exception)}`,
    UnsatisfiedFlagError: ({ externalFlagName }) => `--${externalFlagName} needs a value`,
    UnsatisfiedPositionalError: ({ placeholder }) => `${placeholder} is missing`,
    UnexpectedPositionalError: ({ expectedCount, input }) =>
      `\`${input}\` is one argument too many (${expectedCount === 0 ? 'none is' : `at most ${expectedCount}`} expected)`,
    UnexpectedFlagError: ({ externalFlagName, previousInput, input }) =>
      `--${externalFlagName} is given twice: \`${previousInput}\` and \`${input}\``,
  });
}

function didYouMean(corrections: readonly string[], prefix = ''): string {
  if (corrections.length === 0) return '';
  const names = corrections.map((name) => `\`${name.startsWith(prefix) ? '' : prefix}${name}\``);
  return `; did you mean ${names.join(' or ')}?`;
}
