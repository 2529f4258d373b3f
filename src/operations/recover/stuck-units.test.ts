import { describe, expect, it } from 'vitest';
import { decideUnits, stuckUnits } from './stuck-units.ts';

describe('units that gave up', () => {
  it('are started again, each on its host; hosts that are away are passed over', () => {
    const decision = decideUnits([
      { host: 'ctl1', read: true, view: ['keystone', 'haproxy'] },
      { host: 'ctl2', read: true, view: [] },
      { host: 'ctl3', read: false, reason: 'no route', power: 'off' },
    ]);
    expect(decision).toMatchObject({
      kind: 'steps',
      evidence: ['ctl1: failed units: keystone, haproxy'],
      steps: [{ does: 'start keystone, which had failed' }, { does: 'start haproxy, which had failed' }],
    });
    expect(decideUnits([{ host: 'ctl1', read: true, view: [] }]).kind).toBe('nothing-to-do');
  });

  it('are looked for among those that should run on the host', () => {
    const recovery = stuckUnits(new Map([['ctl1', ['keystone', 'chrony']]]));
    expect(recovery.read('ctl1').text).toContain('for unit in keystone chrony; do');
    expect(recovery.parse('ctl1', 'keystone\n')).toEqual(['keystone']);
  });
});
