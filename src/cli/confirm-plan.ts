// Before apply acts: on a terminal it shows the plan and asks, unless --yes was given, a stored plan is applied or only
// twins are touched. Nobody is asked in scripts: deployments and changes go ahead, as with --yes; only a plan that
// deletes data is refused there without it. What was agreed to is asked again when it is another plan under the lock.
import type { PlannedCluster } from '../engine/plan.ts';
import { plural } from '../lib/text.ts';
import { HastackError } from '../model/error.ts';
import type { Change, Plan } from '../model/resource.ts';
import type { Call } from './command.ts';

/** Longer plans are shown as a count per component: nobody reads three hundred lines before a yes. */
const MOST_CHANGES = 60;
const DIFF_LINES = 12;

export interface Question {
  /** Makes room on the terminal, and gives it back afterwards. */
  readonly around: <T>(ask: () => Promise<T>) => Promise<T>;
  /** Asks yes or no. */
  readonly ask: (message: string) => Promise<boolean>;
}

export function confirmPlan(
  call: Pick<Call<object>, 'flags' | 'world' | 'color'>,
  question: Question,
): (planned: PlannedCluster) => Promise<void> {
  const { flags, world } = call;
  let agreed: string | undefined;
  return async ({ plan, factsHash }) => {
    if (flags.yes || plan.changes.length === 0 || factsHash === agreed) return;
    const lost = plan.changes.filter(deletesData);
    if (!world.interactive || flags.json) {
      if (lost.length === 0) return;
      throw refused(
        `${plural(lost.length, 'change')} would delete data: ${lost.map(changeText).join(', ')}`,
        'look at `hastack plan`; when it is meant, say --yes',
      );
    }
    if (flags.lab) return;
    const yes = await question.around(async () => {
      world.stdout.write(await planText(plan, call.color));
      return question.ask(questionText(plan, lost, agreed !== undefined));
    });
    if (!yes) throw refused('nothing was changed', 'run it again when you are ready; --yes does not ask');
    agreed = factsHash;
  };
}

/** What is gone for good when it is done: rows, messages, objects of the cloud, files of services. */
function deletesData({ action, resource }: Pick<Change, 'action' | 'resource'>): boolean {
  return (
    action === 'delete' && /^(mariadb:database|keystone|rabbitmq:(vhost|queue)|file:\/(var\/lib|srv)\/)/.test(resource)
  );
}

async function planText(plan: Plan, color: boolean): Promise<string> {
  const [{ renderPlan }, { styleFor }] = await Promise.all([import('../render/plan.ts'), import('../render/style.ts')]);
  if (plan.changes.length <= MOST_CHANGES) return renderPlan(plan, { style: styleFor(color), diffLines: DIFF_LINES });
  const components = [...new Set(plan.changes.map((change) => change.component))];
  const lines = components.map((component) => {
    const own = plan.changes.filter((change) => change.component === component);
    const hosts = [...new Set(own.map((change) => change.host))];
    return `  ${component}: ${plural(own.length, 'change')} on ${hosts.length > 3 ? plural(hosts.length, 'host') : hosts.join(', ')}\n`;
  });
  return `${lines.join('')}(each of them: hastack plan)\n`;
}

function questionText(plan: Plan, lost: readonly Change[], again: boolean): string {
  const hosts = new Set(plan.changes.map((change) => change.host)).size;
  const what = `${plural(plan.changes.length, 'change')} on ${plural(hosts, 'host')}`;
  const deletes = lost.length === 0 ? '' : `; data is DELETED: ${lost.map(changeText).join(', ')}`;
  return `${again ? 'The hosts have changed meanwhile. ' : ''}Make ${what}${deletes}?`;
}

function changeText({ host, resource }: Change): string {
  return `${resource} on ${host}`;
}

function refused(message: string, hint: string): HastackError {
  return new HastackError({ code: 'refused', message, hint });
}
