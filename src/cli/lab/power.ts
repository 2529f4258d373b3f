// hastack lab power: what a hand at the power button does to a server. Off is a power cut: cables first.
import type { PowerAction } from '../../lab/power.ts';
import { command } from '../command.ts';
import { hostArgument, openTwins, report, specFlag } from './twins.ts';
import type { SpecFlag } from './twins.ts';

const ACTIONS: readonly PowerAction[] = ['on', 'off', 'reset'];

export const labPowerCommand = command<SpecFlag, [PowerAction, string]>({
  brief: 'Cut, restore or reset the power of a twin',
  usage: 'on|off|reset [--spec SPEC] HOST',
  description: [
    'off is a power cut: the links go first, so that nothing says good-bye, then every process is gone at once.',
    'on and reset return when the twin can be reached again.',
  ].join('\n'),
  examples: [
    { command: 'hastack lab power off ctl1', does: 'as if the cable was pulled' },
    { command: 'hastack lab power on ctl1', does: 'boots it again' },
  ],
  uses: ['state'],
  flags: { spec: specFlag },
  positional: {
    kind: 'tuple',
    parameters: [
      {
        parse: parseAction,
        placeholder: 'ACTION',
        brief: ACTIONS.join(', '),
        proposeCompletions: (partial: string) => ACTIONS.filter((action) => action.startsWith(partial)),
      },
      hostArgument,
    ],
  },
  async run(call, action, host) {
    const { power } = await import('../../lab/power.ts');
    const { lab } = await openTwins(call, call.flags.spec);
    await power(lab, host, action);
    report(call, { host, power: action === 'off' ? 'off' : 'on' }, `${host} is ${action === 'off' ? 'off' : 'on'}`);
  },
});

function parseAction(text: string): PowerAction {
  const action = ACTIONS.find((name) => name === text);
  if (action === undefined) throw new Error(`is not one of ${ACTIONS.join(', ')}`);
  return action;
}
