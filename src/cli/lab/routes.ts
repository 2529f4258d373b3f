// hastack lab: twin hosts on this machine, and what can be done to them.
import { buildRouteMap } from '@stricli/core';

import { labCutCommand } from './cut.ts';
import { labDownCommand } from './down.ts';
import { labHealCommand } from './heal.ts';
import { labLossCommand } from './loss.ts';
import { labPartitionCommand } from './partition.ts';
import { labPowerCommand } from './power.ts';
import { labShellCommand } from './shell.ts';
import { labStatusCommand } from './status.ts';
import { labUpCommand } from './up.ts';

const BRIEF = 'Twin hosts on this machine: boot, break, heal, remove';

export const labRoutes = buildRouteMap({
  routes: {
    up: labUpCommand,
    down: labDownCommand,
    status: labStatusCommand,
    heal: labHealCommand,
    power: labPowerCommand,
    cut: labCutCommand,
    partition: labPartitionCommand,
    loss: labLossCommand,
    shell: labShellCommand,
  },
  docs: {
    brief: BRIEF,
    fullDescription: `${BRIEF}.

Twins have the addresses of the spec in a network namespace of their own. They need root and Linux.

EXAMPLES
  hastack lab up                twins of ./cluster.yaml
  hastack apply --lab           deploys to them
  hastack lab power off ctl1    a power cut
  hastack lab heal              undoes every fault
  hastack lab down              removes them`,
  },
});
