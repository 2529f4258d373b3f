// What must not be in a report, and what must stay.
import { describe, expect, it } from 'vitest';
import { masked } from './mask.ts';

describe('masked', () => {
  it.each([
    ['mysql+pymysql://keystone:hunter2@10.0.0.1/keystone', 'mysql+pymysql://keystone:***@10.0.0.1/keystone'],
    ["password = 'hunter2', next", "password = '***', next"],
    ['X-Auth-Token: abcdef', 'X-Auth-Token: ***'],
    ['Member 2 (ctl3) left: view 3', 'Member 2 (ctl3) left: view 3'],
  ])('%s', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });
});
