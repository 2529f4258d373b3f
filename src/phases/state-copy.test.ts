// What is read of a copy on a host: it counts only when it is as it was written.
import { expect, it } from 'vitest';
import { parseCopy } from './state-copy.ts';

it('counts a copy only when it is whole', () => {
  const sum = 'b'.repeat(64);
  const about = `${'a'.repeat(64)} ${sum} 2026-06-01T00:00:00.000Z`;
  const path = '/var/lib/hastack/state/campus.age';
  expect(parseCopy(`${about}\n${sum}  ${path}\n`)).toEqual({
    hash: 'a'.repeat(64),
    time: '2026-06-01T00:00:00.000Z',
    whole: true,
  });
  expect(parseCopy(`${about}\n${'c'.repeat(64)}  ${path}\n`).whole).toBe(false);
  expect(parseCopy(`${about}\n`).whole).toBe(false);
  expect(parseCopy('none\n')).toEqual({ hash: '', time: '', whole: false });
});
