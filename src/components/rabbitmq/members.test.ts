import { describe, expect, it } from 'vitest';
import { parseMember } from './members.ts';

const nodes = (...up: readonly boolean[]) =>
  JSON.stringify(up.map((running, index) => ({ name: `rabbit@ctl${index + 1}`, type: 'disc', running })));

describe('what a RabbitMQ member says of itself', () => {
  it.each([
    {
      name: 'serves with all',
      output: `unit active\ntrace\nnodes ${nodes(true, true, true)}\n`,
      expected: { running: true, trace: true },
    },
    {
      name: 'serves with a majority',
      output: `unit active\ntrace\nnodes ${nodes(true, true, false)}\n`,
      expected: { running: true },
    },
    {
      name: 'sees no majority',
      output: `unit active\ntrace\nnodes ${nodes(true, false, false)}\n`,
      expected: { running: false },
    },
    {
      name: 'does not see itself',
      output: `unit active\ntrace\nnodes ${nodes(false, true, true)}\n`,
      expected: { running: false },
    },
    { name: 'was never started', output: 'unit inactive\nnodes \n', expected: { running: false, trace: false } },
    {
      name: 'has data and is down',
      output: 'unit inactive\ntrace\nnodes \n',
      expected: { running: false, trace: true },
    },
    {
      name: 'refuses the administrator',
      output: 'unit active\ntrace\nnodes {"error":"not_authorised"}\n',
      expected: { running: false },
    },
    {
      name: 'sees a partition',
      output:
        'unit active\ntrace\nnodes [{"name":"rabbit@ctl1","running":true,"partitions":["rabbit@ctl3"]},{"name":"rabbit@ctl2","running":true}]\n',
      expected: { running: false, detail: 'active, sees 2 of 2 nodes, partitioned from rabbit@ctl3' },
    },
  ])('$name', ({ output, expected }) => {
    expect(parseMember('ctl1', output)).toMatchObject(expected);
  });
});
