// The frames of the driver protocol (see driver.ts): writing ours, cutting its out of a byte stream.
// Pure. Text before the hello line (a chatty shell profile) is dropped, up to a limit.
// On a malformed stream `push` throws: the connection cannot be used any more.
import { DRIVER_HELLO } from './driver.ts';

const NOISE_LIMIT = 256 * 1024;

export interface HelloFrame {
  readonly kind: 'hello';
  readonly uid: number;
  /** Content of /etc/debian_version, `-` when there is none. */
  readonly debian: string;
}

export interface ResultFrame {
  readonly kind: 'result';
  readonly id: number;
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export type Frame = HelloFrame | ResultFrame;

export function runFrame(id: number, milliseconds: number, script: string): Buffer {
  const body = Buffer.from(script, 'utf8');
  return Buffer.concat([Buffer.from(`R ${id} ${Math.max(1, Math.ceil(milliseconds))} ${body.length}\n`), body]);
}

export function abortFrame(id: number): Buffer {
  return Buffer.from(`K ${id}\n`);
}

export const PING_FRAME = Buffer.from('P\n');

export class FrameReader {
  private chunks: Buffer[] = [];
  private size = 0;
  private wanted = 1;
  private greeted = false;

  /** Frames that are complete with these bytes. */
  push(chunk: Buffer): readonly Frame[] {
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.size < this.wanted) return [];
    let rest = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks);
    const frames: Frame[] = [];
    for (;;) {
      const taken = this.greeted ? this.takeResult(rest) : this.takeHello(rest);
      if (taken === undefined) break;
      rest = rest.subarray(taken.length);
      frames.push(taken.frame);
    }
    this.chunks = [rest];
    this.size = rest.length;
    return frames;
  }

  private takeHello(bytes: Buffer): { readonly frame: Frame; readonly length: number } | undefined {
    const start = bytes.indexOf(DRIVER_HELLO);
    const end = start < 0 ? -1 : bytes.indexOf('\n', start);
    if (end < 0) {
      if (bytes.length > NOISE_LIMIT) throw new Error('the far side prints much text before it says hello');
      this.wanted = bytes.length + 1;
      return undefined;
    }
    const line = bytes.toString('utf8', start, end);
    const match = /uid=(\d+) debian=(\S*)/.exec(line);
    if (match === null) throw new Error(`unexpected greeting: ${line}`);
    this.greeted = true;
    this.wanted = 1;
    return { frame: { kind: 'hello', uid: Number(match[1]), debian: match[2] ?? '-' }, length: end + 1 };
  }

  private takeResult(bytes: Buffer): { readonly frame: Frame; readonly length: number } | undefined {
    const end = bytes.indexOf('\n');
    if (end < 0) {
      if (bytes.length > 200) throw new Error('the far side sent something that is not a frame');
      this.wanted = bytes.length + 1;
      return undefined;
    }
    const match = /^O (\d+) (\d+) (\d+) (\d+)$/.exec(bytes.toString('latin1', 0, Math.min(end, 200)));
    if (match === null) throw new Error('the far side sent something that is not a frame');
    const [id = 0, code = 0, out = 0, err = 0] = match.slice(1).map(Number);
    const length = end + 1 + out + err;
    if (bytes.length < length) {
      this.wanted = length;
      return undefined;
    }
    this.wanted = 1;
    const stdout = bytes.subarray(end + 1, end + 1 + out);
    const stderr = bytes.subarray(end + 1 + out, length);
    return { frame: { kind: 'result', id, code, stdout, stderr }, length };
  }
}
