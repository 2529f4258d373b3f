// Fetching the configuration of hosts: those that answer are read, those that do not are named.
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

import { FakeTransport } from '../remote/fake.ts';
import { fetchConfiguration } from './audit-hosts.ts';

const ANSWER = `${gzipSync(Buffer.alloc(1024)).toString('base64')}\n== digests\n== packages\nend-of-facts\n`;

it('reads the hosts that answer and names the one that does not', async () => {
  const handler = () => ({ code: 0, stdout: ANSWER, stderr: '' });
  const transport = new FakeTransport(
    new Map([
      ['a', handler],
      ['b', handler],
    ]),
  );
  transport.cut('b');
  const { tree, reached, unreachable } = await fetchConfiguration(transport, ['a', 'b']);
  expect(reached).toEqual(['a']);
  expect([...unreachable.keys()]).toEqual(['b']);
  expect(tree.files.map(({ path }) => path)).toEqual(['a/var/lib/dpkg/status']);
});
