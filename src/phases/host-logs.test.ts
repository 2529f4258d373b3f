// The logs of a host as a session gives them: listed, packed one by one, the too long named.
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

import { FakeTransport } from '../remote/fake.ts';
import { hostLogs } from './host-logs.ts';

const packed = (text: string): string => gzipSync(text).toString('base64');

it('gives the journal and every log that was written lately', async () => {
  const answers: readonly (readonly [string, string])[] = [
    ['find /var/log', '1795262584.5 12 /var/log/mysql/error log\n1795262584 9 /var/log/huge.log\nend-of-facts\n'],
    ['journalctl', packed('2026-11-21T12:03:04+0000 ctl1 cron[7]: job\n')],
    ['error log', packed('line\n')],
    ['huge.log', 'A'.repeat(7 * 1024 * 1024 + 1)],
  ];
  const transport = new FakeTransport(
    new Map([
      [
        'ctl1',
        ({ text }) => ({ code: 0, stdout: answers.find(([part]) => text.includes(part))?.[1] ?? '', stderr: '' }),
      ],
    ]),
  );
  const skipped: string[] = [];
  const logs: (readonly [string, string])[] = [];
  const session = await transport.connect('ctl1');
  for await (const { path, blocks } of hostLogs(session, {
    hours: 2,
    now: 0,
    skip: ({ path: at }) => skipped.push(at),
  })) {
    let text = '';
    for await (const block of blocks) text += block;
    logs.push([path, text]);
  }
  expect(logs).toEqual([
    ['ctl1/var/log/journal.txt', '2026-11-21T12:03:04+0000 ctl1 cron[7]: job\n'],
    ['ctl1/var/log/mysql/error log', 'line\n'],
  ]);
  expect(skipped).toEqual(['ctl1/var/log/huge.log']);
});
