import { describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { checksScript, parseChecks } from './health.ts';

const check = (name: string, script: string) => ({ component: 'x', check: { name, script } });

describe('health checks of a host', () => {
  it('run in a real shell side by side and keep their results apart', () => {
    const checks = [
      check('green', 'echo fine'),
      check('red', "echo 'it''s bad'; echo more; exit 3"),
      check('silent', 'true'),
      check('quoted', `set -- $(printf '%s' "a b"); echo "$2 'x'"`),
    ];
    const output = execFileSync('sh', ['-c', checksScript(checks)], { encoding: 'utf8' });
    expect(parseChecks('ctl1', checks, output).map(({ name, ok, detail }) => [name, ok, detail])).toEqual([
      ['green', true, 'fine'],
      ['red', false, 'its bad'],
      ['silent', true, ''],
      ['quoted', true, "b 'x'"],
    ]);
  });

  it('never show a script, which may hold a password, in an argument list', () => {
    const checks = [
      check('slow', "SECRET='hunter2'; tr '\\0' ' ' </proc/$$/cmdline; ps -eo args | grep -c '[h]unter2'"),
    ];
    const output = execFileSync('sh', ['-s'], { encoding: 'utf8', input: checksScript(checks) });
    expect(output).toMatch(/^0 \d+ sh -s/m);
    expect(output).not.toContain('hunter2');
  });

  it('are red when the host said nothing about them', () => {
    expect(parseChecks('ctl1', [check('a', 'true')], '')).toMatchObject([{ ok: false, detail: 'no answer' }]);
  });
});
