// When apply asks, and when it goes ahead or refuses without asking.
import { expect, it } from 'vitest';
import type { PlannedCluster } from '../engine/plan.ts';
import type { Change } from '../model/resource.ts';
import type { GlobalFlags } from './command.ts';
import { confirmPlan } from './confirm-plan.ts';
import { fakeWorld } from './fake-world.ts';

const update: Change = {
  host: 'ctl1',
  component: 'memcached',
  resource: 'file:/etc/memcached.conf',
  action: 'update',
  reason: 'content differs',
};
const dropped: Change = {
  host: 'ctl1',
  component: 'galera',
  resource: 'mariadb:database:old',
  action: 'delete',
  reason: 'must not exist',
};

function planned(changes: readonly Change[], factsHash = 'a'): PlannedCluster {
  const summary = { create: 0, update: changes.length, delete: 0, restart: 0, run: 0 };
  return {
    plan: { changes, summary, unread: [], refusals: [], notApplicable: [] },
    factsHash,
  } as unknown as PlannedCluster;
}

function setUp(interactive: boolean, answer = true, flags: GlobalFlags = {}) {
  const asked: string[] = [];
  const world = fakeWorld({ interactive });
  const ask = async (message: string): Promise<boolean> => {
    asked.push(message);
    return answer;
  };
  const confirm = confirmPlan({ flags, world, color: false }, { ask, around: (asking) => asking() });
  return { confirm, asked, world };
}

it('shows the plan and asks on a terminal, once for the same plan', async () => {
  const { confirm, asked, world } = setUp(true);
  await confirm(planned([update]));
  await confirm(planned([update]));
  expect(asked).toEqual(['Make 1 change on 1 host?']);
  expect(world.printed.out).toContain('/etc/memcached.conf');
  await confirm(planned([update], 'moved'));
  expect(asked.at(-1)).toBe('The hosts have changed meanwhile. Make 1 change on 1 host?');
});

it('changes nothing after a no', async () => {
  await expect(setUp(true, false).confirm(planned([update]))).rejects.toMatchObject({
    code: 'refused',
    message: 'nothing was changed',
  });
});

it('says in the question that data goes', async () => {
  const { confirm, asked } = setUp(true);
  await confirm(planned([update, dropped]));
  expect(asked[0]).toContain('data is DELETED: mariadb:database:old on ctl1');
});

it('asks nobody in a script, and refuses there only what deletes data', async () => {
  const { confirm, asked } = setUp(false);
  await confirm(planned([update]));
  await confirm(planned([{ ...dropped, resource: 'file:/etc/apt/sources.list' }]));
  await expect(confirm(planned([dropped]))).rejects.toMatchObject({
    code: 'refused',
    hint: expect.stringContaining('--yes') as string,
  });
  expect(asked).toEqual([]);
});

it.each([{ yes: true }, { lab: true }])('does not ask with %j', async (flags) => {
  const { confirm, asked } = setUp(true, false, flags);
  await confirm(planned([update, dropped]));
  expect(asked).toEqual([]);
});

it('counts per component what is too long to read', async () => {
  const { confirm, world } = setUp(true);
  const many = Array.from({ length: 200 }, (_, index) => ({
    ...update,
    host: `h${index}`,
    resource: `file:/etc/${index}`,
  }));
  await confirm(planned(many));
  expect(world.printed.out).toBe('  memcached: 200 changes on 200 hosts\n(each of them: hastack plan)\n');
});
