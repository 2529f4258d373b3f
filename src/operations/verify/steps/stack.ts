// A Heat stack. The wait condition's handle makes Heat create a user of its own domain, which shows that the trustee
// set-up of the orchestration service works; the network shows that it acts on behalf of our user.
import { awaitState, need } from '../bench.ts';
import type { VerifyStep } from '../step.ts';

function templateFor(name: string): unknown {
  return {
    heat_template_version: '2021-04-16',
    resources: {
      network: { type: 'OS::Neutron::Net', properties: { name } },
      handle: { type: 'OS::Heat::WaitConditionHandle' },
    },
  };
}

interface Stack {
  readonly id: string;
  readonly stack_status: string;
  readonly stack_status_reason?: string;
}

export const stackStep: VerifyStep = {
  name: 'stack',
  services: ['heat', 'neutron'],
  after: ['account'],
  deadlineSeconds: 240,
  act: async (bench, signal) => {
    const user = need(bench, 'user');
    const name = bench.name('stack');
    const { stack } = await user.request<{ readonly stack: Stack }>('orchestration', {
      method: 'POST',
      path: '/stacks',
      body: { stack_name: name, template: templateFor(name), timeout_mins: 5 },
      signal,
    });
    await awaitState(bench, {
      what: 'the stack to be complete',
      seconds: 180,
      signal,
      look: async () => {
        const seen = await user.request<{ readonly stack: Stack }>('orchestration', {
          path: `/stacks/${name}/${stack.id}`,
          signal,
        });
        return seen.stack;
      },
      until: ({ stack_status: status, stack_status_reason: reason }) => {
        if (status.endsWith('_FAILED')) throw new Error(`the stack is ${status}: ${reason ?? 'no reason'}`);
        return status === 'CREATE_COMPLETE' || `it is ${status}`;
      },
    });
    return 'a network and a wait condition, complete';
  },
};
