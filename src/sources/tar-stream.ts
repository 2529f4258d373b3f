// Reads a tar archive of any size from a stream, a member at a time, in bounded memory.
//
// Each member's data must be read (or left) before the next is asked for: what is left is skipped. Never throws for a
// damaged archive: it ends there, and `problem` says why. Formats as in tar.ts.
import { BLOCK, checksumFits, octal, paxPath, textAt } from './tar.ts';

export interface TarMember {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly mode: number;
  readonly size: number;
  readonly data: AsyncIterable<Uint8Array>;
}

/** Names are a few hundred bytes. */
const LONGEST_NAME = 1024 * 1024;

export async function* tarMembers(
  chunks: AsyncIterable<Uint8Array>,
  report: (problem: string) => void,
): AsyncGenerator<TarMember> {
  const bytes = new ByteReader(chunks);
  let longName: string | undefined;
  for (;;) {
    const header = await bytes.take(BLOCK);
    if (header.every((byte) => byte === 0)) return;
    if (header.length < BLOCK || !checksumFits(header)) return report('the archive is damaged here');
    const size = octal(header, 124, 12);
    const padding = Math.ceil(size / BLOCK) * BLOCK - size;
    const flag = String.fromCodePoint(header[156] ?? 0);
    if (flag === 'L' || flag === 'x') {
      if (size > LONGEST_NAME) return report('the archive is damaged here');
      const data = await bytes.take(size);
      longName = flag === 'L' ? textAt(data, 0, size) : (paxPath(data) ?? longName);
      await bytes.skip(padding);
      continue;
    }
    const prefix = textAt(header, 257, 5) === 'ustar' ? textAt(header, 345, 155) : '';
    const name = longName ?? [prefix, textAt(header, 0, 100)].filter((part) => part !== '').join('/');
    longName = undefined;
    const body = bytes.stream(size);
    if ('0\0'.includes(flag)) {
      const modified = octal(header, 136, 12) * 1000;
      yield { name, modified, mode: octal(header, 100, 8) & 0o7777, size, data: body };
    }
    for await (const _ of body);
    await bytes.skip(padding);
  }
}

class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Exactly so many bytes; fewer at the end. */
  async take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const part of this.stream(length)) parts.push(part.slice());
    return Buffer.concat(parts);
  }

  async skip(length: number): Promise<void> {
    for await (const _ of this.stream(length));
  }

  /** One stream for so many bytes: reading it again goes on where the first reader stopped. */
  stream(length: number): AsyncIterable<Uint8Array> {
    let left = length;
    const next = async (): Promise<IteratorResult<Uint8Array>> => {
      if (left <= 0) return { done: true, value: undefined };
      if (this.#rest.length === 0) {
        const chunk = await this.#chunks.next();
        if (chunk.done === true) {
          left = 0;
          return { done: true, value: undefined };
        }
        this.#rest = chunk.value;
      }
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      return { done: false, value: part };
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }
}
