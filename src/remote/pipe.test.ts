// Streams to and from a real `sh`: they are whole, or they are an error.
import { createHash } from 'node:crypto';
import { PassThrough, Readable, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { systemClock } from '../lib/system-clock.ts';
import { localPipe } from './pipe.ts';

const pipe = localPipe(systemClock);

function sink(): { readonly stream: Writable; readonly hash: () => string; bytes: number } {
  const hash = createHash('sha256');
  const taken = {
    bytes: 0,
    hash: () => hash.digest('hex'),
    stream: new Writable({
      write(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        taken.bytes += chunk.length;
        done();
      },
    }),
  };
  return taken;
}

it('carries megabytes both ways', async () => {
  const data = Buffer.alloc(5_000_000, 'abcdefg');
  const taken = sink();
  await pipe({
    host: 'here',
    program: 'gzip -1 | gzip -dc',
    input: Readable.from([data]),
    output: taken.stream,
    silenceSeconds: 60,
  });
  expect(taken.bytes).toBe(data.length);
  expect(taken.hash()).toBe(createHash('sha256').update(data).digest('hex'));
});

it.each([
  {
    name: 'fails after it wrote',
    program: 'echo data; echo "the disk is full" >&2; exit 3',
    message: 'here: the disk is full',
  },
  { name: 'says nothing', program: 'exit 4', message: 'the program ended with status 4' },
])('rejects when the program $name', async ({ program, message }) => {
  await expect(pipe({ host: 'here', program, output: sink().stream, silenceSeconds: 60 })).rejects.toThrow(message);
});

it('tells why a program ended, not that its pipe broke', async () => {
  const input = Readable.from([Buffer.alloc(1_000_000)]);
  const program = 'echo "no room" >&2; exit 1';
  await expect(pipe({ host: 'here', program, input, silenceSeconds: 60 })).rejects.toThrow('here: no room');
});

it('rejects when what it sends breaks off, and ends the program', async () => {
  const input = new PassThrough();
  input.write('half');
  setTimeout(() => input.destroy(new Error('the file is damaged')), 50);
  await expect(pipe({ host: 'here', program: 'cat >/dev/null', input, silenceSeconds: 60 })).rejects.toThrow(
    'the file is damaged',
  );
});

it('rejects when nobody can take what comes', async () => {
  const output = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space left on device')) });
  await expect(pipe({ host: 'here', program: 'yes', output, silenceSeconds: 60 })).rejects.toThrow('no space left');
});

it('ends a stream on which nothing moves, and one that is aborted', async () => {
  await expect(pipe({ host: 'here', program: 'sleep 600', silenceSeconds: 1 })).rejects.toThrow(
    'nothing moved for 1 s',
  );
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 100);
  await expect(
    pipe({ host: 'here', program: 'sleep 600', silenceSeconds: 60, signal: stop.signal }),
  ).rejects.toMatchObject({ code: 'interrupted' });
});
