// Reads tar archives (ustar, GNU long names, pax paths) from memory; gzip is taken off by the caller.
//
// Pure. Never throws: a damaged archive gives what stands before the damage and says so. Only regular files and
// links matter; names are kept as written, and nothing is ever written to disk. POSIX.1-2001 pax(1).

export interface TarEntry {
  readonly name: string;
  readonly type: 'file' | 'link';
  readonly data: Uint8Array;
  readonly target: string;
  readonly mode: number;
}

export interface TarContents {
  readonly entries: readonly TarEntry[];
  readonly problem?: string;
}

export const BLOCK = 512;

export function readTar(bytes: Uint8Array): TarContents {
  const entries: TarEntry[] = [];
  let longName: string | undefined;
  for (let offset = 0; offset + BLOCK <= bytes.length;) {
    const header = bytes.subarray(offset, offset + BLOCK);
    if (header.every((byte) => byte === 0)) return { entries };
    if (!checksumFits(header)) return { entries, problem: `not a tar archive at byte ${offset}` };
    const size = octal(header, 124, 12);
    const data = bytes.subarray(offset + BLOCK, offset + BLOCK + size);
    if (data.length < size) return { entries, problem: 'the archive ends in the middle of a file' };
    offset += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const flag = String.fromCodePoint(header[156] ?? 0);
    if (flag === 'L') longName = textAt(data, 0, size);
    else if (flag === 'x') longName = paxPath(data) ?? longName;
    else {
      const prefix = textAt(header, 257, 5) === 'ustar' ? textAt(header, 345, 155) : '';
      const name = longName ?? [prefix, textAt(header, 0, 100)].filter((part) => part !== '').join('/');
      longName = undefined;
      const type = '0\0'.includes(flag) ? 'file' : flag === '2' || flag === '1' ? 'link' : undefined;
      const target = textAt(header, 157, 100);
      if (type !== undefined) entries.push({ name, type, data, target, mode: octal(header, 100, 8) });
    }
  }
  return { entries, problem: bytes.length < BLOCK ? 'not a tar archive' : 'the archive has no end mark' };
}

export function checksumFits(header: Uint8Array): boolean {
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
  return sum === octal(header, 148, 8);
}

export function octal(bytes: Uint8Array, offset: number, length: number): number {
  const digits = /^[ ]*([0-7]*)/.exec(textAt(bytes, offset, length))?.[1] ?? '';
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

export function textAt(bytes: Uint8Array, offset: number, length: number): string {
  const field = bytes.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

/** The `path` of records such as `25 path=some/long/name\n`. */
export function paxPath(data: Uint8Array): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]+)\n/.exec(new TextDecoder().decode(data))?.[1];
}
